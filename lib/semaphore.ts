import type { Observable } from 'rxjs';

import { checkNotNegative, checkPositive } from './internal/checks/arguments.js';
import { deliver, type Wakeable } from './internal/delivery/delivery.js';
import type { TraceStep } from './internal/delivery/trace-event.js';
import { PermitSubject } from './internal/primitives/permit-subject.js';
import type { PrimitiveOptions } from './internal/primitives/stateful-subject.js';
import { PriorityQueue } from './internal/queue/priority-queue.js';
import type { AcquireOptions, Demand } from './internal/waiting/demand.js';
import { acquireNow, makeWaits, type Waits } from './internal/waiting/wait.js';
import { admit, type OnBusy, type Waiter } from './internal/waiting/waiter.js';
import type { Permit } from './permit.js';

/** The state that a {@link Semaphore} publishes. */
export interface SemaphoreState {
  /** The number of free units. */
  readonly available: number;
  /** The number of waiters in the queue. */
  readonly waiting: number;
}

/**
 * Limits how many holders there are at a time. Each holder takes one unit, or several at once (`weight`).
 *
 * Subscribe to the semaphore to see its state: a semaphore is a `BehaviorSubject` of {@link SemaphoreState}.
 *
 * **Order.** Waiters with a higher `priority` go first. Within a priority: first come, first served, whatever the weights.
 * Lighter waiters do not overtake a heavy waiter at the head of the queue, even if enough units are free for them. A waiter
 * with a low priority waits for as long as new waiters with a higher priority arrive.
 *
 * **Cancel safety.** Unsubscribing while waiting removes the waiter from the queue, in constant time. Waiters that fit
 * as a result are granted their units.
 *
 * **Permits and `release(n)`.** A permit releases the units that it took, once. `release(n)` releases units that belong to
 * no permit, as Python's does. Use one or the other. If a caller calls `release()` and the permit is released too, its
 * units are released twice.
 *
 * **Python.** `asyncio.Semaphore`, with weights.
 *
 * @example
 * const uploads = new Semaphore(3, { name: 'uploads' });
 * const upload = (file: string) => uploads.use(() => of(`${file} is there`));
 *
 * upload('a.png').subscribe(console.log);
 *
 * @see the operator `throttleBySemaphore` for a pipe, and {@link BoundedSemaphore}, which detects one release too many.
 */
export class Semaphore extends PermitSubject<SemaphoreState> {
  // waiting > 0 implies free < weight of the head
  /** @internal */
  protected accessor free: number;

  /**
   * @internal The units of the permits that are not released yet, for `verifyIdle`. `release(n)` does not change it, because its
   * units belong to no permit.
   */
  accessor unitsOut = 0;

  private readonly waits: Waits<Permit>;

  /**
   * @param value - the initial number of units.
   * @throws RangeError when `value` is not an integer of at least 0.
   */
  constructor(value?: number, options?: PrimitiveOptions);
  /** @internal */
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- one signature would show the queue in the declaration
  constructor(value?: number, options?: PrimitiveOptions, queue?: PriorityQueue<Waiter>);
  constructor(value = 1, options?: PrimitiveOptions, queue = new PriorityQueue<Waiter>()) {
    checkNotNegative('value', value);
    // Stryker disable next-line ObjectLiteral: an outdated snapshot is replaced before an observer can see it
    super({ available: value, waiting: 0 }, options, queue);
    this.free = value;
    this.waits = makeWaits((wait) => {
      wait.enter(this);
    });
  }

  /** The number of free units. */
  get available(): number {
    return Math.max(0, this.free);
  }

  /**
   * Whether a caller would have to wait for a single unit.
   *
   * **Python.** `semaphore.locked()`: also true if units are free, but a waiter that needs more of them is in the queue.
   */
  locked(): boolean {
    return this.free <= 0 || this.waiting > 0;
  }

  /**
   * Waits for `weight` units, and emits the {@link Permit} that releases them.
   *
   * Prefer {@link use}: a permit that travels as a value can be dropped on its way. A dropped permit is never released.
   *
   * ```
   * of two units   a takes 1, b needs 2, c needs 1
   *
   * a.acquire(1)   (p|)
   * b.acquire(2)   -----(p|)
   * c.acquire(1)   ---------(p|)
   * a releases     -----x
   * b releases     ---------x
   * ```
   *
   * With priorities:
   *
   * ```
   * a.acquire()                  ---------(p|)
   * b.acquire({ priority: 1 })   ----(p|)
   * b arrives                    --x
   * release(1)                   ----x----x
   * ```
   *
   * **Order.** First come, first served: `c` waits behind `b`, though a unit is free. A waiter with a higher priority goes
   * before those with a lower one, and also before a heavy head of a lower priority. If enough units are free and no waiter
   * in the queue goes before it, the permit is emitted inside `subscribe`.
   *
   * **Cancel safety.** Cold: waiting starts at `subscribe`. Unsubscribing while waiting removes the waiter from the queue.
   * If that waiter was a heavy head, the waiters behind it that fit now are granted their units. If the subscriber has
   * unsubscribed before its grant is delivered, the grant passes to the next waiter.
   *
   * **Python.** `await semaphore.acquire()`; with a time limit, `acquire().pipe(timeout(1000))`.
   *
   * @param wanted - the number of units, a positive integer; or options: `weight`, and `priority`. Waiters with a higher
   * priority go first.
   * @throws RangeError at the call, when `weight` or `priority` is malformed; downstream, when `weight` exceeds the bound of
   * a bounded semaphore. {@link ClosedError}, {@link QueueFullError} and {@link CancelledError} downstream, as
   * {@link Lock.acquire}.
   */
  override acquire(wanted?: number | AcquireOptions): Observable<Permit> {
    return this.waits(wanted);
  }

  /**
   * Returns a permit at once, or `null` if the caller would have to wait. The caller would have to wait if too few units are
   * free, or if the queue has a waiter whose priority is not lower.
   *
   * @throws RangeError when `weight` is malformed, or exceeds the bound of a bounded semaphore. {@link ClosedError}, or the
   * error that closed the semaphore.
   */
  override tryAcquire(wanted?: number | AcquireOptions): Permit | null {
    return acquireNow(this, wanted);
  }

  /**
   * Releases `n` units, or adds `n` new ones: the units need not have been taken before.
   *
   * **Order.** All waiters that fit now are woken, in order, before it returns. Inside a callback that a primitive is
   * running, it returns first.
   *
   * **Python.** `semaphore.release()`, `n` times in one turn.
   *
   * @throws RangeError when `n` is not a positive integer.
   */
  release(n = 1): void {
    checkPositive('n', n);
    this.putBack(n, undefined, 'release');
    deliver();
  }

  /** @internal */
  override [admit](waiter: Waiter, onBusy?: OnBusy): void {
    waiter.enter(this, onBusy);
  }

  /** @internal */
  isFreeFor({ weight, priority }: Demand): boolean {
    const { head } = this.queue;
    return weight <= this.free && (head === undefined || priority > head.demand.priority);
  }

  /** @internal */
  headCanGo({ demand }: Waiter): boolean {
    return demand.weight <= this.free;
  }

  /** @internal */
  grant({ demand }: Waiter): void {
    this.free -= demand.weight;
    this.unitsOut += demand.weight;
  }

  /** @internal */
  override takeBack(waiter: Waiter, notice?: Wakeable, step: TraceStep = 'release'): void {
    this.putBack(waiter.demand.weight, notice, step, waiter);
  }

  /** Commits that `units` are free again, and appends the new state and the grants. */
  protected putBack(units: number, notice: Wakeable | undefined, step: TraceStep, waiter?: Waiter): void {
    this.free += units;
    this.unitsOut -= waiter?.demand.weight ?? 0;
    this.admitNext(notice, step, waiter);
  }

  protected kind(): string {
    return 'semaphore';
  }

  protected snapshot(last: SemaphoreState): SemaphoreState {
    const { available, waiting } = this;
    return last.available === available && last.waiting === waiting ? last : { available, waiting };
  }
}
