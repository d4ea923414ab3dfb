import type { ObservableInput, ObservedValueOf, OperatorFunction } from 'rxjs';

import { checkOptions } from '../lib/internal/checks/arguments.js';
import { OneAtATime, type Project } from '../lib/internal/streams/one-at-a-time.js';
import { shown } from '../lib/internal/checks/shown.js';
import { observing } from '../lib/internal/streams/source-observer.js';

/**
 * Runs one task at a time. Of the values that arrive during a task, only the latest is kept, and it runs next.
 *
 * `exhaustMap` drops all values that arrive during a task, including the last one. `switchMap` aborts the running task.
 * `concatMap` runs a task for every value. `exhaustMapLatest` is the operator for autosave.
 *
 * ```
 * source       a-b-c-----d|
 * project      ----x|
 * the result   ----a----c----d|
 * ```
 *
 * **Order.** When a task ends, it is torn down, and then the task of the kept value runs. The result completes when the
 * source has completed and no task is left to run: the kept value still runs after the source's completion.
 *
 * **Cancel safety.** Unsubscribing unsubscribes from the source first, then from the task, and drops the kept value. An error
 * of the source or of a task goes downstream immediately, and tears down the other one.
 *
 * **Errors and retries.** One failure ends the stream and drops the kept value: handle errors inside `project`. `retry` inside
 * `project` tries the same value again, before a later value.
 *
 * **Context.** The task of a kept value runs in the async context in which the value arrived.
 *
 * @example
 * const edits = of('a', 'ab', 'abc');
 * const save = (text: string) => of(`saved ${text}`);
 *
 * edits.pipe(exhaustMapLatest(save)).subscribe(console.log);
 *
 * @param project - returns the task of a value: anything that `from` takes. `index` counts all values of the source,
 * including replaced values.
 * @throws TypeError at the call, when `project` is not a function. An error that `project` throws goes downstream.
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
