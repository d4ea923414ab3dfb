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
    <app-stage [stage]="stage" runLabel="Type twelve edits" recipe="docs/angular.md">
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
