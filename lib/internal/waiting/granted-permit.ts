import type { Permit } from '../../permit.js';
import { inspected, inspectSymbol, type Inspect } from '../checks/inspection.js';

/** What a permit stands for: the waiter that holds it. */
interface Holder {
  readonly released: boolean;
  readonly resource: { toString(): string };
  release(): void;
}

/**
 * The permit that a holder gets. It leads to its waiter only by a private field. So a store that freezes a permit to
 * check its state, or code that copies or prints the permit, does not reach the waiter.
 */
export class GrantedPermit implements Permit {
  readonly #holder: Holder;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  get released(): boolean {
    return this.#holder.released;
  }

  release(): void {
    this.#holder.release();
  }

  [Symbol.dispose](): void {
    this.#holder.release();
  }

  /** The primitive that granted the permit, for logs. */
  toString(): string {
    return `permit of ${String(this.#holder.resource)}`;
  }

  /** Whether the permit was released, for logs. */
  toJSON(): { readonly released: boolean } {
    return { released: this.released };
  }

  [inspectSymbol](_depth: number, options: unknown, inspect: Inspect): string {
    return inspected(this, options, inspect);
  }

  /** Returns the waiter behind a permit, or the permit itself if this library did not make it. */
  static waiterOf(permit: unknown): unknown {
    return typeof permit === 'object' && permit !== null && #holder in permit ? permit.#holder : permit;
  }
}
