import type { Observable, Subscriber } from 'rxjs';

import { Claim } from './claim.js';
import { demandOf, ONE, type Demand } from './demand.js';
import { innerSubscriber } from '../streams/inner-subscriber.js';
import { WaitObservable } from './wait-observable.js';

/**
 * One subscription to `acquire()` or `wait()`. It is the permit too, which the subscriber must release from then on.
 */
export class Wait extends Claim {
  /** The value to emit, if that is not a permit. */
  answer: unknown = undefined;

  protected granted(): void {
    this.subscriber.next(this.answer ?? this.toPermit());
    this.subscriber.complete();
  }
}

/** Returns the Observable for a demand. */
export type WaitsOf<T> = (wanted?: unknown) => Observable<T>;

/**
 * Makes the Observables of `acquire()` or `wait()`. All callers with the same demand can share one, because each
 * subscription makes its own waiter.
 *
 * @param enter - called with each new waiter.
 */
export function waitsOf<T>(enter: (wait: Wait) => void): WaitsOf<T> {
  const waits = (demand: Demand): Observable<T> =>
    new WaitObservable((subscriber) => {
      enter(new Wait(demand, subscriber));
    });
  const one = waits(ONE);
  return (wanted) => {
    const demand = demandOf(wanted);
    // Stryker disable next-line ConditionalExpression: it saves an Observable, and changes nothing else
    return demand === ONE ? one : waits(demand);
  };
}

/** The subscriber of a permit that `tryAcquire()` takes without a subscription. */
export const nobody: Subscriber<unknown> = /* @__PURE__ */ innerSubscriber();
