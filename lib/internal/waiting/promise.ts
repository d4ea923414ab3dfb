import type { TraceStep } from '../delivery/tracer.js';
import type { WaitQueue } from '../queue/wait-queue.js';
import { PROMISED, type Waiter } from './waiter.js';
import { chain } from '../delivery/wake-list.js';

/** The part of a primitive that notes the grants of its waiters. */
interface Notebook {
  note(step: TraceStep, waiter: Waiter): void;
}

/** The part of a primitive that grants to the head of its queue first. */
interface InTurn<W extends Waiter> extends Notebook {
  readonly queue: WaitQueue<W>;
  /** Whether the head of the queue can be granted what it waits for. */
  canGo(head: W): boolean;
  take(head: W): void;
}

/** Commits the grants to the heads of the queue, as long as the head can go; returns them as a chain, in order. */
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

/** Commits the grants to waiters that have left the queue; returns them as a chain, in order. */
export function promiseAll<W extends Waiter>(primitive: Notebook, waiters: readonly W[]): W | undefined {
  for (const waiter of waiters) {
    waiter.phase = PROMISED;
    primitive.note('grant', waiter);
  }
  return chain(waiters);
}
