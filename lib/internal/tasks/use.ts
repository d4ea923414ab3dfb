import { isObservable, type Observable, type ObservableInput } from 'rxjs';

import type { Permit } from '../../permit.js';
import { checkFunction, checkOptions } from '../checks/arguments.js';
import { acquireOptionNames, demandIn, type AcquireOptions } from '../waiting/demand.js';
import type { OwnAcquirable, Waiter } from '../waiting/waiter.js';
import { checkAborted, failWhenAborted } from './abort.js';
import { isPromiseLike } from './pending-task.js';
import { whileHolding } from './task-section.js';
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

const namesForUse: readonly string[] = [...acquireOptionNames, 'until'] satisfies (keyof UseOptions)[];
const namesForRun: readonly string[] = [...acquireOptionNames, 'signal'] satisfies (keyof RunOptions)[];

/** Runs `task` while holding a permit, once for each subscription. */
export function use<T>(
  acquirable: OwnAcquirable,
  task: (permit: Permit) => ObservableInput<T>,
  options: UseOptions = {},
): Observable<T> {
  checkOptions('use', options, namesForUse);
  checkFunction('task', task);
  const until = boundOf(options.until);
  return whileHolding(acquirable, demandIn(options), (holder) => task(holder.toPermit()), { until, onBusy: undefined });
}

/** Runs `task` while holding a permit, and starts now. */
export function run<T>(
  acquirable: OwnAcquirable,
  task: (permit: Permit) => T | PromiseLike<T>,
  options: RunOptions = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    checkOptions('run', options, namesForRun);
    const { signal } = options;
    checkFunction('task', task);
    checkAborted(signal);
    const start = (holder: Waiter): ObservableInput<T> => {
      checkAborted(signal); // an earlier listener of the signal may have released what this holder waited for
      const result = task(holder.toPermit());
      if (isObservable(result)) {
        throw new TypeError(`run needs a task that returns a value or a promise, but got an Observable: use() subscribes to it`);
      }
      return isPromiseLike(result) ? result : [result];
    };
    const until = signal ? failWhenAborted(signal) : undefined;
    whileHolding(acquirable, demandIn(options), start, { until, onBusy: undefined }).subscribe({ next: resolve, error: reject });
  });
}
