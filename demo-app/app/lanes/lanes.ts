import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';

import { Icon } from '../shared/icon';
import { clock } from './clock';
import { isActive, type Lane } from './lane';
import type { LaneBoard } from './lane-board';
import { runningStretch, timelineOf, waitingStretch } from './timeline';

/** Draws a board live: one row for each caller, hatched while it waits and solid while it runs. */
@Component({
  selector: 'app-lanes',
  imports: [Icon],
  templateUrl: './lanes.html',
  styleUrl: './lanes.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Lanes {
  readonly board = input.required<LaneBoard>();
  /** The board to compare with. Both are drawn to the same time scale. */
  readonly other = input.required<LaneBoard>();
  readonly label = input.required<string>();

  private readonly active = computed(() => this.board().active() + this.other().active() > 0);
  private readonly now = toSignal(clock(toObservable(this.active)), { initialValue: performance.now() });
  private readonly timeline = computed(() => timelineOf(this.board().lanes(), this.other().lanes(), this.now()));
  protected readonly seconds = computed(() => this.timeline().span / 1_000);

  protected readonly rows = computed(() => {
    const [timeline, now] = [this.timeline(), this.now()];
    return this.board()
      .lanes()
      .map((lane) => ({
        lane,
        waiting: waitingStretch(lane, timeline, now),
        running: runningStretch(lane, timeline, now),
        outcome: outcome(lane),
        canCancel: isActive(lane),
      }));
  });

  protected cancel(lane: Lane, row: HTMLElement): void {
    this.board().cancel(lane.id);
    // The button disappears, so the focus moves to its row.
    row.focus();
  }
}

function outcome({ state, queuedAt, startedAt, endedAt }: Lane): string {
  return state === 'done' && endedAt !== null ? `${String(Math.round(endedAt - (startedAt ?? queuedAt)))} ms` : state;
}
