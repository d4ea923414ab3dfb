import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import { Lanes } from '../lanes/lanes';
import { Problems } from '../shared/problems';
import { VerdictBox } from '../shared/verdict';
import type { Side } from './side';

/** One of the two sides: its lanes and the server's report. The content slot shows the primitive's state. */
@Component({
  selector: 'app-side-panel',
  imports: [Lanes, Problems, VerdictBox],
  templateUrl: './side-panel.html',
  styleUrl: './side-panel.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SidePanel {
  readonly side = input.required<Side>();
  /** The other side, which has the same time scale. */
  readonly other = input.required<Side>();
  readonly name = input.required<string>();
  /** The typed text, to compare with the stored document. */
  readonly text = input.required<string>();

  protected readonly link = computed(() => `/api/documents/1?run=${this.side().run()?.id ?? ''}`);
  /** The typed text that is missing in the stored document. */
  protected readonly missing = computed(() => {
    const stored = this.side().report()?.text ?? '';
    return this.text().startsWith(stored) ? this.text().slice(stored.length) : '';
  });
  /** The saves in the order of their commits. */
  protected readonly landed = computed(() =>
    (this.side().report()?.log ?? [])
      .flatMap((entry) => (entry.committedAt === null ? [] : [{ ...entry, landedAt: entry.committedAt }]))
      .sort((one, other) => one.landedAt - other.landedAt),
  );
}
