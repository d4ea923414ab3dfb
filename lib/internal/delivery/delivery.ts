/**
 * The delivery of callbacks: the wake list, the one list through which every primitive notifies its observers and its waiters, and the
 * async context in which a callback runs.
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
   * The next entry of this list or, for a waiter, of its queue. An entry is in one of them at a time, so one link
   * serves.
   */
  behind: Wakeable | undefined;

  /** Notifies the waiter or the observers. Runs foreign code. */
  deliver(): void;
}

/** An entry that only runs a function. */
export class Callback implements Wakeable {
  behind: Wakeable | undefined = undefined;

  constructor(readonly deliver: () => void) {}
}

// head === undefined  if and only if  tail === undefined
let head: Wakeable | undefined;
let tail: Wakeable | undefined;

/** True while entries are being delivered, and while {@link holdDeliveries} holds deliveries back. */
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
  resumeDeliveries(holdDeliveries());
}

/**
 * Delivers one entry. During a delivery the entry is delivered at once, otherwise after the entries that were appended
 * before.
 */
export function deliverNow(entry: Wakeable): void {
  const held = holdDeliveries();
  try {
    if (held && head !== undefined) {
      append(entry);
    } else {
      entry.deliver();
    }
  } catch (error) {
    report(error);
  } finally {
    resumeDeliveries(held);
  }
}

/**
 * Holds deliveries back until {@link resumeDeliveries}. Returns whether this call began to hold them, which
 * `resumeDeliveries` takes as its argument.
 */
export function holdDeliveries(): boolean {
  if (delivering) {
    return false;
  }
  delivering = true;
  return true;
}

export function resumeDeliveries(held: boolean): void {
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

/**
 * An async context: a function that runs a task in it. A waiter runs in the context in which it subscribed, and a kept
 * value in the context in which it arrived. Otherwise the request of one user would run under the identity of another
 * user, whose request happened to release the lock.
 *
 * A capture is foreign code: it may throw, and it may call any method of any primitive. So it runs before the checks
 * that lead to an enqueue, or after the enqueue, but never between the two.
 */
export type Context = (task: () => void) => void;

/** Captures a context. */
export type Capture = () => Context;

/** The part of zone.js that this file needs. */
interface Zone {
  run(task: () => void): void;
}

const host = globalThis as { readonly Zone?: { readonly current: Zone } };

let captureCustom: Capture | undefined;

/** Sets what {@link currentContext} captures, besides the zone of zone.js. */
export function setCapture(capture: Capture | undefined): void {
  captureCustom = capture;
}

export function currentContext(): Context | undefined {
  const zone = host.Zone?.current;
  const custom = captureCustom?.();
  if (zone === undefined) {
    return custom;
  }
  const inZone: Context = (task) => {
    zone.run(task);
  };
  return custom === undefined
    ? inZone
    : (task) => {
        custom(() => {
          inZone(task);
        });
      };
}

/**
 * Runs `task` in `context`. If the context throws, or returns, before it has run the task, `broken` is called instead.
 * What the task itself throws is thrown.
 */
export function runIn(context: Context | undefined, task: () => void, broken: (error: unknown) => void): void {
  if (context === undefined) {
    task();
    return;
  }
  const run: { mayBegin: boolean } = { mayBegin: true };
  let problem: unknown = new TypeError('the captured context did not run its task');
  try {
    context(() => {
      if (run.mayBegin) {
        run.mayBegin = false;
        task();
      }
    });
  } catch (error) {
    if (!run.mayBegin) {
      throw error;
    }
    problem = error;
  }
  if (run.mayBegin) {
    run.mayBegin = false;
    broken(problem);
  }
}
