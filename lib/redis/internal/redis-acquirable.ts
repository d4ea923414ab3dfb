import { Observable, throwError, type Subscriber } from 'rxjs';

import { ClosedError, type LeasedPermit } from '../../index.js';
import { checkPositive } from '../../internal/checks/arguments.js';
import { shown } from '../../internal/checks/shown.js';
import { RemoteAcquirable } from '../../internal/remote/index.js';
import type { RedisClient } from '../client.js';
import type { RedisOptions } from '../options.js';
import { checked } from './arguments.js';
import { keysOf } from './engine.js';
import { Place, type PlaceOwner } from './place.js';
import { processOf, type RedisProcess } from './process.js';
import type { SessionTerms } from './session.js';
import { watching, type RedisLockState } from './watch.js';

declare global {
  /** The declaration of TypeScript's own library, which has it since 5.2, and only with `ESNext.Disposable`. */
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** What a lock and a semaphore have in common. A lock is a semaphore of one unit, with keys of its own. */
export abstract class RedisAcquirable extends RemoteAcquirable<LeasedPermit> {
  readonly name: string;
  private readonly process: RedisProcess;
  private readonly terms: SessionTerms;
  private readonly kind: string;
  /** All places whose end the server may not know yet. */
  private readonly places = new Set<Place>();
  private readonly owner: PlaceOwner = {
    settled: (place) => {
      this.places.delete(place);
      this.endIfClosed();
    },
    toString: () => this.toString(),
  };
  private closing: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined = undefined;

  /** @internal */
  protected constructor(
    taker: string,
    { kind, value }: { readonly kind: string; readonly value: number },
    client: RedisClient,
    name: string,
    options: RedisOptions,
  ) {
    super();
    const { prefix, ...times } = checked(taker, client, name, options);
    checkPositive(`the value of a ${taker}`, value);
    this.name = name;
    this.kind = kind;
    this.process = processOf(client, prefix);
    this.terms = { keys: keysOf(prefix, kind, name), value, ...times };
  }

  /**
   * Emits how many permits are held and how many callers wait, over all processes, for a display. It asks the server while it is
   * subscribed to, at once and then every `every` milliseconds, and emits what has changed.
   *
   * It is no `BehaviorSubject`, as the state of a {@link Lock} is: a snapshot is old when it arrives. Never decide by it whether to
   * acquire.
   *
   * @throws RangeError for a malformed period, at the call. {@link UnavailableError} downstream.
   */
  state(every = 1000): Observable<RedisLockState> {
    return watching(this.process, this.terms, every, this.toString());
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
   *   onApplicationShutdown(): Promise<void> {
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

  toString(): string {
    return `redis ${this.kind} ${shown(this.name)}`;
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
      if (this.closing !== undefined) {
        subscriber.error(new ClosedError(`cannot acquire ${this.toString()}: it is closed`));
        return undefined;
      }
      const label = `${String(this.process.nextNumber())}:${String(weight)}`;
      const session = this.process.session(this.terms);
      const place = new Place(this.owner, session, label, mustNotWait, subscriber);
      if (place.isGone) {
        session.beat(); // the capture of the context is foreign code; a new session ends now
        return undefined;
      }
      this.places.add(place);
      session.enter(place);
      return () => {
        place.leave();
      };
    });
  }

  /** Why so many units can never be granted. */
  protected abstract refusalOf(weight: number): string | undefined;

  private endIfClosed(): void {
    if (this.closing !== undefined && this.places.size === 0) {
      this.process.rest();
      this.closing.resolve();
    }
  }
}
