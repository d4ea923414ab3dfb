import { ChangeDetectionStrategy, Component, computed } from '@angular/core';

import { Stage } from '../../stage/stage';
import { StageView } from '../../stage/stage-view';
import { Autosave } from './autosave';
import { statusAt } from './outcome';

@Component({
  selector: 'app-autosave-page',
  imports: [StageView],
  template: `
    <app-stage
      [stage]="stage"
      heading="A draft must survive a failing server"
      runLabel="Type twelve edits"
      recipe="docs/angular.md"
    >
      <span lead>
        The server refuses saves with 503 for 0.7 s when the edits 4 to 6 come, and again from edit 10 on, so that you need not
        wait for bad luck. No edit may be lost.
      </span>
      <label above-lanes class="editor">
        <span>The editor: you can type here too, ten letters or more</span>
        <textarea
          #editor
          rows="1"
          maxlength="400"
          aria-describedby="status"
          [value]="autosave.text()"
          (input)="type(editor.value)"
        ></textarea>
      </label>
      <p above-lanes class="status" id="status">{{ status() }}</p>
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

    .status {
      height: 1.5em;
      margin: 0;
      overflow: hidden;
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.8125rem;
      font-variant-numeric: tabular-nums;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AutosavePage {
  protected readonly autosave = new Autosave();
  protected readonly stage = new Stage(this.autosave);
  protected readonly status = computed(() =>
    statusAt(this.stage.recording()?.moments() ?? [], this.stage.now(), this.stage.contestant().backOff),
  );
  private isTyping = false;

  /** The first letter starts a run. */
  protected type(text: string): void {
    if (!this.isTyping || !this.stage.isRunning()) {
      this.autosave.expectTyping();
      this.stage.run();
      this.isTyping = true;
    }
    this.autosave.type(text);
  }
}
