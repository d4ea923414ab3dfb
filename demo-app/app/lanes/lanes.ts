import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';

import { Icon } from '../shared/icon';
import { clock } from './clock';
import { isUnderWay, type Lane } from './lane';
import type { LaneBoard } from './lane-board';
import { insideStretch, timelineOf, waitingStretch } from './timeline';

/** Draws a board: one row a caller, hatched while it waits, solid while it is inside, live. */
@Component({
  selector: 'app-lanes',
  imports: [Icon],
  templateUrl: './lanes.html',
  styleUrl: './lanes.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Lanes {
  readonly board = input.required<LaneBoard>();
  /** A board to compare with: both are drawn to the same scale. */
  readonly beside = input.required<LaneBoard>();
  readonly label = input.required<string>();

  private readonly running = computed(() => this.board().underWay() + this.beside().underWay() > 0);
  private readonly now = toSignal(clock(toObservable(this.running)), { initialValue: performance.now() });
  private readonly timeline = computed(() => timelineOf(this.board().lanes(), this.beside().lanes(), this.now()));
  protected readonly seconds = computed(() => this.timeline().span / 1_000);

  protected readonly rows = computed(() => {
    const [timeline, now] = [this.timeline(), this.now()];
    return this.board()
      .lanes()
      .map((lane) => ({
        lane,
        waiting: waitingStretch(lane, timeline, now),
        inside: insideStretch(lane, timeline, now),
        outcome: outcome(lane),
        canCancel: isUnderWay(lane),
      }));
  });

  protected cancel(lane: Lane, row: HTMLElement): void {
    this.board().cancel(lane.id);
    // The button goes away with the wait: whoever pressed it by keyboard goes on from the row.
    row.focus();
  }
}

function outcome({ state, queuedAt, enteredAt, endedAt }: Lane): string {
  return state === 'done' && endedAt !== null ? `${String(Math.round(endedAt - (enteredAt ?? queuedAt)))} ms` : state;
}
