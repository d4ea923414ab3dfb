/**
 * The async context of what is kept for later. A waiter runs in the context in which it subscribed, and a kept value in
 * the context in which it arrived. Otherwise the request of one user would run under the identity of another user,
 * whose request happened to release the lock.
 *
 * A capture is foreign code: it may throw, and it may call any method of any primitive. So it runs before the checks
 * that lead to an enqueue, or after the enqueue, but never between the two.
 */

import { checkFunction } from '../checks/arguments.js';

/** Runs a task in the captured context. */
export type Context = (task: () => void) => void;

/** The part of zone.js that this file needs. */
interface Zone {
  run(task: () => void): void;
}

const host = globalThis as { readonly Zone?: { readonly current: Zone } };

let captureCustom: (() => Context) | undefined;

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
  captureCustom = capture;
}

export function currentContext(): Context | undefined {
  const zone = host.Zone?.current;
  const custom = captureCustom?.();
  if (zone === undefined) {
    return custom;
  }
  const inZone: Context = (task) => {
    zone.run(task);
  };
  return custom === undefined
    ? inZone
    : (task) => {
        custom(() => {
          inZone(task);
        });
      };
}

/**
 * Runs `task` in `context`. If the context throws, or returns, before it has run the task, `broken` is called instead.
 * What the task itself throws is thrown.
 */
export function runIn(context: Context | undefined, task: () => void, broken: (error: unknown) => void): void {
  if (context === undefined) {
    task();
    return;
  }
  const run: { mayBegin: boolean } = { mayBegin: true };
  let problem: unknown = new TypeError('the captured context did not run its task');
  try {
    context(() => {
      if (run.mayBegin) {
        run.mayBegin = false;
        task();
      }
    });
  } catch (error) {
    if (!run.mayBegin) {
      throw error;
    }
    problem = error;
  }
  if (run.mayBegin) {
    run.mayBegin = false;
    broken(problem);
  }
}
