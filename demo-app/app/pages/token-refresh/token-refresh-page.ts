import { ChangeDetectionStrategy, Component } from '@angular/core';

import { Choice } from '../../shared/choice';
import { Stage } from '../../stage/stage';
import { StageView } from '../../stage/stage-view';
import { Refresh, troubles } from './refresh';

@Component({
  selector: 'app-token-refresh-page',
  imports: [Choice, StageView],
  template: `
    <app-stage [stage]="stage" runLabel="Send twenty requests" recipe="docs/angular.md">
      <app-choice
        controls
        label="What goes wrong"
        [options]="troubles"
        [chosen]="refresh.trouble()"
        (choose)="chooseTrouble($event)"
      />
    </app-stage>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TokenRefreshPage {
  protected readonly refresh = new Refresh();
  protected readonly stage = new Stage(this.refresh);
  protected readonly troubles = troubles;

  protected chooseTrouble(trouble: string): void {
    this.refresh.trouble.set(trouble);
    this.stage.settingsChanged();
  }
}
