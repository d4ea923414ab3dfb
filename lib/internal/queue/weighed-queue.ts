/**
 * A queue that knows whether a waiter in it wants more than some number of units, without looking at each waiter. It counts the
 * waiters of each weight above 1: a weight of 1 fits into any number of units, and is what most waiters want.
 */
import { PriorityQueue, type DemandingNode } from './priority-queue.js';
import { SortedMap, TreeNode } from './sorted-map.js';

/** The waiters that want the same number of units, which is its rank. */
class Weight extends TreeNode {
  waiting = 1;
}

export class WeighedQueue<W extends DemandingNode> extends PriorityQueue<W> {
  // There is a node for a weight above 1 if and only if a waiter in the queue has it.
  private readonly weights = new SortedMap<Weight>();

  override push(waiter: W): void {
    super.push(waiter);
    const { weight } = waiter.demand;
    // Stryker disable next-line ConditionalExpression,EqualityOperator: it saves steps, and changes nothing else
    if (weight > 1) {
      const same = this.weights.get(weight);
      if (same === undefined) {
        this.weights.insert(new Weight(weight));
      } else {
        same.waiting++;
      }
    }
  }

  override remove(waiter: W): void {
    super.remove(waiter);
    const same = this.weights.get(waiter.demand.weight);
    if (same !== undefined && --same.waiting === 0) {
      this.weights.remove(same);
    }
  }

  /** Takes out the waiters that want more than `units`, of which there is at least 1. */
  drainAbove(units: number): W[] {
    return this.weights.above(units) === undefined ? [] : this.drain(({ demand }) => demand.weight > units);
  }
}
