/**
 * A line in which who has a higher priority stands before who has a lower one: one line still, so that all that is true of
 * a line is true of it.
 *
 * ```
 *   head ─►  2  2 │ 1 │ 0  0  0  ◄─ tail        a lane for each priority that somebody has,
 *               ▲   ▲         ▲                 which knows its last
 *              last last     last
 * ```
 *
 * One who comes goes behind the last of its lane; only where it is the first of its priority the lanes are gone through.
 *
 * The ancestor is the multilevel queue of operating systems.
 */
import { WaitQueue } from './wait-queue.js';
import type { Waiter } from './waiter.js';

interface Lane<W> {
  readonly priority: number;
  last: W;
  higher: Lane<W> | undefined;
  lower: Lane<W> | undefined;
}

export class PriorityQueue<W extends Waiter> extends WaitQueue<W> {
  // A lane is in `lanes` and among its neighbours if and only if somebody in line has its priority.
  private readonly lanes = new Map<number, Lane<W>>();
  private lowest: Lane<W> | undefined = undefined;

  override push(waiter: W): void {
    const { priority } = waiter.permit.demand;
    const lane = this.lane(priority);
    if (lane === undefined) {
      this.open(waiter, priority);
    } else {
      this.follow(waiter, lane.last);
      lane.last = waiter;
    }
  }

  override remove(waiter: W): void {
    const lane = this.lane(waiter.permit.demand.priority);
    // Stryker disable next-line OptionalChaining: who stands in line has a lane
    if (lane?.last === waiter) {
      this.retreat(lane, waiter.ahead as W | undefined);
    }
    super.remove(waiter);
  }

  private lane(priority: number): Lane<W> | undefined {
    // Stryker disable next-line ConditionalExpression: most lines have one lane, and it is found faster so
    return this.lowest?.priority === priority ? this.lowest : this.lanes.get(priority);
  }

  /** Puts one behind `ahead`, or at the head. */
  private follow(waiter: W, ahead: W | undefined): void {
    const behind = ahead === undefined ? this.head : this.after(ahead);
    if (behind === undefined) {
      super.push(waiter);
      return;
    }
    waiter.ahead = ahead;
    waiter.behind = behind;
    behind.ahead = waiter;
    if (ahead === undefined) {
      this.head = waiter;
    } else {
      ahead.behind = waiter;
    }
    this.length++;
  }

  /** The first of a priority comes. */
  private open(waiter: W, priority: number): void {
    let lower: Lane<W> | undefined = undefined;
    let higher = this.lowest;
    // Stryker disable next-line EqualityOperator: none has the same
    while (higher !== undefined && higher.priority < priority) {
      lower = higher;
      higher = higher.higher;
    }
    const lane: Lane<W> = { priority, last: waiter, higher, lower };
    this.follow(waiter, higher?.last);
    this.link(higher, lane);
    this.link(lane, lower);
    this.lanes.set(priority, lane);
  }

  /** The last of a lane goes, and `ahead` stood before it. */
  private retreat(lane: Lane<W>, ahead: W | undefined): void {
    if (ahead?.permit.demand.priority === lane.priority) {
      lane.last = ahead;
    } else {
      this.close(lane);
    }
  }

  private close(lane: Lane<W>): void {
    this.link(lane.higher, lane.lower);
    this.lanes.delete(lane.priority);
  }

  private link(higher: Lane<W> | undefined, lower: Lane<W> | undefined): void {
    if (higher !== undefined) {
      higher.lower = lower;
    }
    if (lower === undefined) {
      this.lowest = higher;
    } else {
      lower.higher = higher;
    }
  }
}
