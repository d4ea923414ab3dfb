import { isObservable, Subscription, type Observable } from 'rxjs';

import { NotAcquiredError } from '../../errors.js';
import type { Acquirable, Permit } from '../../permit.js';
import { enter, type Busy, type Claim, type Door } from '../waiting/claim.js';
import { currentContext } from '../delivery/context.js';
import { innerSubscriber } from '../streams/inner-subscriber.js';
import { shown } from '../checks/shown.js';
import { failure, PARKED, PROMISED, SPENT, type Home } from '../waiting/waiter.js';
import { append, deliver, deliverNow, type Wakeable } from '../delivery/wake-list.js';

/** Tells an Observable from a promise: a lock of promises has an `acquire()` too. */
function isSubscribable(answer: unknown): boolean {
  return typeof (answer as { readonly subscribe?: unknown } | null | undefined)?.subscribe === 'function';
}

/** An `Acquirable` that this library did not make. It gives each claim a home of its own. */
export class ForeignDoor implements Door {
  constructor(private readonly acquirable: Acquirable) {}

  [enter](claim: Claim, busy?: Busy): void {
    new ForeignHome(this.acquirable)[enter](claim, busy);
  }
}

/**
 * An `Acquirable` that this library did not make, for one claim. A waiting claim has subscribed to its `acquire()`, and
 * a holding claim has its permit. So the operators need only one way to acquire.
 */
class ForeignHome implements Home, Door {
  private waiting = Subscription.EMPTY;

  /** Set when the claim is promised the permit. */
  private permit!: Permit;

  constructor(private readonly acquirable: Acquirable) {}

  [enter](claim: Claim, busy?: Busy): void {
    if (claim.subscriber.closed) {
      return;
    }
    const { weight, priority, label } = claim.demand;
    if (priority !== 0 || label !== undefined) {
      const unknown = priority === 0 ? 'label' : 'priority';
      throw new RangeError(`cannot acquire ${this.toString()} with a ${unknown}: its acquire() takes a weight alone`);
    }
    if (busy === undefined) {
      this.subscribe(claim, this.acquirable.acquire(weight), () => {
        this.lost(claim);
      });
      return;
    }
    const without = (): void => {
      claim.inContext(() => {
        busy(this.toString()); // a `tryAcquire()` may answer late, in the context of other code
      });
    };
    // Stryker disable next-line OptionalChaining: an acquirable without tryAcquire() was refused at the call
    const answer = this.acquirable.tryAcquire?.(weight) ?? null;
    if (answer === null) {
      without();
    } else if (isObservable(answer)) {
      this.subscribe(claim, answer, without);
    } else {
      if (!isPermit(answer)) {
        throw this.noPermit(answer);
      }
      claim.home = this;
      this.grant(claim, answer);
    }
  }

  cancel(_claim: Claim, told?: Wakeable): void {
    append(told);
    this.waiting.unsubscribe();
  }

  giveBack(_claim: Claim, told?: Wakeable): void {
    append(told);
    this.permit.release();
    this.waiting.unsubscribe();
  }

  unpromise(): void {
    // No other waiter here depends on a foreign permit.
  }

  toString(): string {
    return 'the acquirable';
  }

  private subscribe(claim: Claim, answer: Observable<Permit | null>, without: () => void): void {
    if (!isSubscribable(answer)) {
      throw new TypeError(`cannot acquire ${this.toString()}: its acquire() returned ${shown(answer)}, not an Observable`);
    }
    claim.enterFrom(currentContext());
    if (claim.subscriber.closed) {
      return; // foreign code has run since the first check
    }
    claim.home = this;
    claim.phase = PARKED;
    const waiting = (this.waiting = innerSubscriber<Permit | null>({
      next: (permit) => {
        if (claim.phase !== PARKED) {
          permit?.release(); // the claim wanted one permit only
        } else if (permit === null) {
          waiting.unsubscribe();
          without();
        } else if (isPermit(permit)) {
          this.grant(claim, permit);
        } else {
          waiting.error(this.noPermit(permit));
        }
      },
      error: (error: unknown) => {
        if (claim.phase === PARKED) {
          claim.phase = SPENT;
          claim.fail(error);
        }
      },
      complete: () => {
        if (claim.phase === PARKED) {
          without();
        }
      },
    }));
    try {
      answer.subscribe(waiting);
    } catch (error) {
      waiting.error(error);
    }
  }

  private noPermit(given: unknown): TypeError {
    return new TypeError(`cannot acquire ${this.toString()}: it gave ${shown(given)}, which is no permit`);
  }

  private grant(claim: Claim, permit: Permit): void {
    this.permit = permit;
    claim.phase = PROMISED;
    deliverNow(claim);
  }

  /** Fails the claim: the foreign `acquire()` completed without a permit, so the claim would wait for ever. */
  private lost(claim: Claim): void {
    claim.phase = SPENT;
    append(failure(claim, new NotAcquiredError(`cannot acquire ${this.toString()}: it emitted no permit`)));
    deliver();
  }
}

/** Checks that a permit can be released. Otherwise it would be held for ever, and fail only after the task has run. */
function isPermit(given: unknown): given is Permit {
  return typeof (given as Partial<Permit> | undefined)?.release === 'function';
}
