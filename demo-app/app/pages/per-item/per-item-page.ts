import { ChangeDetectionStrategy, Component, computed } from '@angular/core';

import { Stage } from '../../stage/stage';
import { StageView } from '../../stage/stage-view';
import { waysToCancel } from './contestants';
import { Items } from './items';

@Component({
  selector: 'app-per-item-page',
  imports: [StageView],
  template: `
    <app-stage [stage]="stage" runLabel="Make 14 edits" recipe="docs/angular.md">
      <fieldset above-lanes [disabled]="!hasOption()">
        <legend>onCancel, the option of serializeRequests: a cancelled save that was sent</legend>
        @for (way of ways; track way) {
          <label>
            <input type="radio" name="on-cancel" [checked]="items.onCancel() === way" (change)="setOnCancel(way)" />
            {{ way === 'finish' ? 'runs to its answer (finish)' : 'is aborted (abort)' }}
          </label>
        }
      </fieldset>
    </app-stage>
  `,
  styles: `
    fieldset {
      display: flex;
      flex-wrap: wrap;
      gap: 0 16px;
      margin: 0;
      padding: 0;
      border: 0;
      font-size: 0.8125rem;
    }

    input {
      accent-color: var(--mat-sys-primary);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PerItemPage {
  protected readonly ways = waysToCancel;
  protected readonly items = new Items();
  protected readonly stage = new Stage(this.items);
  protected readonly hasOption = computed(() => this.stage.contestant() === this.items.serialized);

  protected setOnCancel(way: string): void {
    this.items.onCancel.set(way);
    this.stage.settingsChanged();
  }
}
