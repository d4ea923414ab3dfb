import { Observable, type Subscriber } from 'rxjs';

import { shown } from '../checks/shown.js';
import { holdDeliveries, resumeDeliveries } from '../delivery/delivery.js';

/**
 * The waiters for the abort of a signal. They share one listener, for two reasons. The more listeners a signal has, the
 * longer it takes to add and to remove one. And Node warns of a leak at the eleventh.
 */
const listeners = new WeakMap<AbortSignal, Set<Subscriber<never>>>();

/** Throws the reason of an aborted signal. Not every platform's signals have `throwIfAborted()`. */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal === undefined) {
    return;
  }
  if (typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== 'function') {
    throw new TypeError(`signal must be an AbortSignal, but is ${shown(signal)}`);
  }
  if (signal.aborted) {
    throw signal.reason;
  }
}

/** Fails with the reason of the signal when it is aborted, or at once if it is aborted already. */
export function failWhenAborted(signal: AbortSignal): Observable<never> {
  return new Observable((subscriber) => {
    checkAborted(signal);
    const waiting = listeners.get(signal) ?? listen(signal);
    waiting.add(subscriber);
    return () => {
      waiting.delete(subscriber);
      if (waiting.size === 0) {
        signal.removeEventListener('abort', abort);
        listeners.delete(signal);
      }
    };
  });
}

function listen(signal: AbortSignal): Set<Subscriber<never>> {
  const waiting = new Set<Subscriber<never>>();
  listeners.set(signal, waiting);
  signal.addEventListener('abort', abort);
  return waiting;
}

/**
 * Cancels all waiters of a signal before any delivery. Otherwise a cancelled waiter could pass its promise on to
 * another waiter of the same signal.
 */
function abort(this: AbortSignal): void {
  const held = holdDeliveries();
  try {
    // Stryker disable next-line OptionalChaining: a signal has the listener exactly while it has the entry
    listeners.get(this)?.forEach((subscriber) => {
      subscriber.error(this.reason);
    });
  } finally {
    resumeDeliveries(held);
  }
}
