import type { Subscriber } from 'rxjs';

import type { Permit } from '../permit.js';
import { ClaimPermit } from './claim-permit.js';
import type { Demand } from './demand.js';
import { HELD, SPENT, Waiter } from './waiter.js';
import { deliver, type Wakeable } from './wake-list.js';

/** The wait in a condition for which a permit is suspended. */
export interface Suspension {
  /** Ends the wait, because its permit is released: commits and appends. */
  resign(): void;
}

/** One that comes for something, and holds it once it has it. */
export abstract class Claim extends Waiter {
  // Defined if and only if the phase is SUSPENDED.
  suspension: Suspension | undefined = undefined;

  constructor(
    public demand: Demand,
    subscriber: Subscriber<unknown>,
  ) {
    super(subscriber);
  }

  get permit(): this {
    return this;
  }

  /** What its holder is given. */
  toPermit(): Permit {
    return this.home.permitOf?.(this) ?? new ClaimPermit(this);
  }

  get released(): boolean {
    return this.phase === SPENT;
  }

  release(): void {
    this.giveBack();
    deliver();
  }

  /** Commits and appends the release, if there is anything to release. */
  giveBack(): void {
    if (this.phase === HELD) {
      this.phase = SPENT;
      this.home.giveBack(this);
    } else {
      this.suspension?.resign();
    }
  }

  /** Commits that it is lost, because its wait in a condition was; returns whom else that concerns. */
  spend(): Wakeable | undefined {
    this.phase = SPENT;
    this.suspension = undefined;
    return undefined;
  }
}

/** What one who does not want to wait does instead. */
export type Busy = (where: string) => void;

/** Where one goes for a permit. */
export interface Door {
  /** Grants the claim now, or parks it, unless it has something else to do then. Throws what makes that impossible. */
  [enter](claim: Claim, busy?: Busy): void;
}

/** By this the operators know our own primitives, into whose line they put themselves. */
export const enter = Symbol('enter');
