import type { Permit } from '../permit.js';
import type { Claim } from './claim.js';

/**
 * What a holder is given. It leads to its claim by a private field alone: whatever freezes, copies or prints a permit, as a
 * store does that checks its state, finds nothing behind it.
 */
export class ClaimPermit implements Permit {
  readonly #claim: Claim;

  constructor(claim: Claim) {
    this.#claim = claim;
  }

  get released(): boolean {
    return this.#claim.released;
  }

  release(): void {
    this.#claim.release();
  }

  [Symbol.dispose](): void {
    this.#claim.release();
  }

  /** The claim behind a permit; a permit that is none of ours is returned as it is. */
  static claimOf(permit: unknown): unknown {
    return #claim in Object(permit) ? (permit as ClaimPermit).#claim : permit;
  }
}
