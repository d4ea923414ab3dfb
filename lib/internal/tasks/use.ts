import { isObservable, type Observable, type ObservableInput } from 'rxjs';

import type { Permit } from '../../permit.js';
import { checkAborted, failWhenAborted } from './abort.js';
import { checkFunction, checkOptions } from '../checks/arguments.js';
import type { Claim, Door } from '../waiting/claim.js';
import { demandIn, wantedNames, type AcquireOptions } from '../waiting/demand.js';
import { inside } from './inside.js';
import { isPromiseLike } from './pending-task.js';
import { boundOf } from './until.js';

/** The options of `use`. */
export interface UseOptions extends AcquireOptions {
  /** Bounds the wait, not the task. When it emits first, the waiter leaves the queue with RxJS's `TimeoutError`. */
  readonly until?: ObservableInput<unknown>;
}

/** The options of `run`. */
export interface RunOptions extends AcquireOptions {
  /** Aborts the wait alone. Once the task runs, the permit is held until it has settled. */
  readonly signal?: AbortSignal;
}

const namesForUse: readonly string[] = [...wantedNames, 'until'] satisfies (keyof UseOptions)[];
const namesForRun: readonly string[] = [...wantedNames, 'signal'] satisfies (keyof RunOptions)[];

/** Runs `work` while holding a permit, once for each subscription. */
export function use<T>(door: Door, work: (permit: Permit) => ObservableInput<T>, options: UseOptions = {}): Observable<T> {
  checkOptions('use', options, namesForUse);
  checkFunction('work', work);
  return inside(door, demandIn(options), (claim) => work(claim.toPermit()), {
    until: boundOf(options.until),
    busy: undefined,
  });
}

/** Runs `work` while holding a permit, and starts now. */
export function run<T>(door: Door, work: (permit: Permit) => T | PromiseLike<T>, options: RunOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    checkOptions('run', options, namesForRun);
    const { signal } = options;
    checkFunction('work', work);
    checkAborted(signal);
    const begin = (claim: Claim): ObservableInput<T> => {
      checkAborted(signal); // an earlier listener of the signal may have released what this claim waited for
      const result = work(claim.toPermit());
      if (isObservable(result)) {
        throw new TypeError(`run needs a work that returns a value or a promise, but got an Observable: use() subscribes to it`);
      }
      return isPromiseLike(result) ? result : [result];
    };
    const until = signal ? failWhenAborted(signal) : undefined;
    inside(door, demandIn(options), begin, { until, busy: undefined }).subscribe({ next: resolve, error: reject });
  });
}
