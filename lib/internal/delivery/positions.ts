/**
 * Counts the position of each waiter of a primitive, from the steps that a trace notes. So no queue is walked to
 * find a position, and a primitive without a tracer counts nothing.
 *
 * ```
 *   priority     2   1   0          a waiter with priority 1 enters: it is behind 2 + 1 waiters,
 *   waiters      2   1   3          and before 3
 * ```
 */
import { SortedMap, summarizeUp, TreeNode } from '../queue/sorted-map.js';

/** What is counted: a waiter. */
interface Positioned {
  readonly demand: { readonly priority: number };
  readonly resource: { readonly keys?: readonly unknown[] };
}

/** The waiters of one priority, which is its rank. */
class Level extends TreeNode {
  waiting = 0;
  /** The number of waiters with the priorities of its subtree. */
  total = 0;

  override summarize(): void {
    this.total = totalOf(this.left) + this.waiting + totalOf(this.right);
  }
}

/** The waiters of a primitive, or of one key. */
class QueueCounts {
  private readonly levels = new SortedMap<Level>();

  /** Adds a waiter; returns its position, counted from 1. */
  add(priority: number): number {
    let level = this.levels.get(priority);
    if (level === undefined) {
      level = new Level(priority);
      this.levels.insert(level);
    }
    this.count(level, 1);
    return this.waitingFrom(priority);
  }

  /** Removes a waiter; returns whether it was the last one. */
  remove(priority: number): boolean {
    const level = this.levels.get(priority);
    // Stryker disable next-line ConditionalExpression: a waiter that was added has a level
    if (level !== undefined) {
      this.count(level, -1);
      if (level.waiting === 0) {
        this.levels.remove(level);
      }
    }
    return this.levels.root === undefined;
  }

  private count(level: Level, change: number): void {
    level.waiting += change;
    summarizeUp(this.levels.root, level);
  }

  /** The number of waiters with this priority or a higher one. */
  private waitingFrom(priority: number): number {
    let waiting = 0;
    for (let level = this.levels.root; level !== undefined;) {
      if (level.rank < priority) {
        level = level.right;
      } else {
        waiting += level.total - totalOf(level.left);
        level = level.left;
      }
    }
    return waiting;
  }
}

export class Positions {
  // Holds the waiters that the notes so far leave in the queue. `queues` has a queue for each key that such a waiter
  // waits for, or one queue without a key where the primitive has no keys. No queue is empty.
  private readonly waiters = new Set<Positioned>();
  private readonly queues = new Map<unknown, QueueCounts>();

  /** A waiter enters the queue. Returns its position; with several keys, the last of its positions. */
  add(waiter: Positioned): number {
    this.waiters.add(waiter);
    let position = 0;
    for (const key of keysOf(waiter)) {
      const queue = this.queues.get(key) ?? new QueueCounts();
      this.queues.set(key, queue);
      position = Math.max(position, queue.add(waiter.demand.priority));
    }
    return position;
  }

  /** A waiter leaves the queue, if it is there. Returns whether it did. */
  remove(waiter: Positioned): boolean {
    const wasQueued = this.waiters.delete(waiter);
    if (wasQueued) {
      for (const key of keysOf(waiter)) {
        const queue = this.queues.get(key);
        // Stryker disable next-line OptionalChaining: a waiter that was enqueued has a queue
        if (queue?.remove(waiter.demand.priority)) {
          this.queues.delete(key);
        }
      }
    }
    return wasQueued;
  }
}

const noKey = [undefined];

function keysOf({ resource }: Positioned): readonly unknown[] {
  return resource.keys ?? noKey;
}

function totalOf(level: Level | undefined): number {
  return level?.total ?? 0;
}
