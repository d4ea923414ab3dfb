import type { TraceStep } from './tracer.js';
import type { WaitQueue } from './wait-queue.js';
import { PROMISED, type Waiter } from './waiter.js';
import { chain } from './wake-list.js';

/** As much of a primitive as it takes to let those go who wait. */
interface Notebook {
  note(step: TraceStep, waiter: Waiter): void;
}

/** The line of a primitive, where who is at its head goes first. */
interface InTurn<W extends Waiter> extends Notebook {
  readonly queue: WaitQueue<W>;
  /** Whether there is what the head of the line waits for. */
  canGo(head: W): boolean;
  take(head: W): void;
}

/** Commits that one after another goes, as long as the head of the line can; returns them as a chain, in order. */
export function promiseHeads<W extends Waiter>(line: InTurn<W>): W | undefined {
  const { queue } = line;
  let first: W | undefined;
  let last: W | undefined;
  for (let { head } = queue; head !== undefined && line.canGo(head); { head } = queue) {
    queue.remove(head);
    head.phase = PROMISED;
    line.take(head);
    line.note('grant', head);
    if (last === undefined) {
      first = head;
    } else {
      last.behind = head;
    }
    last = head;
  }
  return first;
}

/** Commits that these go, who have left the line; returns them as a chain, in order. */
export function promiseAll<W extends Waiter>(primitive: Notebook, waiters: readonly W[]): W | undefined {
  for (const waiter of waiters) {
    waiter.phase = PROMISED;
    primitive.note('grant', waiter);
  }
  return chain(waiters);
}
