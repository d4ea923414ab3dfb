import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatProgressBarModule } from '@angular/material/progress-bar';

import { Lanes } from '../lanes/lanes';
import { Problems } from '../shared/problems';
import { VerdictBox } from '../shared/verdict';
import { type Batch, files } from './batch';

/** One of the two batches: its progress, its lanes and the server's counts. The content slot shows the primitive's state. */
@Component({
  selector: 'app-batch-panel',
  imports: [Lanes, MatProgressBarModule, Problems, VerdictBox],
  templateUrl: './batch-panel.html',
  styleUrl: './batch-panel.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BatchPanel {
  readonly batch = input.required<Batch>();
  /** The other batch, which has the same time scale. */
  readonly other = input.required<Batch>();
  readonly name = input.required<string>();

  protected readonly total = files.length;
  protected readonly facts = computed(() => {
    const stats = this.batch().stats();
    return [
      { name: 'most at once, counted by the server', value: stats?.largest },
      { name: 'finished', value: stats?.finished },
      { name: 'refused', value: stats?.failed },
      { name: 'cancelled here', value: stats === null ? undefined : this.batch().board.cancelled() },
    ];
  });
  protected readonly link = computed(() => `/api/downloads/stats?run=${this.batch().run()?.id ?? ''}`);
}
