import { ChangeDetectionStrategy, Component } from '@angular/core';

import { Editor } from '../../editor/editor';
import { Stage } from '../../stage/stage';
import { StageView } from '../../stage/stage-view';
import { Saves } from './saves';

@Component({
  selector: 'app-stale-saves-page',
  imports: [Editor, StageView],
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
      <app-editor above-lanes label="The editor: you can type here too" [typing]="saves.typing" [stage]="stage" />
    </app-stage>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StaleSavesPage {
  protected readonly saves = new Saves();
  protected readonly stage = new Stage(this.saves);
}
