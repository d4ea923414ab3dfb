import { ChangeDetectionStrategy, Component } from '@angular/core';

import { Stage } from '../../stage/stage';
import { StageView } from '../../stage/stage-view';
import { Offline } from './offline';

@Component({
  selector: 'app-offline-page',
  imports: [StageView],
  template: `
    <app-stage [stage]="stage" runLabel="Ride through a tunnel" recipe="docs/angular.md">
      <label controls class="switch">
        <input #connection type="checkbox" role="switch" [checked]="offline.isUp()" (change)="offline.flip(connection.checked)" />
        <span class="track" aria-hidden="true"></span>
        Connection
      </label>
      <label controls class="hand">
        <input #hand type="checkbox" [checked]="offline.settings.cut() === 'hand'" (change)="cutByHand(hand.checked)" />
        Cut only by hand
      </label>
    </app-stage>
  `,
  styles: `
    .switch,
    .hand {
      display: inline-flex;
      gap: 8px;
      align-items: center;
      min-height: 40px;
      cursor: pointer;
    }

    .hand input {
      width: 18px;
      height: 18px;
      margin: 0;
      accent-color: var(--mat-sys-primary);
    }

    .switch {
      position: relative;

      input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
    }

    .track {
      position: relative;
      box-sizing: border-box;
      width: 44px;
      height: 26px;
      border: 2px solid var(--mat-sys-outline);
      border-radius: 999px;
      background: var(--mat-sys-surface-container-highest);
    }

    .track::after {
      content: '';
      position: absolute;
      top: 4px;
      left: 4px;
      width: 14px;
      height: 14px;
      border-radius: 50%;
      background: var(--mat-sys-outline);
      transition: translate 120ms;
    }

    input:checked + .track {
      border-color: var(--mat-sys-primary);
      background: var(--mat-sys-primary);
    }

    input:checked + .track::after {
      translate: 18px;
      background: var(--mat-sys-on-primary);
    }

    input:focus-visible + .track {
      outline: 3px solid var(--mat-sys-primary);
      outline-offset: 2px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OfflinePage {
  protected readonly offline = new Offline();
  protected readonly stage = new Stage(this.offline);

  protected cutByHand(isByHand: boolean): void {
    this.offline.settings.cut.set(isByHand ? 'hand' : 'script');
    this.stage.settingsChanged();
  }
}
