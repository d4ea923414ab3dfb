import { Observable, type ObservableInput } from 'rxjs';

import type { Permit } from '../permit.js';
import { checkFunction } from './arguments.js';
import type { Door } from './claim.js';
import { demandOf, type AcquireOptions } from './demand.js';
import { inside } from './inside.js';
import { isPromiseLike } from './section.js';
import { boundOf } from './until.js';

/** How `use` comes in. */
export interface UseOptions extends AcquireOptions {
  /** Bounds the wait, not the work: when it emits first, the place in line is given up with RxJS's `TimeoutError`. */
  readonly until?: ObservableInput<unknown>;
}

/** How `run` comes in. */
export interface RunOptions extends AcquireOptions {
  /** Aborts the wait alone: once inside, the permit is held until the work has settled. */
  readonly signal?: AbortSignal;
}

/** Runs `work` inside, once for each subscription. */
export function use<T>(
  door: Door,
  work: (permit: Permit) => ObservableInput<T>,
  { until, ...wanted }: UseOptions = {},
): Observable<T> {
  const demand = demandOf(wanted);
  checkFunction('work', work);
  return inside(door, demand, (claim) => work(claim.toPermit()), { until: boundOf(until), busy: undefined });
}

/** Runs `work` inside, now. */
export function run<T>(
  door: Door,
  work: (permit: Permit) => T | PromiseLike<T>,
  { signal, ...wanted }: RunOptions = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    checkFunction('work', work);
    signal?.throwIfAborted();
    use<T>(
      door,
      (permit) => {
        const result = work(permit);
        return isPromiseLike(result) ? result : [result];
      },
      { ...wanted, ...(signal && { until: failWhenAborted(signal) }) },
    ).subscribe({ next: resolve, error: reject });
  });
}

function failWhenAborted(signal: AbortSignal): Observable<never> {
  return new Observable((subscriber) => {
    const abort = (): void => {
      subscriber.error(signal.reason);
    };
    signal.throwIfAborted(); // meanwhile
    signal.addEventListener('abort', abort);
    return () => {
      signal.removeEventListener('abort', abort);
    };
  });
}
