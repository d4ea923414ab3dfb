import type { Observable } from 'rxjs';

declare global {
  /** The declaration of TypeScript's own library, which has it since 5.2, and only with `ESNext.Disposable`. */
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/**
 * The value that `acquire()` emits: the right to be inside, until it is released.
 *
 * In a log, a permit of this library shows its primitive and whether it was released.
 *
 * A permit works with `using`, where the language supports it: `using permit = lock.tryAcquire()`.
 */
export interface Permit {
  /** Whether the permit was released, or was lost by an unsubscribed `Condition.wait()`. */
  readonly released: boolean;

  /** Releases the permit. Never throws. Further calls do nothing, even if the primitive has another holder by then. */
  release(): void;

  /** The same as {@link release}, for `using`. */
  [Symbol.dispose](): void;

  /**
   * Emits why the permit was lost, and completes. Absent where a permit cannot be lost: the primitives of this library live
   * in one process, and take no permit away. See {@link LosablePermit}.
   */
  readonly lost$?: Observable<Error>;
}

/**
 * A permit that can be taken away from its holder. Acquirables emit it that live outside the process: a lock over tabs can be
 * stolen, and a lease at a server ends.
 *
 * ```
 * source             --a--b--c--d--|
 * lost$              --------(x|)
 * source, withLock   --a--b--#
 * ```
 *
 * `withLock`, `use`, `run`, `throttleBySemaphore` and `concatMapByKey` watch `lost$` while they hold the permit. If it emits,
 * the task is torn down, `release()` is called once, and downstream gets a {@link LockLostError}. `retry` downstream waits in
 * the queue again. A promise cannot be torn down: it goes on, and learns of the loss by {@link signal}.
 *
 * There is a gap between the loss and its message: a message takes time, and a machine can pause for longer than a lease. In
 * this gap there can be two holders. Only a token closes it, see {@link LeasedPermit}.
 */
export interface LosablePermit extends Permit {
  /** Whether the permit is, or may be, lost: true from that moment on, even before {@link lost$} emits. */
  readonly lost: boolean;

  /**
   * Emits once, when the permit is lost before it was released, and completes. It completes without a value when the permit is
   * released. A late subscriber gets the same at once. `released` and `lost` are true before it emits. An error counts as a
   * loss, with the error as its cause.
   */
  readonly lost$: Observable<Error>;

  /** Aborted when the permit is lost, with a {@link LockLostError} as its reason. Pass it to `fetch`. Made when first read. */
  readonly signal: AbortSignal;
}

/** The permit of a lease: the server takes it back if its holder does not renew it in time. */
export interface LeasedPermit extends LosablePermit {
  /**
   * A fencing token: each later grant of the same lock has a greater one. Send it along with what is written under the
   * permit. The storage must refuse a token if it has seen a greater one. Then a holder that does not know yet that it has lost its
   * permit can do no harm.
   */
  readonly token: bigint;
}

/**
 * The parameter of every operator: a primitive of this library, or any other object that can be acquired, such as a lock
 * over the network.
 */
export interface Acquirable<P extends Permit = Permit> {
  /** Cold: each subscription is one acquisition. Emits one permit, and completes. Unsubscribing while waiting cancels. */
  acquire(weight?: number): Observable<P>;

  /** Returns a permit at once, or `null` if the caller would have to wait; a remote lock answers with an Observable. */
  tryAcquire?(weight?: number): P | null | Observable<P | null>;
}
