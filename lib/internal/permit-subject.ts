/**
 * What a primitive that gives permits is: the way of an `acquire()`, in one place. The primitives themselves say only
 * what is free, what a grant takes, and what a release puts back.
 */
import type { Observable, ObservableInput } from 'rxjs';

import type { Acquirable, Permit } from '../permit.js';
import { acquiring, Acquisition, nobody } from './acquisition.js';
import { checkPositive } from './arguments.js';
import { enter, tryEnter, type Claim, type Contender, type Trying } from './claim.js';
import { StatefulSubject } from './stateful-subject.js';
import { HELD, PROMISED } from './waiter.js';
import { run, use, type RunOptions, type UseOptions } from './use.js';
import { deliver, deliverNow } from './wake-list.js';

export abstract class PermitSubject<S> extends StatefulSubject<S, Contender> implements Acquirable {
  private readonly acquiringOne = acquiring(this, 1);

  acquire(weight = 1): Observable<Permit> {
    // Stryker disable next-line ConditionalExpression,BlockStatement: it saves an Observable, and changes nothing else
    if (weight === 1) {
      return this.acquiringOne;
    }
    checkPositive('weight', weight);
    return acquiring(this, weight);
  }

  tryAcquire(weight = 1): Permit | null {
    checkPositive('weight', weight);
    this.check(weight);
    if (!this.isFreeFor(weight)) {
      return null;
    }
    const permit = new Acquisition(weight, nobody);
    this.promise(permit);
    try {
      deliver();
    } catch (error) {
      permit.unsubscribe(); // the caller gets the error of an observer, and no permit
      throw error;
    }
    permit.phase = HELD;
    this.unpromise(permit);
    return permit;
  }

  use<T>(work: (permit: Permit) => ObservableInput<T>, options?: UseOptions): Observable<T> {
    return use(this, work, options);
  }

  run<T>(work: (permit: Permit) => T | PromiseLike<T>, options?: RunOptions): Promise<T> {
    return run(this, work, options);
  }

  /** @internal */
  [enter](claim: Claim): void {
    if (this.mustWait(claim)) {
      this.park(claim, 'acquire');
    }
  }

  /** @internal */
  [tryEnter](claim: Trying): void {
    if (this.mustWait(claim)) {
      claim.busy(String(this));
    }
  }

  /** Whether so much is free, were it not for the line. */
  protected abstract isFree(weight: number): boolean;

  /** Commits that a contender has what it came for. */
  protected abstract take(contender: Contender): void;

  /** The most that can be free at any time. */
  protected abstract most(): number;

  private check(weight: number): void {
    this.checkOpen('acquire');
    if (weight > this.most()) {
      throw new RangeError(`cannot acquire ${String(weight)} of ${String(this)}: it never has more than ${String(this.most())}`);
    }
  }

  /** Grants the claim now if that is possible; says whether somebody is still there who would have to wait. */
  private mustWait(claim: Claim): boolean {
    this.check(claim.weight);
    if (claim.subscriber.closed) {
      return false;
    }
    if (!this.isFreeFor(claim.weight)) {
      return true;
    }
    this.promise(claim);
    deliverNow(claim);
    return false;
  }

  private isFreeFor(weight: number): boolean {
    return this.queue.length === 0 && this.isFree(weight);
  }

  /** Commits and appends the state of an immediate grant. */
  private promise(claim: Claim): void {
    claim.home = this;
    claim.phase = PROMISED;
    this.take(claim);
    this.publish();
  }
}
