/**
 * When they hear: the one list through which every primitive tells its observers and its waiters.
 *
 * ```
 *   release()  ──commit──►  fields are final   ──append──►  [ state │ grant │ grant │ … ]
 *                                                              │
 *                           deliver: unless one is under way, from the head until it is empty
 *                                                              ▼
 *                                            foreign code, one entry after another
 * ```
 *
 * A method first commits all that it changes, then appends what others must hear, and only then delivers. What a
 * handler does while it hears (it releases, it acquires, it cancels) commits at once and appends to the same list, so
 * that deliveries never nest: the stack stays flat, and all observers see all states in one order.
 *
 * The ancestor is asyncio's event loop, whose ready queue does the same for `Future` callbacks; this one runs at once
 * instead of in a later turn, and knows no clock.
 */
import { throwError } from 'rxjs';

export interface Wakeable {
  /** What stands behind it, here or (a waiter) in its line: it stands in one place at a time, so one link serves. */
  behind: Wakeable | undefined;

  /** Tells whom it concerns. Runs foreign code. */
  deliver(): void;
}

/** What is nothing but an entry. */
export class Announcement implements Wakeable {
  behind: Wakeable | undefined = undefined;

  constructor(readonly deliver: () => void) {}
}

// head === undefined  if and only if  tail === undefined
let head: Wakeable | undefined;
let tail: Wakeable | undefined;

/** True while entries are being delivered, and while a delivery is held back until somebody has been told. */
let delivering = false;

/** Hangs each entry on the one before it; returns the first. */
export function chain<E extends Wakeable>(entries: readonly (E | undefined)[]): E | undefined {
  return entries.reduceRight<E | undefined>((behind, entry) => {
    if (entry === undefined) {
      return behind;
    }
    entry.behind = behind;
    return entry;
  }, undefined);
}

/** Puts an entry, and the chain that hangs on it, at the end of the list. */
export function append(first: Wakeable | undefined): void {
  if (first !== undefined) {
    appendAll(first);
  }
}

function appendAll(first: Wakeable): void {
  let last = first;
  while (last.behind !== undefined) {
    last = last.behind;
  }
  if (tail === undefined) {
    head = first;
  } else {
    tail.behind = first;
  }
  tail = last;
}

/** Delivers what was appended, unless a delivery is under way, which will come to it. */
export function deliver(): void {
  resume(hold());
}

/** Delivers one entry: on the spot, or outside of a delivery after what was appended before. */
export function deliverNow(entry: Wakeable): void {
  const held = hold();
  try {
    if (held && head !== undefined) {
      append(entry);
    } else {
      entry.deliver();
    }
  } catch (error) {
    report(error);
  } finally {
    resume(held);
  }
}

/** Holds deliveries back until {@link resume}. The answer, whether it was this call that held them, is for `resume`. */
export function hold(): boolean {
  if (delivering) {
    return false;
  }
  delivering = true;
  return true;
}

export function resume(held: boolean): void {
  if (!held) {
    return;
  }
  // Stryker disable next-line ConditionalExpression: it saves the way through the list, and changes nothing else
  if (head === undefined) {
    delivering = false;
  } else {
    deliverAll();
  }
}

function deliverAll(): void {
  let errors: unknown[] | undefined;
  for (let entry = head; entry !== undefined; entry = head) {
    head = entry.behind;
    if (head === undefined) {
      tail = undefined;
    }
    entry.behind = undefined;
    try {
      entry.deliver();
    } catch (error) {
      (errors ??= []).push(error);
    }
  }
  delivering = false;
  errors?.forEach(report);
}

/**
 * Reports what a subscriber threw as RxJS reports it: to `config.onUnhandledError`, or to the host. Thrown from here,
 * it would reach whoever happened to begin the delivery, and `subscribe` would pass it to an innocent subscriber.
 */
export function report(error: unknown): void {
  throwError(() => error).subscribe();
}
