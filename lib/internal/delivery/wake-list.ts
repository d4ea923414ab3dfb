/**
 * The delivery of callbacks: the one list through which every primitive notifies its observers and its waiters.
 *
 * ```
 *   release()  ──commit──►  fields are final   ──append──►  [ state │ grant │ grant │ … ]
 *                                                              │
 *                           deliver: unless one is under way, from the head until it is empty
 *                                                              ▼
 *                                            foreign code, one entry after another
 * ```
 *
 * A method first commits everything that it changes, then appends the notifications, and only then delivers them. A
 * callback may call other methods: it releases, acquires or cancels. Such a call commits at once and appends to the
 * same list. So deliveries never nest: the stack stays flat, and all observers see all states in one order.
 *
 * The ancestor is asyncio's event loop, whose ready queue does the same for `Future` callbacks. This list delivers
 * synchronously instead of in a later turn, and has no clock.
 */
import { throwError } from 'rxjs';

export interface Wakeable {
  /**
   * The next entry of this list or, for a waiter, of its queue. An entry stands in one of them at a time, so one link
   * serves.
   */
  behind: Wakeable | undefined;

  /** Notifies the waiter or the observers. Runs foreign code. */
  deliver(): void;
}

/** An entry that only runs a function. */
export class Announcement implements Wakeable {
  behind: Wakeable | undefined = undefined;

  constructor(readonly deliver: () => void) {}
}

// head === undefined  if and only if  tail === undefined
let head: Wakeable | undefined;
let tail: Wakeable | undefined;

/** True while entries are being delivered, and while {@link hold} holds deliveries back. */
let delivering = false;

/** Links each entry to the one before it; returns the first. */
export function chain<E extends Wakeable>(entries: readonly (E | undefined)[]): E | undefined {
  return entries.reduceRight<E | undefined>((behind, entry) => {
    if (entry === undefined) {
      return behind;
    }
    entry.behind = behind;
    return entry;
  }, undefined);
}

/** Appends an entry, and the chain of entries behind it. */
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

/** Delivers the appended entries. During a delivery it does nothing: that delivery gets to them. */
export function deliver(): void {
  resume(hold());
}

/**
 * Delivers one entry. During a delivery the entry is delivered at once, otherwise after the entries that were appended
 * before.
 */
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

/**
 * Holds deliveries back until {@link resume}. Returns whether this call began to hold them, which `resume` takes as its
 * argument.
 */
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
 * Reports what a subscriber threw as RxJS reports it: to `config.onUnhandledError`, or to the host. If this function
 * threw the error, the error would reach the caller that began the delivery, and `subscribe` would pass it to an
 * unrelated subscriber.
 */
export function report(error: unknown): void {
  throwError(() => error).subscribe();
}
