import { isObservable, type Observable, type ObservableInput } from 'rxjs';

import type { Permit } from '../permit.js';
import { checkAborted, failWhenAborted } from './abort.js';
import { checkFunction, checkOptions } from './arguments.js';
import type { Claim, Door } from './claim.js';
import { demandIn, wantedNames, type AcquireOptions } from './demand.js';
import { inside } from './inside.js';
import { isPromiseLike } from './pending-task.js';
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

const namesForUse: readonly string[] = [...wantedNames, 'until'] satisfies (keyof UseOptions)[];
const namesForRun: readonly string[] = [...wantedNames, 'signal'] satisfies (keyof RunOptions)[];

/** Runs `work` inside, once for each subscription. */
export function use<T>(
  door: Door,
  work: (permit: Permit) => ObservableInput<T>,
  options: UseOptions = {},
): Observable<T> {
  checkOptions('use', options, namesForUse);
  checkFunction('work', work);
  return inside(door, demandIn(options), (claim) => work(claim.toPermit()), {
    until: boundOf(options.until),
    busy: undefined,
  });
}

/** Runs `work` inside, now. */
export function run<T>(
  door: Door,
  work: (permit: Permit) => T | PromiseLike<T>,
  options: RunOptions = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    checkOptions('run', options, namesForRun);
    const { signal } = options;
    checkFunction('work', work);
    if (signal !== undefined) {
      checkAborted(signal);
    }
    const begin = (claim: Claim): ObservableInput<T> => {
      if (signal !== undefined) {
        checkAborted(signal); // a listener that was added before ours may have released what it waited for
      }
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
