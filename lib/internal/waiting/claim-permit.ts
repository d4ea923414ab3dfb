import type { Permit } from '../../permit.js';
import type { Claim } from './claim.js';
import { inspected, inspectSymbol, type Inspect } from '../checks/inspection.js';

/**
 * The permit that a holder gets. It leads to its claim only by a private field. So a store that freezes a permit to
 * check its state, or code that copies or prints the permit, does not reach the claim.
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

  /** The primitive that granted the permit, for logs. */
  toString(): string {
    return `permit of ${String(this.#claim.home)}`;
  }

  /** Whether the permit was released, for logs. */
  toJSON(): { readonly released: boolean } {
    return { released: this.released };
  }

  [inspectSymbol](_depth: number, options: unknown, inspect: Inspect): string {
    return inspected(this, options, inspect);
  }

  /** Returns the claim behind a permit, or the permit itself if this library did not make it. */
  static claimOf(permit: unknown): unknown {
    return typeof permit === 'object' && permit !== null && #claim in permit ? permit.#claim : permit;
  }
}
