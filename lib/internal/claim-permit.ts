import type { Permit } from '../permit.js';
import type { Claim } from './claim.js';
import { inspected, inspectSymbol, type Inspect } from './inspection.js';

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

  /** Of what it is the permit, for logs. */
  toString(): string {
    return `permit of ${String(this.#claim.home)}`;
  }

  /** Whether it was released, for logs. */
  toJSON(): { readonly released: boolean } {
    return { released: this.released };
  }

  [inspectSymbol](_depth: number, options: unknown, inspect: Inspect): string {
    return inspected(this, options, inspect);
  }

  /** The claim behind a permit; a permit that is none of ours is returned as it is. */
  static claimOf(permit: unknown): unknown {
    return typeof permit === 'object' && permit !== null && #claim in permit ? permit.#claim : permit;
  }
}
