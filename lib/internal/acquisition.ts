import type { Subscriber } from 'rxjs';

import type { Permit } from '../permit.js';
import { Claim } from './claim.js';
import { innerSubscriber } from './inner-subscriber.js';

/** One subscription to `acquire()`: emits itself as the permit, which from then on is the business of who got it. */
export class Acquisition extends Claim {
  declare readonly subscriber: Subscriber<Permit>;

  protected granted(): void {
    this.subscriber.next(this);
    this.subscriber.complete();
  }
}

/** The subscriber of a permit that was asked for without subscribing, by `tryAcquire()`. */
export const nobody: Subscriber<Permit> = /* @__PURE__ */ innerSubscriber({
  next: () => undefined,
  error: () => undefined,
  complete: () => undefined,
});
