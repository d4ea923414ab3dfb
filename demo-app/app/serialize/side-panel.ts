import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

import { Lanes } from '../lanes/lanes';
import { Problems } from '../shared/problems';
import { VerdictBox } from '../shared/verdict';
import type { Side } from './side';

/** One way to save, with its lanes and the server's word on it. The primitive's state is projected. */
@Component({
  selector: 'app-side-panel',
  imports: [Lanes, Problems, VerdictBox],
  templateUrl: './side-panel.html',
  styleUrl: './side-panel.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SidePanel {
  readonly side = input.required<Side>();
  /** The other side, which shares the scale of time. */
  readonly beside = input.required<Side>();
  readonly name = input.required<string>();
  /** What was typed, to compare with what the server has. */
  readonly text = input.required<string>();

  protected readonly link = computed(() => `/api/documents/1?run=${this.side().run()?.id ?? ''}`);
  /** What the server's document lacks of what was typed. */
  protected readonly missing = computed(() => {
    const stored = this.side().report()?.text ?? '';
    return this.text().startsWith(stored) ? this.text().slice(stored.length) : '';
  });
  /** The saves in the order in which they landed. */
  protected readonly landed = computed(() =>
    (this.side().report()?.log ?? [])
      .flatMap((entry) => (entry.committedAt === null ? [] : [{ ...entry, landedAt: entry.committedAt }]))
      .sort((one, other) => one.landedAt - other.landedAt),
  );
}
