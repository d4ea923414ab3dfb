import { NotAcquiredError, OverReleaseError } from './errors.js';
import { checkPositive } from './internal/arguments.js';
import type { Contender } from './internal/claim.js';
import type { PrimitiveOptions } from './internal/stateful-subject.js';
import type { Wakeable } from './internal/wake-list.js';
import { Semaphore } from './semaphore.js';

/**
 * A {@link Semaphore} that never has more units than it began with, and notices a release too many.
 *
 * **Python.** `asyncio.BoundedSemaphore`. In addition, who asks for more than the bound fails at once.
 *
 * @example
 * const connections = new BoundedSemaphore(10);
 *
 * connections.use(() => of('a query')).subscribe(console.log);
 */
export class BoundedSemaphore extends Semaphore {
  private readonly bound: number;

  // Granted, and not yet told: nobody else can give it back. free + promised + what is held by those told === bound
  private promised = 0;

  constructor(value = 1, options?: PrimitiveOptions) {
    super(value, options);
    this.bound = value;
  }

  /**
   * Puts `n` units back.
   *
   * **Python.** `semaphore.release()`, which raises `ValueError` when there would be more than to begin with.
   *
   * @throws {@link OverReleaseError} when there would be more than to begin with; {@link NotAcquiredError} when they
   * are promised to somebody who has not been told yet. Nothing is changed then. RangeError when `n` is not a positive
   * integer.
   */
  override release(n = 1): void {
    checkPositive('n', n);
    if (n > this.bound - this.available) {
      throw new OverReleaseError(
        `cannot release ${String(n)} of ${String(this)}: ${String(this.available)} of ${String(this.bound)} are free already`,
      );
    }
    if (n > this.held()) {
      throw new NotAcquiredError(
        `cannot release ${String(n)} of ${String(this)}: ${String(this.promised)} of them are promised to those who have not been told yet`,
      );
    }
    super.release(n);
  }

  /** @internal What `release(n)` has already put back in its stead, a permit does not put back again. */
  override giveBack({ weight }: Contender, told?: Wakeable): void {
    this.putBack(Math.min(weight, this.held()), told);
  }

  /** @internal */
  override unpromise({ weight }: Contender): void {
    this.promised -= weight;
  }

  protected override kind(): string {
    return 'bounded semaphore';
  }

  /** @internal */
  override take(contender: Contender): void {
    super.take(contender);
    this.promised += contender.weight;
  }

  protected override most(): number {
    return this.bound;
  }

  private held(): number {
    return this.bound - this.available - this.promised;
  }
}
