import { ChangeDetectionStrategy, Component } from '@angular/core';

import { Editor } from '../../editor/editor';
import { Stage } from '../../stage/stage';
import { StageView } from '../../stage/stage-view';
import { Saves } from './saves';

@Component({
  selector: 'app-stale-saves-page',
  imports: [Editor, StageView],
  template: `
    <app-stage [stage]="stage" runLabel="Type twelve edits" recipe="docs/angular.md">
      <app-editor above-lanes label="The editor: you can type here too" [typing]="saves.typing" [stage]="stage" />
    </app-stage>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StaleSavesPage {
  protected readonly saves = new Saves();
  protected readonly stage = new Stage(this.saves);
}
