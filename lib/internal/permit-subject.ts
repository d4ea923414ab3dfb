/**
 * What a primitive that gives permits is. The primitives themselves say only what is free, what a grant takes, and what a
 * release puts back.
 */
import type { Observable, ObservableInput } from 'rxjs';

import type { Acquirable, Permit } from '../permit.js';
import { acquiring } from './acquisition.js';
import { enter, type Busy, type Claim, type Contender } from './claim.js';
import { demandOf, ONE, type AcquireOptions, type Demand } from './demand.js';
import { comeIn, takeAtOnce } from './entrance.js';
import { StatefulSubject } from './stateful-subject.js';
import { run, use, type RunOptions, type UseOptions } from './use.js';

// It is a Door and an Entrance too. That is internal, and a declaration that said so would lack the members.
export abstract class PermitSubject<S> extends StatefulSubject<S, Contender> implements Acquirable {
  private readonly acquiringOne = acquiring(this, ONE);

  acquire(wanted?: number | AcquireOptions): Observable<Permit> {
    const demand = demandOf(wanted);
    // Stryker disable next-line ConditionalExpression: it saves an Observable, and changes nothing else
    return demand === ONE ? this.acquiringOne : acquiring(this, demand);
  }

  tryAcquire(wanted?: number | AcquireOptions): Permit | null {
    return takeAtOnce(this, demandOf(wanted));
  }

  use<T>(work: (permit: Permit) => ObservableInput<T>, options?: UseOptions): Observable<T> {
    return use(this, work, options);
  }

  run<T>(work: (permit: Permit) => T | PromiseLike<T>, options?: RunOptions): Promise<T> {
    return run(this, work, options);
  }

  /** @internal */
  [enter](claim: Claim, busy?: Busy): void {
    comeIn(this, claim, busy);
  }

  /** @internal */
  abstract check(demand: Demand): void;

  /** @internal */
  abstract isFreeFor(demand: Demand): boolean;

  /** @internal */
  abstract take(contender: Contender): void;
}
