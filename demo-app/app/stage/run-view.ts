import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import type { Period, Phase } from '../lanes/lane';
import { Lanes } from '../lanes/lanes';
import { ReplayBar } from './replay-bar';
import type { Viewable } from './replay';
import { RunTexts } from './run-texts';
import { StatePanel } from './state-panel';

/** What a color means. */
export type Legend = Readonly<Partial<Record<Phase, string>>>;

const requests: Legend = {
  queued: 'in a queue of rxjs-locks',
  sent: 'on its way',
  server: 'at the server',
  left: 'the server goes on, nobody waits',
};

/** What happens in a run: the lanes, the states beside them, the replay, and the run as a text. */
@Component({
  selector: 'app-run-view',
  imports: [Lanes, ReplayBar, RunTexts, StatePanel],
  template: `
    <div class="lanes-head">
      <h2>What happens</h2>
      <app-state-panel [states]="states()" />
    </div>
    <ng-content select="[above-lanes]" />
    <app-lanes
      [lanes]="run().lanes()"
      [now]="run().now()"
      [span]="span()"
      [label]="label()"
      [periods]="periods()"
      [isLive]="run().isLive()"
      (cancelled)="run().cancel($event)"
    />
    <ul class="legend" aria-label="Legend">
      @for (entry of entries(); track entry[0]) {
        <li><i [class]="entry[0]"></i> {{ entry[1] }}</li>
      }
      @if (periodName(); as name) {
        <li><i class="period"></i> {{ name }}</li>
      }
    </ul>
    <div class="foot">
      <app-replay-bar [run]="run()" />
      <app-run-texts [run]="run()" />
    </div>
  `,
  styleUrl: './run-view.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunView {
  readonly run = input.required<Viewable>();
  /** The milliseconds that are drawn at least. */
  readonly span = input.required<number>();
  readonly label = input.required<string>();
  readonly legend = input(requests);
  /** Periods that are shaded behind the lanes, such as an outage. */
  readonly periods = input<readonly Period[]>([]);
  readonly periodName = input<string>();
  /** At the time of the lanes. While a run goes on, a state may be newer than the time that is drawn. */
  protected readonly states = computed(() => {
    const { recording, cursor, isLive, now } = this.run();
    return recording()?.statesAt(cursor() ?? (isLive() ? Infinity : now())) ?? [];
  });
  protected readonly entries = computed(() => Object.entries(this.legend()));
}
