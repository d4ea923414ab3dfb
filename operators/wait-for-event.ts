import { concat, ignoreElements, type MonoTypeOperatorFunction } from 'rxjs';

import type { Event } from '../lib/index.js';
import { checkOptions } from '../lib/internal/arguments.js';
import { checkEvent } from './check-event.js';

/**
 * Subscribes to the source only once `event` is set.
 *
 * ```
 * event        -----set
 * source            --a--b--|
 * the result   -------a--b--|
 * ```
 *
 * **Order.** Subscribers that wait start in the order in which they came. Set already: the source is subscribed to at
 * once. What becomes of the event afterwards is of no account: see `gateByEvent` for that.
 *
 * **Cancel safety.** Unsubscribing while it waits leaves no trace, and the source is never subscribed to. Each
 * subscription waits anew, so that `retry` and `repeat` do too.
 *
 * **Python.** `await event.wait()` before the body of the source.
 *
 * @example
 * const online = new Event();
 *
 * of('sent').pipe(waitForEvent(online)).subscribe(console.log);
 * online.set();
 *
 * @throws TypeError at the call, for what is no event. {@link ClosedError}, {@link QueueFullError} and
 * {@link CancelledError} downstream.
 */
export function waitForEvent<T>(event: Event): MonoTypeOperatorFunction<T>;
export function waitForEvent<T>(event: Event, options?: unknown): MonoTypeOperatorFunction<T> {
  checkOptions('waitForEvent', options, []);
  checkEvent('waitForEvent', event);
  return (source) => concat(event.wait().pipe(ignoreElements()), source);
}
