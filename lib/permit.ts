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
