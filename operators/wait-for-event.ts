import { concat, ignoreElements, type MonoTypeOperatorFunction } from 'rxjs';

import type { Event } from '../lib/index.js';
import { checkOptions } from '../lib/internal/checks/arguments.js';
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
 * **Order.** Waiting subscribers start in the order in which they subscribed. If the event is set already, the operator
 * subscribes to the source immediately. Later changes of the event have no effect: use `gateByEvent` for those.
 *
 * **Cancel safety.** Unsubscribing during the wait leaves no trace, and the source is never subscribed to. Each subscription
 * waits anew, and so do `retry` and `repeat`.
 *
 * **Python.** `await event.wait()` before the body of the source.
 *
 * @example
 * const online = new Event();
 *
 * of('sent').pipe(waitForEvent(online)).subscribe(console.log);
 * online.set();
 *
 * @throws TypeError at the call, if `event` is not an event. {@link ClosedError}, {@link QueueFullError} and
 * {@link CancelledError} downstream.
 */
export function waitForEvent<T>(event: Event): MonoTypeOperatorFunction<T>;
export function waitForEvent<T>(event: Event, options?: unknown): MonoTypeOperatorFunction<T> {
  checkOptions('waitForEvent', options, []);
  checkEvent('waitForEvent', event);
  return (source) => concat(event.wait().pipe(ignoreElements()), source);
}
