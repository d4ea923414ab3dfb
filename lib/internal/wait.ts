import type { Observable, Subscriber } from 'rxjs';

import { Claim } from './claim.js';
import { demandOf, ONE, type Demand } from './demand.js';
import { innerSubscriber } from './inner-subscriber.js';
import { WaitObservable } from './wait-observable.js';

/** One subscription to `acquire()` or `wait()`: it is the permit, which from then on is the business of who got it. */
export class Wait extends Claim {
  /** What it emits, unless that is a permit. */
  answer: unknown = undefined;

  protected granted(): void {
    this.subscriber.next(this.answer ?? this.toPermit());
    this.subscriber.complete();
  }
}

/** Returns what is subscribed to by all who come for what is wanted. */
export type WaitsOf<T> = (wanted?: unknown) => Observable<T>;

/**
 * `acquire()` or `wait()`: what all subscribe to who come for the same, since the waiter is made by the subscription.
 *
 * @param enter - called with each who comes.
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

/** The subscriber of a permit that was asked for without subscribing, by `tryAcquire()`. */
export const nobody: Subscriber<unknown> = /* @__PURE__ */ innerSubscriber();
