import { Observable, throwError, type Subscriber } from 'rxjs';

import { ClosedError } from '../../errors.js';
import type { LeasedPermit } from '../../permit.js';
import { checkPositive } from '../checks/arguments.js';
import type { Place, PlaceOwner } from './place.js';
import { RemoteAcquirable } from './remote-acquirable.js';

declare global {
  /** The declaration of TypeScript's own library, which has it since 5.2, and only with `ESNext.Disposable`. */
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** The base of the locks at a server: each of their callers is a place there. */
export abstract class ServerAcquirable extends RemoteAcquirable<LeasedPermit> {
  /** The name at the server, which all instances of one lock share. */
  readonly name: string;
  /** What its places belong to. */
  protected readonly owner: PlaceOwner = {
    settled: (place) => {
      this.places.delete(place);
      this.endIfClosed();
    },
    toString: () => this.toString(),
  };
  /** All places whose end the server may not know yet. */
  private readonly places = new Set<Place>();
  private closing: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined = undefined;

  /** @internal */
  protected constructor(name: string) {
    super();
    this.name = name;
  }

  /**
   * Closes this instance, for the end of a process: callers that wait and later ones get a {@link ClosedError}. Holders finish. The
   * promise resolves when the server has heard of the last release, or when its lease is over.
   *
   * Other instances of the name go on.
   *
   * @example
   * class Invoices {
   *   constructor(private readonly lock: RedisLock) {}
   *
   *   beforeApplicationShutdown(): Promise<void> {
   *     return this.lock.close();
   *   }
   * }
   */
  close(): Promise<void> {
    if (this.closing === undefined) {
      let resolve!: () => void;
      const promise = new Promise<void>((settle) => (resolve = settle));
      this.closing = { promise, resolve };
      const open = [...this.places].filter((place) => place.isOpen);
      const error = new ClosedError(`gave up waiting for ${this.toString()}: it was closed`);
      for (const tell of open.map((place) => place.fail(error))) {
        tell();
      }
      this.endIfClosed();
    }
    return this.closing.promise;
  }

  /** The same as {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Each subscription is one place in the queue. */
  protected asking(weight: number, mustNotWait: false): Observable<LeasedPermit>;
  protected asking(weight: number, mustNotWait: boolean): Observable<LeasedPermit | null>;
  protected asking(weight: number, mustNotWait: boolean): Observable<LeasedPermit | null> {
    checkPositive('weight', weight);
    const refusal = this.refusalOf(weight);
    if (refusal !== undefined) {
      return throwError(() => new RangeError(`cannot acquire ${String(weight)} of ${this.toString()}: ${refusal}`));
    }
    return new Observable((subscriber: Subscriber<LeasedPermit | null>) => {
      const place = this.placeOf(weight, mustNotWait, subscriber); // captures a context, which can close this
      if (this.closing !== undefined) {
        // The place ends where it enters, since its subscriber is gone.
        subscriber.error(new ClosedError(`cannot acquire ${this.toString()}: it is closed`));
      }
      this.places.add(place);
      place.enter();
      return () => {
        place.leave();
      };
    });
  }

  /** Why so many units can never be granted. */
  protected abstract refusalOf(weight: number): string | undefined;

  protected abstract placeOf(weight: number, mustNotWait: boolean, subscriber: Subscriber<LeasedPermit | null>): Place;

  /** It is closed, and has no places any more: nothing is kept for later ones. */
  protected abstract rest(): void;

  private endIfClosed(): void {
    if (this.closing !== undefined && this.places.size === 0) {
      this.rest();
      this.closing.resolve();
    }
  }
}
