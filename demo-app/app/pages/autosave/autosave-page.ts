import { ChangeDetectionStrategy, Component, computed } from '@angular/core';

import { Editor } from '../../editor/editor';
import { Stage } from '../../stage/stage';
import { StageView } from '../../stage/stage-view';
import { Autosave } from './autosave';
import { statusAt } from './outcome';

@Component({
  selector: 'app-autosave-page',
  imports: [Editor, StageView],
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
      <app-editor
        above-lanes
        label="The editor: you can type here too, ten letters or more"
        describedBy="status"
        [typing]="autosave.typing"
        [stage]="stage"
      />
      <p above-lanes class="status" id="status">{{ status() }}</p>
    </app-stage>
  `,
  styles: `
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
}
