import { ChangeDetectionStrategy, Component } from '@angular/core';

import { Stage } from '../../stage/stage';
import { StageView } from '../../stage/stage-view';
import { Saves } from './saves';

@Component({
  selector: 'app-stale-saves-page',
  imports: [StageView],
  template: `
    <app-stage
      [stage]="stage"
      heading="An older save must never overwrite a newer one"
      runLabel="Type twelve edits"
      recipe="docs/angular.md"
    >
      <span lead>
        An editor saves while the user types. Every fourth save is slow, so that you need not wait for bad luck. The server
        commits in the order in which it gets ready.
      </span>
      <label above-lanes class="editor">
        <span>The editor: you can type here too</span>
        <textarea #editor rows="1" maxlength="400" [value]="saves.text()" (input)="type(editor.value)"></textarea>
      </label>
    </app-stage>
  `,
  styles: `
    .editor {
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
export class StaleSavesPage {
  protected readonly saves = new Saves();
  protected readonly stage = new Stage(this.saves);
  private isTyping = false;

  /** The first letter starts a run. */
  protected type(text: string): void {
    if (!this.isTyping || !this.stage.isRunning()) {
      this.saves.expectTyping();
      this.stage.run();
      this.isTyping = true;
    }
    this.saves.type(text);
  }
}
