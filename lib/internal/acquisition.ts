import { type Observable, type Subscriber } from 'rxjs';

import type { Permit } from '../permit.js';
import { Claim, enter, type Door } from './claim.js';
import { WaitObservable } from './wait-observable.js';
import type { Demand } from './demand.js';
import { innerSubscriber } from './inner-subscriber.js';

/** One subscription to `acquire()`: emits itself as the permit, which from then on is the business of who got it. */
export class Acquisition extends Claim {
  declare readonly subscriber: Subscriber<Permit>;

  protected granted(): void {
    this.subscriber.next(this);
    this.subscriber.complete();
  }
}

/** `acquire()`: one for all who come for the same, since the waiter is made by the subscription. */
export function acquiring(door: Door, demand: Demand): Observable<Permit> {
  return new WaitObservable((subscriber) => {
    door[enter](new Acquisition(demand, subscriber));
  });
}

/** The subscriber of a permit that was asked for without subscribing, by `tryAcquire()`. */
export const nobody: Subscriber<Permit> = /* @__PURE__ */ innerSubscriber();
