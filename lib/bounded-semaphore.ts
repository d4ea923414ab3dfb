import { NotAcquiredError, OverReleaseError } from './errors.js';
import { checkNotNegative, checkPositive } from './internal/checks/arguments.js';
import { deliver, type Wakeable } from './internal/delivery/delivery.js';
import type { TraceStep } from './internal/delivery/trace-event.js';
import type { PrimitiveOptions } from './internal/primitives/stateful-subject.js';
import { WeighedQueue } from './internal/queue/weighed-queue.js';
import type { Demand } from './internal/waiting/demand.js';
import type { Waiter } from './internal/waiting/waiter.js';
import { Semaphore } from './semaphore.js';

/**
 * A {@link Semaphore} that never has more units than its bound, and detects one release too many.
 *
 * The bound is the initial number of units, and {@link resize} changes it. With a bound of 0 the semaphore is paused.
 *
 * **Python.** `asyncio.BoundedSemaphore`. In addition, an acquisition of more units than the bound fails at once.
 *
 * @example
 * const connections = new BoundedSemaphore(10);
 *
 * connections.use(() => of('a query')).subscribe(console.log);
 */
export class BoundedSemaphore extends Semaphore {
  // No waiter in the queue has a weight above `units`, unless `units` is 0.
  private accessor units: number;

  // The units whose grants are not delivered yet: `release(n)` cannot release them. free + undelivered + units held by holders
  // whose grants are delivered === units. free is negative while more units are in use than a lowered bound allows.
  private accessor undelivered = 0;

  constructor(value = 1, options?: PrimitiveOptions) {
    super(value, options, new WeighedQueue());
    this.units = value;
  }

  private get weighed(): WeighedQueue<Waiter> {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- the constructor creates it
    return this.queue as WeighedQueue<Waiter>;
  }

  /** The number of units, free or in use. */
  get bound(): number {
    return this.units;
  }

  /**
   * Releases `n` units.
   *
   * **Python.** `semaphore.release()`, which raises `ValueError` when more units would be free than initially.
   *
   * @throws {@link OverReleaseError} when more units would be free than the bound; {@link NotAcquiredError} when the units
   * are granted to waiters whose grants are not delivered yet. Both leave the semaphore unchanged. RangeError when `n` is
   * not a positive integer.
   */
  override release(n = 1): void {
    checkPositive('n', n);
    if (n > this.units - this.free) {
      throw new OverReleaseError(
        `cannot release ${String(n)} of ${String(this)}: ${String(this.available)} of ${String(this.units)} are free already`,
      );
    }
    if (n > this.held()) {
      throw new NotAcquiredError(
        `cannot release ${String(n)} of ${String(this)}: ${String(this.undelivered)} of them are granted, but not delivered yet`,
      );
    }
    super.release(n);
  }

  /**
   * Changes the bound: the number of units, free or in use.
   *
   * ```
   * of two units       a and b hold one each, c waits
   *
   * resize(3)          -----x
   * c.acquire()        -----(p|)
   *
   * resize(1)          --x
   * a and b release    ----a---b
   * c.acquire()        --------(p|)
   * ```
   *
   * With a bound of 0 the semaphore is paused: all acquisitions wait, and waiters keep their places until a later `resize()`.
   *
   * ```
   * of one unit        a holds it
   *
   * resize(0)          --x
   * a releases         ---x
   * b.acquire()        ----------(p|)
   * resize(1)          ----------x
   * ```
   *
   * **Order.** After an increase, all waiters that fit now are woken, in order. After a decrease, holders keep their units,
   * and the next grant follows when enough units are released. A waiter that wants more than a new bound above 0 fails at
   * once. The waiters behind it that fit now are woken. During a pause, waiters of any weight wait, and `tryAcquire()`
   * returns `null`.
   *
   * In a stream, `throttleBySemaphore(semaphore, project)`, a waiting value that no longer fits fails with this `RangeError`.
   * The error ends the stream and its running tasks.
   *
   * **Costs.** If no waiter wants more than the new bound, the cost does not depend on the number of waiters. A limit can be
   * adapted after each task.
   *
   * **Python.** `anyio.CapacityLimiter.total_tokens`; asyncio's semaphores keep their size.
   *
   * @param bound - an integer of at least 0.
   * @throws RangeError when `bound` is malformed, at the call; downstream, to waiters that want more than a bound above 0.
   */
  resize(bound: number): void {
    checkNotNegative('bound', bound);
    this.free += bound - this.units;
    this.units = bound;
    this.note('resize');
    const unfit = bound === 0 ? [] : this.weighed.drainAbove(bound);
    this.failWaiters([this], unfit, ({ demand }) => this.tooMuch(demand.weight));
    deliver();
  }

  /** @internal */
  override check(demand: Demand): void {
    super.check(demand);
    if (this.units > 0 && demand.weight > this.units) {
      throw this.tooMuch(demand.weight);
    }
  }

  /** @internal A permit does not release units that `release(n)` has already released in its place. */
  override takeBack(waiter: Waiter, notice?: Wakeable, step: TraceStep = 'release'): void {
    this.putBack(Math.min(waiter.demand.weight, this.held()), notice, step, waiter);
  }

  /** @internal */
  override grantEnded({ demand }: Waiter): void {
    this.undelivered -= demand.weight;
  }

  protected override kind(): string {
    return 'bounded semaphore';
  }

  /** @internal */
  override grant(waiter: Waiter): void {
    super.grant(waiter);
    this.undelivered += waiter.demand.weight;
  }

  private tooMuch(weight: number): RangeError {
    return new RangeError(`cannot acquire ${String(weight)} of ${String(this)}: it never has more than ${String(this.units)}`);
  }

  private held(): number {
    return this.units - this.free - this.undelivered;
  }
}
