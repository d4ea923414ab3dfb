/**
 * What all errors of rxjs-locks have in common: `error instanceof LocksError` tells them from others. Bad arguments
 * are plain `RangeError`s and `TypeError`s, and `until` gives RxJS's own `TimeoutError`.
 */
export abstract class LocksError extends Error {
  /** {@link OverReleaseError} counts as one, though it descends from `RangeError`. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return super[Symbol.hasInstance](value) || (this === LocksError && value instanceof OverReleaseError);
  }
}

/**
 * Something was released or downgraded that is not held, or a condition was waited for or notified without its lock.
 *
 * **Python.** `RuntimeError`.
 */
export class NotAcquiredError extends LocksError {
  override readonly name = 'NotAcquiredError';
}

/**
 * More was released to a bounded semaphore than was ever acquired.
 *
 * **Python.** `ValueError`, as `asyncio.BoundedSemaphore` raises it.
 */
export class OverReleaseError extends RangeError {
  override readonly name = 'OverReleaseError';
}

/** The primitive was closed, by `complete()` or `unsubscribe()`, before or while one waited for it. */
export class ClosedError extends LocksError {
  override readonly name = 'ClosedError';
}

/**
 * The waiters of a primitive were sent away by `cancelWaiters()`.
 *
 * **Python.** `asyncio.CancelledError`.
 */
export class CancelledError extends LocksError {
  override readonly name = 'CancelledError';
}

/**
 * A barrier was aborted or reset while one waited for it, or is broken.
 *
 * **Python.** `asyncio.BrokenBarrierError`.
 */
export class BrokenBarrierError extends LocksError {
  override readonly name = 'BrokenBarrierError';
}

/** `whenBusy: 'error'` was asked for, and it would have had to wait. */
export class BusyError extends LocksError {
  override readonly name = 'BusyError';
}

/** As many wait already as the primitive's `maxWaiting` allows. */
export class QueueFullError extends LocksError {
  override readonly name = 'QueueFullError';
}

/** Somebody called `next()`: the state of a primitive changes through its methods alone. */
export class ReadOnlyStateError extends LocksError {
  override readonly name = 'ReadOnlyStateError';
}
