import type { Subscriber } from 'rxjs';

import type { Permit } from '../../permit.js';
import { ClaimPermit } from './claim-permit.js';
import type { Demand } from './demand.js';
import { HELD, SPENT, Waiter } from './waiter.js';
import { deliver, type Wakeable } from '../delivery/wake-list.js';

/** The wait in a condition for which a permit is suspended. */
export interface Suspension {
  /** Ends the wait, because its permit is released: commits and appends. */
  resign(): void;
}

/** A waiter that wants a permit, and holds the permit after the grant. */
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

  /** The permit that the holder gets. */
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

  /**
   * Commits that the permit is lost, because its wait in a condition failed or was cancelled. Returns an entry for
   * another waiter that this concerns.
   */
  spend(): Wakeable | undefined {
    this.phase = SPENT;
    this.suspension = undefined;
    return undefined;
  }
}

/** Called instead of enqueueing, for a claim that must not wait. */
export type Busy = (where: string) => void;

/** A primitive, or a part of it, that grants permits. */
export interface Door {
  /**
   * Grants the claim now, or enqueues it. If the claim would have to wait and `busy` is given, it calls `busy` instead.
   *
   * @throws the reason why the claim can never be granted.
   */
  [enter](claim: Claim, busy?: Busy): void;
}

/** Marks the library's own primitives, whose queues the operators enter directly. */
export const enter = Symbol('enter');
