import { ChangeDetectionStrategy, Component, computed } from '@angular/core';
import { MatButton } from '@angular/material/button';

import { Stage } from '../../stage/stage';
import { StageView } from '../../stage/stage-view';
import { Cap, capacities, highest, lowest } from './cap';

@Component({
  selector: 'app-cap-page',
  imports: [MatButton, StageView],
  template: `
    <app-stage [stage]="stage" runLabel="Upload 16 files" recipe="docs/angular.md">
      <div above-lanes class="board">
        <label class="cap">
          <span
            >Cap: <strong>{{ cap.bound() }}</strong> units</span
          >
          <input
            #slider
            type="range"
            [min]="lowest"
            [max]="highest"
            [value]="cap.bound()"
            [disabled]="!hasCap()"
            (input)="cap.move(slider.value)"
            (change)="moved()"
          />
        </label>
        <button
          class="pause"
          matButton="outlined"
          type="button"
          [disabled]="!canPause()"
          (click)="cap.isPaused() ? cap.resume() : cap.pause()"
        >
          {{ cap.isPaused() ? 'Resume' : 'Pause' }}
        </button>
        <label class="urgent">
          <input #urgent type="checkbox" [checked]="cap.isUrgent()" (change)="setUrgent(urgent.checked)" /> Save has priority
        </label>
        <fieldset>
          <legend>The server does at once</legend>
          @for (capacity of capacities; track capacity) {
            <label>
              <input type="radio" name="server" [checked]="cap.capacity() === capacity" (change)="setCapacity(capacity)" />
              {{ capacity }} units
            </label>
          }
        </fieldset>
      </div>
    </app-stage>
  `,
  styles: `
    .board {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 20px;
      align-items: center;
      font-size: 0.8125rem;
    }

    .cap {
      display: grid;
      flex: 1 1 180px;
    }

    input {
      accent-color: var(--mat-sys-primary);
    }

    .pause {
      min-width: 8em;
    }

    strong {
      font-weight: 600;
      font-variant-numeric: tabular-nums;
    }

    fieldset {
      display: flex;
      gap: 0 12px;
      margin: 0;
      padding: 0;
      border: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CapPage {
  protected readonly lowest = lowest;
  protected readonly highest = highest;
  protected readonly capacities = capacities;
  protected readonly cap = new Cap();
  protected readonly stage = new Stage(this.cap);
  protected readonly hasCap = computed(() => this.stage.contestant().controls !== undefined);
  protected readonly canPause = computed(() => this.hasCap() && this.stage.isRunning());

  /** A cap that is moved while it is in use is part of the run. */
  protected moved(): void {
    if (!this.stage.isRunning()) this.stage.settingsChanged();
  }

  protected setUrgent(isUrgent: boolean): void {
    this.cap.settings.urgent.set(isUrgent ? 'yes' : 'no');
    this.stage.settingsChanged();
  }

  protected setCapacity(capacity: number): void {
    this.cap.settings.server.set(String(capacity));
    this.stage.settingsChanged();
  }
}
