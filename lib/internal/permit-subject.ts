/**
 * What a primitive that gives permits is. The primitives themselves say only what is free, what a grant takes, and what a
 * release puts back.
 */
import type { Observable, ObservableInput } from 'rxjs';

import type { Acquirable, Permit } from '../permit.js';
import { acquiring } from './acquisition.js';
import { checkPositive } from './arguments.js';
import { enter, tryEnter, type Claim, type Contender, type Trying } from './claim.js';
import { comeIn, takeAtOnce, tryToComeIn } from './entrance.js';
import { StatefulSubject } from './stateful-subject.js';
import { run, use, type RunOptions, type UseOptions } from './use.js';

// It is a Door and an Entrance too. That is internal, and a declaration that said so would lack the members.
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
    return takeAtOnce(this, weight);
  }

  use<T>(work: (permit: Permit) => ObservableInput<T>, options?: UseOptions): Observable<T> {
    return use(this, work, options);
  }

  run<T>(work: (permit: Permit) => T | PromiseLike<T>, options?: RunOptions): Promise<T> {
    return run(this, work, options);
  }

  /** @internal */
  [enter](claim: Claim): void {
    comeIn(this, claim);
  }

  /** @internal */
  [tryEnter](claim: Trying): void {
    tryToComeIn(this, claim);
  }

  /** @internal */
  check(weight: number): void {
    this.checkOpen('acquire');
    if (weight > this.most()) {
      throw new RangeError(`cannot acquire ${String(weight)} of ${String(this)}: it never has more than ${String(this.most())}`);
    }
  }

  /** @internal */
  isFreeFor(weight: number): boolean {
    return this.queue.length === 0 && this.isFree(weight);
  }

  /** @internal */
  abstract take(contender: Contender): void;

  /** Whether so much is free, were it not for the line. */
  protected abstract isFree(weight: number): boolean;

  /** The most that can be free at any time. */
  protected abstract most(): number;
}
