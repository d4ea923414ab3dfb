/**
 * Counts at which place each waiter of a primitive stands, from the steps that a trace notes. So no queue is walked to
 * find a place, and a primitive without a tracer counts nothing.
 *
 * ```
 *   priority     2   1   0          a waiter with priority 1 enters: it stands behind 2 + 1 waiters,
 *   waiters      2   1   3          and before 3
 * ```
 */
import { SortedMap, summarizeUp, TreeNode } from '../queue/sorted-map.js';
import type { Waiter } from '../waiting/waiter.js';

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
class Line {
  private readonly levels = new SortedMap<Level>();

  /** Adds a waiter; returns its place, counted from 1. */
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

export class Places {
  // Holds the waiters that the notes so far leave in the queue. `lines` has a queue for each key that such a waiter
  // waits for, or one queue without a key where the primitive has no keys. No queue is empty.
  private readonly waiters = new Set<Waiter>();
  private readonly lines = new Map<unknown, Line>();

  /** A waiter enters the queue. Returns its place; with several keys, the last of its places. */
  enter(waiter: Waiter): number {
    this.waiters.add(waiter);
    let place = 0;
    for (const key of keysOf(waiter)) {
      const line = this.lines.get(key) ?? new Line();
      this.lines.set(key, line);
      place = Math.max(place, line.add(waiter.permit.demand.priority));
    }
    return place;
  }

  /** A waiter leaves the queue, if it stands there. Returns whether it did. */
  leave(waiter: Waiter): boolean {
    const stood = this.waiters.delete(waiter);
    if (stood) {
      for (const key of keysOf(waiter)) {
        const line = this.lines.get(key);
        // Stryker disable next-line OptionalChaining: a waiter that stood somewhere has a queue
        if (line?.remove(waiter.permit.demand.priority)) {
          this.lines.delete(key);
        }
      }
    }
    return stood;
  }
}

const noKey = [undefined];

function keysOf({ home }: Waiter): readonly unknown[] {
  return home.keys ?? noKey;
}

function totalOf(level: Level | undefined): number {
  return level?.total ?? 0;
}
