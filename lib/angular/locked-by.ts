import { HttpContext, HttpContextToken } from '@angular/common/http';

import type { Acquirable } from '../index.js';
import { isAcquirable } from '../internal/checks/arguments.js';
import { shown } from '../internal/checks/shown.js';

/** @internal The lock that a request waits for. */
export const LOCKED_BY = /* @__PURE__ */ new HttpContextToken<Acquirable | undefined>(() => undefined);

/**
 * Makes a request wait for a lock, and hold it until its answer.
 *
 * The request acquires this lock before its key, if `serializeRequests` gives it one, and holds both. `serializeRequests` reads
 * it, with or without `keyOf`, and `coordinateRequests` always includes it.
 *
 * ```ts
 * http.put('/cart', cart, { context: lockedBy(checkout) });
 * ```
 *
 * **Cancel safety.** As in `serializeRequests`: a request that may change something on the server keeps the lock until its
 * answer, although its caller has unsubscribed.
 *
 * **Limits.** A lock is known by its identity. `lockedBy(locks.get(k))` beside a `keyOf` that gives `k`, from the same `locks`,
 * waits for itself.
 *
 * @param lock - a `Lock`, a semaphore, a side of a `ReadWriteLock`, the key of a `KeyedLock`, or any other `Acquirable`.
 * @param context - the context to extend; by default a new one. A later call replaces the lock.
 * @returns the same context.
 * @throws TypeError for a lock without `acquire()`.
 */
export function lockedBy(lock: Acquirable, context: HttpContext = new HttpContext()): HttpContext {
  if (!isAcquirable(lock)) {
    throw new TypeError(`lockedBy needs something with an acquire() method, but got ${shown(lock)}`);
  }
  return context.set(LOCKED_BY, lock);
}
