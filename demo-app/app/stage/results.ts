import { ChangeDetectionStrategy, Component, computed, input, type Signal } from '@angular/core';

import type { Contestant, Scenario } from './scenario';
import type { Result } from './stage';

/** Where the results come from: a stage, or a page that has runs of its own. */
export interface Resulting {
  readonly scenario: Pick<Scenario, 'contestants' | 'idle'>;
  readonly results: Signal<readonly Result<Contestant>[]>;
}

/** The results of all contestants that have run to their ends. */
@Component({
  selector: 'app-results',
  template: `
    <h2>Results, same latencies for all</h2>
    <div class="scroller" tabindex="0" role="region" aria-label="Results">
      <table>
        <thead>
          <tr>
            <th scope="col">contestant</th>
            @for (label of labels(); track label) {
              <th scope="col">{{ label }}</th>
            }
          </tr>
        </thead>
        <tbody>
          @for (row of rows(); track row.contestant.id) {
            <tr [attr.data-contestant]="row.contestant.id">
              <th scope="row">{{ row.contestant.name }}</th>
              @for (figure of row.figures; track $index) {
                <td [attr.data-tone]="figure.tone">{{ figure.value }}</td>
              }
            </tr>
          }
        </tbody>
      </table>
    </div>
  `,
  styleUrl: './results.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Results {
  readonly stage = input.required<Resulting>();
  protected readonly labels = computed(() => this.stage().scenario.idle.figures.map(({ label }) => label));
  /** A row for each contestant from the beginning, so that nothing moves when a result comes. */
  protected readonly rows = computed(() => {
    const { scenario, results } = this.stage();
    return scenario.contestants.map(
      (contestant) =>
        results().find((result) => result.contestant === contestant) ?? {
          contestant,
          figures: scenario.idle.figures.map((figure) => ({ ...figure, value: '–' })),
        },
    );
  });
}
