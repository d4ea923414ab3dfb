import type { MonoTypeOperatorFunction } from 'rxjs';

import type { Acquirable } from '../lib/index.js';
import type { AdmissionOptions } from '../lib/internal/tasks/admission.js';
import { insideOf } from './inside-of.js';

/**
 * Subscribes to the source while holding `lock`, and releases the lock when the source is done.
 *
 * ```
 * first              --a--b--|
 * second                     --c--|
 * first, withLock    --a--b--|
 * second, withLock   ----------c--|
 * ```
 *
 * **Order.** Subscribers are granted the lock in the order in which they subscribed, across all streams that share the lock.
 * When the source ends, it is torn down and the lock is released. Then downstream is notified, and then the next waiter is woken.
 *
 * **Cancel safety.** Unsubscribing a waiter takes it out of the queue. Unsubscribing a holder tears down the source first, and
 * then releases the lock. A source that wraps a promise cannot be stopped in this way. If the task is a promise, use
 * `lock.use(() => promise)` or `lock.run`: they hold the lock until the promise has settled.
 *
 * **Retries.** Each subscription is one acquisition. `retry` above `withLock` keeps the order of the waiters, and holds the lock
 * during its back-off. `retry` below `withLock` goes to the end of the queue, behind waiters that subscribed later.
 *
 * **Lost permits.** The permit of a lock outside the process can be lost. Then the source is torn down, the permit's `release()`
 * is called, and downstream gets a {@link LockLostError}. `retry` below `withLock` waits in the queue again. The primitives of this
 * library never take a permit away.
 *
 * ```
 * source              --a--b--c--d--|
 * the lock is lost    --------x
 * source, withLock    --a--b--#
 * ```
 *
 * **Python.** `async with lock:` around the body of the source.
 *
 * @example
 * const lock = new Lock();
 * const save = (text: string) => of(text).pipe(withLock(lock));
 *
 * save('first').subscribe(console.log);
 * save('second').subscribe(console.log);
 *
 * @param lock - a `Lock`, a `Condition`, a semaphore, a side of a `ReadWriteLock`, or anything else that can be acquired. The
 * source has no access to the permit: to downgrade a write permit, use `lock.write.use((permit) => …)`. The same goes for the
 * token of a lease.
 * @param options - `weight`: how many units to hold. `until`: bounds the wait; if it emits first, RxJS's `TimeoutError` goes
 * downstream. `whenBusy`: what to do instead of waiting.
 * @throws TypeError at the call, for a `lock` that cannot be acquired and for malformed options. RangeError at the call, for a
 * malformed weight. RangeError downstream, for a weight above the bound.
 * {@link ClosedError}, {@link QueueFullError}, {@link CancelledError}, {@link BusyError} and {@link LockLostError} downstream.
 * @see `Lock.use` for the same without a source, and `Lock.acquire` to hold a lock by hand.
 */
export function withLock<T>(lock: Acquirable, options: AdmissionOptions = {}): MonoTypeOperatorFunction<T> {
  return insideOf('withLock', lock, options);
}
