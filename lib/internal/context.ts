/**
 * Where a waiter is told: in the context in which it subscribed, not in that of whoever wakes it. Else the request of
 * one user would run under the identity of another, whose request happened to release the lock.
 */

/** Runs a task in the context that was captured. */
export type Context = (task: () => void) => void;

/** As much of zone.js as is needed here. */
interface Zone {
  run(task: () => void): void;
}

const host = globalThis as { readonly Zone?: { readonly current: Zone } };

let captureCustom: (() => Context) | undefined;

/**
 * Sets how the context of a waiter is captured, once for the whole program. `undefined` turns it off.
 *
 * Wherever a waiter is told later than it subscribed, it is told in the context in which it subscribed. zone.js is
 * captured without asking; `AsyncLocalStorage` is, with this:
 *
 * @example
 * import { AsyncLocalStorage } from 'node:async_hooks';
 *
 * captureContext(() => AsyncLocalStorage.snapshot());
 *
 * @param capture - called when a waiter is parked, never for one that need not wait; returns a function that runs a
 * task in the context of this moment.
 */
export function captureContext(capture: (() => (task: () => void) => void) | undefined): void {
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
