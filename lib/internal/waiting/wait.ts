/**
 * One subscription to `acquire()` or `wait()`: the Observable, the subscriber and the waiter. `use()` and the operators
 * that leave a source unchanged use the same Observable. Many subscribers use it at the same time, and each of these
 * only waits.
 *
 * ```
 *   RxJS's own    SafeSubscriber ─► ConsumerObserver ─► observer        and a list of teardowns
 *   here          WaitSubscriber ─────────────────────► observer        and a field for the one
 * ```
 *
 * Most of the memory of a waiter would be its subscription. Without this subscriber, a long queue takes 2.5 times as long,
 * and 1.25 times with a class of waiters for each primitive (`npm run bench -- --ablation`). Operators subscribe with a
 * subscriber of their own, and are served as by any Observable.
 */
import { config, Observable, Subscriber, Subscription, type Observer, type TeardownLogic } from 'rxjs';

import type { Permit } from '../../permit.js';
import { deliver, report } from '../delivery/delivery.js';
import { innerSubscriber } from '../delivery/inner-subscriber.js';
import { demandOf, ONE, type Demand } from './demand.js';
import { HELD, Waiter, type OwnResource } from './waiter.js';

/** The waiter of one subscription to `acquire()` or `wait()`. */
export class Wait extends Waiter {
  /** The value to emit, if that is not a permit. */
  answer: unknown = undefined;

  protected granted(): void {
    this.subscriber.next(this.answer ?? this.toPermit());
    this.subscriber.complete();
  }
}

/** Returns the Observable for a demand. */
export type Waits<T> = (wanted?: unknown) => Observable<T>;

/**
 * Makes the Observables of `acquire()` or `wait()`. All callers with the same demand can share one, because each
 * subscription makes its own waiter.
 *
 * @param enter - called with each new waiter.
 */
export function makeWaits<T>(enter: (wait: Wait) => void): Waits<T> {
  const waits = (demand: Demand): Observable<T> =>
    new WaitObservable((subscriber) => {
      enter(new Wait(demand, subscriber));
    });
  const one = waits(ONE);
  return (wanted) => {
    // Stryker disable next-line ConditionalExpression: it saves some steps and an Observable, and changes nothing else
    return wanted === undefined ? one : waits(demandOf(wanted));
  };
}

/** The subscriber of a permit that `tryAcquire()` takes without a subscription. */
const noSubscriber: Subscriber<unknown> = /* @__PURE__ */ innerSubscriber();

/** Takes a permit without a subscription. Returns `null` if the caller would have to wait. */
export function acquireNow(resource: OwnResource, wanted?: unknown): Permit | null {
  // Stryker disable next-line ConditionalExpression: it saves some steps, and changes nothing else
  const demand = wanted === undefined ? ONE : demandOf(wanted);
  resource.check(demand);
  if (!resource.isFreeFor(demand)) {
    return null;
  }
  const wait = new Wait(demand, noSubscriber);
  wait.takeFrom(resource);
  try {
    deliver();
  } catch (error) {
    wait.unsubscribe(); // the caller gets the error of an observer, and no permit
    throw error;
  }
  wait.phase = HELD;
  resource.grantEnded(wait);
  return wait.toPermit();
}

type Handler<T> = Partial<Observer<T>> | ((value: T) => void);

export class WaitObservable<T> extends Observable<T> {
  constructor(private readonly start: (subscriber: Subscriber<T>) => void) {
    super(start);
  }

  override subscribe(handler?: Handler<T> | null): Subscription;
  /** @deprecated Pass an observer, as RxJS wants it. */
  override subscribe(
    next?: ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription;
  override subscribe(
    handler?: Handler<T> | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    if (!canHandle(handler) || error || complete || isOldFashioned()) {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the caller of the deprecated form is warned
      return super.subscribe(handler as ((value: T) => void) | null, error, complete);
    }
    const subscriber = new WaitSubscriber(handler);
    try {
      this.start(subscriber);
    } catch (error) {
      subscriber.error(error);
    }
    return subscriber;
  }
}

/**
 * Whether a handler can be served by a `WaitSubscriber`. Subscribers of any copy of RxJS know whether they are closed,
 * and RxJS serves them itself. RxJS ignores what is no observer.
 */
function canHandle<T>(handler: Handler<T> | null | undefined): handler is Handler<T> {
  return (typeof handler === 'function' || typeof handler === 'object') && handler !== null && !('closed' in handler);
}

/** Whether RxJS is configured to do what only its own subscriber does. */
function isOldFashioned(): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- read, so that the option keeps working
  return config.useDeprecatedSynchronousErrorHandling || config.useDeprecatedNextContext;
}

/** The handler of a subscriber whose subscription is over: it does nothing. */
const silence = {};

class WaitSubscriber<T> extends Subscriber<T> {
  // Defined only while the waiter is the only teardown.
  private waiter: Waiter | undefined = undefined;

  constructor(private handler: Handler<T>) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- as in inner-subscriber.ts
    super();
  }

  override add(teardown: TeardownLogic): void {
    super.add(this.waiter);
    this.waiter = undefined;
    // Stryker disable next-line ConditionalExpression: it saves a list, and changes nothing else
    if (teardown instanceof Waiter && !this.closed) {
      this.waiter = teardown;
    } else {
      super.add(teardown);
    }
  }

  override unsubscribe(): void {
    const { waiter } = this;
    super.unsubscribe();
    this.handler = silence;
    if (waiter !== undefined) {
      this.waiter = undefined;
      tearDown(waiter);
    }
  }

  protected override _next(value: T): void {
    const { handler } = this;
    try {
      if (typeof handler === 'function') {
        handler(value);
      } else {
        handler.next?.(value);
      }
    } catch (error) {
      report(error);
    }
  }

  protected override _error(error: unknown): void {
    try {
      const { handler } = this;
      if (typeof handler !== 'function' && handler.error) {
        handler.error(error);
      } else {
        report(error);
      }
    } catch (thrown) {
      report(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    try {
      const { handler } = this;
      if (typeof handler !== 'function') {
        handler.complete?.();
      }
    } catch (error) {
      report(error);
    } finally {
      this.unsubscribe();
    }
  }
}

/** Unsubscribes the waiter, and throws its error as RxJS does. */
function tearDown(waiter: Waiter): void {
  try {
    waiter.unsubscribe();
  } catch (error) {
    new Subscription(() => {
      throw error;
    }).unsubscribe();
  }
}
