/**
 * The base class of all errors of rxjs-locks: `error instanceof LocksError` distinguishes them from other errors. Bad arguments
 * cause plain `RangeError`s and `TypeError`s, and `until` causes RxJS's own `TimeoutError`.
 */
export abstract class LocksError extends Error {
  /** {@link OverReleaseError} counts as a `LocksError`, though it extends `RangeError`. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return super[Symbol.hasInstance](value) || (this === LocksError && value instanceof OverReleaseError);
  }
}

/**
 * A caller released or downgraded something that is not held, or waited for or notified a condition without its lock.
 *
 * **Python.** `RuntimeError`.
 */
export class NotAcquiredError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'NotAcquiredError';
}

/**
 * A caller released more units of a bounded semaphore than were in use.
 *
 * **Python.** `ValueError`, as `asyncio.BoundedSemaphore` raises it.
 */
export class OverReleaseError extends RangeError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'OverReleaseError';
}

/** The primitive was closed, by `complete()` or `unsubscribe()`, before or during the wait. */
export class ClosedError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'ClosedError';
}

/**
 * The waiters of a primitive were cancelled by `cancelWaiters()`.
 *
 * **Python.** `asyncio.CancelledError`.
 */
export class CancelledError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'CancelledError';
}

/**
 * A barrier was aborted or reset during the wait, or is broken.
 *
 * **Python.** `asyncio.BrokenBarrierError`.
 */
export class BrokenBarrierError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'BrokenBarrierError';
}

/** The option `whenBusy: 'error'` was given, and the caller would have had to wait. */
export class BusyError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'BusyError';
}

/** The queue already has as many waiters as the primitive's `maxWaiting` allows. */
export class QueueFullError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'QueueFullError';
}

/**
 * A permit was taken away from its holder: another tab stole the lock, or the lease at the server ended. See
 * {@link LosablePermit}.
 */
export class LockLostError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'LockLostError';
  /** Why the permit was lost. */
  override readonly cause?: unknown;

  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- its type, for consumers whose `lib` has no `cause` yet
  constructor(message?: string, options?: { readonly cause?: unknown }) {
    super(message, options);
  }
}

/** The service that grants a lock could not be asked: it is not there, or it did not answer. */
export class UnavailableError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'UnavailableError';
  /** What the client of the service heard. */
  override readonly cause?: unknown;

  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- its type, for consumers whose `lib` has no `cause` yet
  constructor(message?: string, options?: { readonly cause?: unknown }) {
    super(message, options);
  }
}

/** A caller called `next()`, but the state of a primitive changes only through its methods. */
export class ReadOnlyStateError extends LocksError {
  /** The name of the class, which a minified build keeps. */
  override readonly name = 'ReadOnlyStateError';
}
