/**
 * A queue in which a waiter with a higher priority is before one with a lower priority. It is one list, so all that is true
 * of a queue is true of it.
 *
 * ```
 *   head ─►  2  2 │ 1 │ 0  0  0  ◄─ tail        a lane for each priority that a waiter has,
 *               ▲   ▲         ▲                 which knows its last waiter
 *              last last     last
 * ```
 *
 * A waiter goes behind the last of its lane; it leaves its lane from anywhere. Both take one step. The first waiter of a
 * priority opens a lane, and the last one closes it: that takes as many steps as the logarithm of the number of lanes.
 *
 * The ancestor is the multilevel queue of operating systems.
 */
import { SortedMap, TreeNode } from './sorted-map.js';
import { WaitQueue, type QueueNode } from './wait-queue.js';

/** What a priority queue can contain: a node that knows what it wants. */
export interface DemandingNode extends QueueNode {
  readonly demand: { readonly priority: number; readonly weight: number };
}

/** The waiters of one priority, which is its rank. */
class Lane<W> extends TreeNode {
  constructor(
    priority: number,
    public last: W,
  ) {
    super(priority);
  }
}

export class PriorityQueue<W extends DemandingNode> extends WaitQueue<W> {
  // There is a lane for a priority if and only if a waiter in the queue has it.
  private readonly lanes = new SortedMap<Lane<W>>();

  override push(waiter: W): void {
    const { priority } = waiter.demand;
    const lane = this.lanes.get(priority);
    if (lane === undefined) {
      this.insertBehind(waiter, this.lanes.above(priority)?.last);
      this.lanes.insert(new Lane(priority, waiter));
    } else {
      this.insertBehind(waiter, lane.last);
      lane.last = waiter;
    }
  }

  override remove(waiter: W): void {
    const lane = this.lanes.get(waiter.demand.priority);
    // Stryker disable next-line OptionalChaining: a waiter in the queue has a lane
    if (lane?.last === waiter) {
      this.shrinkLane(lane, waiter.ahead as W | undefined);
    }
    super.remove(waiter);
  }

  /** Puts a waiter behind `ahead`, or at the head. */
  private insertBehind(waiter: W, ahead: W | undefined): void {
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

  /** The last waiter of a lane goes, and `ahead` stands before it. */
  private shrinkLane(lane: Lane<W>, ahead: W | undefined): void {
    if (ahead?.demand.priority === lane.rank) {
      lane.last = ahead;
    } else {
      this.lanes.remove(lane);
    }
  }
}
