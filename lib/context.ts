import { checkFunction } from './internal/checks/arguments.js';
import { setCapture } from './internal/delivery/delivery.js';

/**
 * Sets how the context of a waiter is captured, once for the whole program. `undefined` turns it off.
 *
 * A waiter that is granted later than it subscribed runs in the context in which it subscribed. A value that an
 * operator keeps carries the context in which it arrived: its task runs in that context, and it is handed on in that
 * context. zone.js is captured by default; `AsyncLocalStorage` is captured with the example below. Observers of a state
 * or a trace are not waiters. As with any Subject, they run in the context of the call that changes it.
 *
 * @example
 * import { AsyncLocalStorage } from 'node:async_hooks';
 *
 * captureContext(() => AsyncLocalStorage.snapshot());
 *
 * @param capture - called when a waiter is enqueued or a value is kept, but never for a claim that need not wait.
 * Returns a function that runs a task, at once, in the context of the moment of the capture. What `capture` throws is
 * the error of that waiter or stream. So is what the function throws before it runs its task: then the permit passes
 * on.
 */
export function captureContext(capture: (() => (task: () => void) => void) | undefined): void {
  if (capture !== undefined) {
    checkFunction('capture', capture);
  }
  setCapture(capture);
}
