import type { WaitQueue } from './wait-queue.js';
import { PROMISED, type Waiter } from './waiter.js';

/** Commits that everyone in line goes, and empties the line; returns them as a chain, in order. */
export function promiseAll<W extends Waiter>(queue: WaitQueue<W>, number?: (waiter: W, index: number) => void): W | undefined {
  let last: W | undefined = undefined;
  let index = 0;
  for (let next = queue.head; next !== undefined; next = queue.after(next)) {
    next.phase = PROMISED;
    number?.(next, index++);
    last = next;
  }
  return last === undefined ? undefined : queue.cut(last, queue.length);
}
