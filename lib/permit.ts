import type { Observable } from 'rxjs';

declare global {
  /** As in TypeScript's own library, which has it from 5.2 on, and only with `ESNext.Disposable`. */
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/**
 * What `acquire()` emits: the right to be inside, until it is released.
 *
 * A log shows a permit of this library as what it is for, and whether it was released.
 *
 * It can be given to `using`, where the language has it: `using permit = lock.tryAcquire()`.
 */
export interface Permit {
  /** Whether it was given back, or lost by an unsubscribed `Condition.wait()`. */
  readonly released: boolean;

  /** Gives it back. Never throws; from the second time on it does nothing, whoever holds the primitive by then. */
  release(): void;

  /** The same as {@link release}, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * What every operator takes: the primitives of this library, and anything else that can be acquired, such as a lock
 * over the network.
 */
export interface Acquirable<P extends Permit = Permit> {
  /** Cold: each subscription is one acquisition. Emits one permit, and completes. Unsubscribing while it waits cancels. */
  acquire(weight?: number): Observable<P>;

  /** A permit at once, or `null` where it would have to wait. One that must ask somebody else answers in an Observable. */
  tryAcquire?(weight?: number): P | null | Observable<P | null>;
}
