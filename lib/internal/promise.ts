import type { TraceStep } from './tracer.js';
import { PROMISED, type Home, type Waiter } from './waiter.js';
import { chain } from './wake-list.js';

/** As much of where one comes in as it takes to be let in. */
interface Promising<W> extends Home {
  take(waiter: W): void;
  publish(step: TraceStep, waiter: W): void;
}

/** Commits that one who need not wait has what it came for; appends the state. */
export function promise<W extends Waiter>(home: Promising<W>, waiter: W): void {
  waiter.home = home;
  waiter.phase = PROMISED;
  home.take(waiter);
  home.publish('grant', waiter);
}

/** Commits that these go, who have left the line; returns them as a chain, in order. */
export function promiseAll<W extends Waiter>(
  primitive: { note(step: TraceStep, waiter: Waiter): void },
  waiters: readonly W[],
): W | undefined {
  for (const waiter of waiters) {
    waiter.phase = PROMISED;
    primitive.note('grant', waiter);
  }
  return chain(waiters);
}
