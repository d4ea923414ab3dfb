import { Observable, type Subscriber } from 'rxjs';

import { shown } from './shown.js';
import { hold, resume } from './wake-list.js';

/**
 * Everyone who waits for a signal to be aborted. They share one listener, since a signal takes longer to add and to remove a
 * listener the more of them it has, and Node warns of a leak at the eleventh.
 */
const listeners = new WeakMap<AbortSignal, Set<Subscriber<never>>>();

/** Throws the reason of a signal that is aborted. Not every platform's signals have `throwIfAborted()`. */
export function checkAborted(signal: AbortSignal): void {
  if (typeof (signal as Partial<AbortSignal> | null)?.addEventListener !== 'function') {
    throw new TypeError(`signal must be an AbortSignal, but is ${shown(signal)}`);
  }
  if (signal.aborted) {
    throw signal.reason;
  }
}

/** Fails with the reason of the signal when it is aborted, or at once where it is aborted already. */
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

/** All of them leave before anything that one of them passes on is delivered: it could be passed on to another one. */
function abort(this: AbortSignal): void {
  const held = hold();
  try {
    listeners.get(this)?.forEach((subscriber) => {
      subscriber.error(this.reason);
    });
  } finally {
    resume(held);
  }
}
