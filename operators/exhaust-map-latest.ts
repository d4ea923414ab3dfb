import type { ObservableInput, ObservedValueOf, OperatorFunction } from 'rxjs';

import { checkOptions } from '../lib/internal/arguments.js';
import { OneAtATime, type Project } from '../lib/internal/one-at-a-time.js';
import { shown } from '../lib/internal/shown.js';
import { observing } from '../lib/internal/source-observer.js';

/**
 * Runs one work at a time; of the values that come meanwhile, only the latest is kept, and runs next.
 *
 * `exhaustMap` drops all that come meanwhile, the last one too; `switchMap` breaks off the work under way; `concatMap`
 * runs them all. This is the one for autosave.
 *
 * ```
 * source       a-b-c-----d|
 * project      ----x|
 * the result   ----a----c----d|
 * ```
 *
 * **Order.** When a work has ended, it is torn down; then the kept value runs. The result completes when the source has
 * and no work is left to run: the kept one is not lost.
 *
 * **Cancel safety.** Unsubscribing lets go of the source first, then of the work, and forgets the kept value. An error of
 * the source or of a work goes downstream at once, and the other is let go of.
 *
 * **Errors and retries.** One failure ends the stream, and forgets the kept value: handle errors inside `project`. `retry` inside
 * `project` tries the same value again, before a later one.
 *
 * **Context.** The kept value runs in the async context in which it arrived.
 *
 * @example
 * const edits = of('a', 'ab', 'abc');
 * const save = (text: string) => of(`saved ${text}`);
 *
 * edits.pipe(exhaustMapLatest(save)).subscribe(console.log);
 *
 * @param project - returns what to subscribe to: anything that `from` takes. `index` counts all values of the source,
 * those that were replaced too.
 * @throws TypeError at the call, when `project` is no function. What it throws goes downstream.
 */
export function exhaustMapLatest<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
): OperatorFunction<T, ObservedValueOf<O>>;
export function exhaustMapLatest<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  options?: unknown,
): OperatorFunction<T, ObservedValueOf<O>> {
  checkOptions('exhaustMapLatest', options, []);
  if (typeof project !== 'function') {
    throw new TypeError(`exhaustMapLatest needs a function, but got ${shown(project)}`);
  }
  return observing((subscriber) => new OneAtATime(subscriber, project as Project<T, ObservedValueOf<O>>, true));
}
