import { ChangeDetectionStrategy, Component, input } from '@angular/core';

import type { Stage } from '../stage/stage';
import type { Typing } from './typing';

/** The editor of a page: the script types in it, or the user does. */
@Component({
  selector: 'app-editor',
  template: `
    <label>
      <span>{{ label() }}</span>
      <textarea
        #editor
        rows="1"
        maxlength="400"
        [attr.aria-describedby]="describedBy()"
        [value]="typing().text()"
        (input)="typing().type(editor.value, stage())"
      ></textarea>
    </label>
  `,
  styles: `
    label {
      display: grid;
      gap: 2px;
      font-size: 0.8125rem;
    }

    textarea {
      box-sizing: border-box;
      width: 100%;
      padding: 8px 12px;
      border: 1px solid var(--mat-sys-outline);
      border-radius: 8px;
      background: transparent;
      color: inherit;
      font: var(--mat-sys-body-large);
      resize: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Editor {
  readonly label = input.required<string>();
  readonly typing = input.required<Typing>();
  readonly stage = input.required<Pick<Stage, 'isRunning' | 'run'>>();
  /** The id of the element that says more. */
  readonly describedBy = input<string>();
}
