import { isObservable, Subscription, type Observable } from 'rxjs';

import { NotAcquiredError } from '../errors.js';
import type { Acquirable, Permit } from '../permit.js';
import { enter, type Busy, type Claim, type Door } from './claim.js';
import { currentContext } from './context.js';
import { innerSubscriber } from './inner-subscriber.js';
import { shown } from './shown.js';
import { failure, PARKED, PROMISED, SPENT, type Home } from './waiter.js';
import { append, deliver, deliverNow, type Wakeable } from './wake-list.js';

/** A lock of promises has an `acquire()` too. */
function isSubscribable(answer: unknown): boolean {
  return typeof (answer as { readonly subscribe?: unknown } | null | undefined)?.subscribe === 'function';
}

/** Somebody else's `Acquirable`: gives each claim a home of its own. */
export class ForeignDoor implements Door {
  constructor(private readonly acquirable: Acquirable) {}

  [enter](claim: Claim, busy?: Busy): void {
    new ForeignHome(this.acquirable)[enter](claim, busy);
  }
}

/**
 * Somebody else's `Acquirable`, for one claim: who waits there has subscribed to its `acquire()`, and who holds has its
 * permit. With it the operators know one way only.
 */
class ForeignHome implements Home, Door {
  private waiting = Subscription.EMPTY;

  /** Set as it is promised. */
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
        busy(this.toString()); // a tryAcquire() may answer late, in the context of somebody else
      });
    };
    // Stryker disable next-line OptionalChaining: whoever has no tryAcquire() was refused at the call
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
    // A foreign permit is nobody else's business.
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
      return; // foreign code has run
    }
    claim.home = this;
    claim.phase = PARKED;
    const waiting = (this.waiting = innerSubscriber<Permit | null>({
      next: (permit) => {
        if (claim.phase !== PARKED) {
          permit?.release(); // one permit is all that was asked for
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

  /** A foreign `acquire()` that completes without a permit would leave the claim waiting for ever. */
  private lost(claim: Claim): void {
    claim.phase = SPENT;
    append(failure(claim, new NotAcquiredError(`cannot acquire ${this.toString()}: it emitted no permit`)));
    deliver();
  }
}

/** What cannot be released would be held for ever, and say so only after the task has run. */
function isPermit(given: unknown): given is Permit {
  return typeof (given as Partial<Permit> | undefined)?.release === 'function';
}
