import type { Observable } from 'rxjs';

import { checkNotNegative, checkPositive } from './internal/arguments.js';
import type { Claim } from './internal/claim.js';
import type { AcquireOptions, Demand } from './internal/demand.js';
import { PermitSubject } from './internal/permit-subject.js';
import { PriorityQueue } from './internal/priority-queue.js';
import type { PrimitiveOptions } from './internal/stateful-subject.js';
import type { TraceStep } from './internal/tracer.js';
import { deliver, type Wakeable } from './internal/wake-list.js';
import type { Waiter } from './internal/waiter.js';
import type { Permit } from './permit.js';

/** What one sees when one subscribes to a {@link Semaphore}. */
export interface SemaphoreState {
  /** How many units are free. */
  readonly available: number;
  /** How many wait in line. */
  readonly waiting: number;
}

/**
 * Lets as many be inside as it has units; one may take several at once (`weight`).
 *
 * Subscribe to it to see its state: a semaphore is a `BehaviorSubject` of {@link SemaphoreState}.
 *
 * **Order.** Who has a higher `priority` goes first; within one, first come, first served, whatever the weights: a heavy
 * waiter at the head of the line is not overtaken by lighter ones behind it, though there would be enough for them. Whoever
 * has a low priority waits for as long as others with a higher one keep coming.
 *
 * **Cancel safety.** Unsubscribing while waiting gives up the place in line, in constant time, and those go who can go
 * because of it.
 *
 * **Permits and `release(n)`.** A permit gives back what it took, once. `release(n)` puts back units that belong to
 * nobody, as Python's does. Use one or the other: who acquires with a permit, releases with `release()`, and then lets
 * the permit be released too, has put back twice what was taken once.
 *
 * **Python.** `asyncio.Semaphore`, with weights.
 *
 * @example
 * const uploads = new Semaphore(3, { name: 'uploads' });
 * const upload = (file: string) => uploads.use(() => of(`${file} is there`));
 *
 * upload('a.png').subscribe(console.log);
 *
 * @see the operator `throttleBySemaphore` for a pipe, and {@link BoundedSemaphore}, which notices a release too many.
 */
export class Semaphore extends PermitSubject<SemaphoreState> {
  // waiting > 0 implies free < weight of the head
  /** @internal */
  protected accessor free: number;

  /**
   * @param value - how many units there are to begin with.
   * @throws RangeError when `value` is not an integer of at least 0.
   */
  constructor(value?: number, options?: PrimitiveOptions);
  /** @internal */
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- in one, the declaration would show the queue
  constructor(value?: number, options?: PrimitiveOptions, queue?: PriorityQueue<Waiter>);
  constructor(value = 1, options?: PrimitiveOptions, queue = new PriorityQueue<Waiter>()) {
    checkNotNegative('value', value);
    // Stryker disable next-line ObjectLiteral: a snapshot that is not true is made anew before anybody sees it
    super({ available: value, waiting: 0 }, options, queue);
    this.free = value;
  }

  /** How many units are free. */
  get available(): number {
    return Math.max(0, this.free);
  }

  /**
   * Whether one would have to wait for a single unit.
   *
   * **Python.** `semaphore.locked()`: true also where units are free, but somebody who needs more waits for them.
   */
  locked(): boolean {
    return this.free <= 0 || this.waiting > 0;
  }

  /**
   * Waits for `weight` units, and emits the {@link Permit} that gives them back.
   *
   * Prefer {@link use}: a permit that travels as a value can be dropped on its way, and is then never given back.
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
   * b comes                      --x
   * release(1)                   ----x----x
   * ```
   *
   * **Order.** First come, first served: `c` waits behind `b`, though a unit is free. A higher priority goes before lower
   * ones, also before a heavy head that it need not wait for. Free and nobody before it in line: the permit is emitted
   * inside `subscribe`.
   *
   * **Cancel safety.** Cold: nothing waits before it is subscribed to. Unsubscribing while waiting gives up the place in
   * line; when that was a heavy head, those behind it go who fit now. A grant that finds its subscriber gone passes on.
   *
   * **Python.** `await semaphore.acquire()`; with a time limit, `acquire().pipe(timeout(1000))`.
   *
   * @param wanted - how many units, a positive integer; or options: `weight`, and `priority`, so that one with a higher one
   * goes first.
   * @throws RangeError at the call, when `weight` or `priority` is malformed; downstream, when a bounded semaphore never has so many.
   * {@link ClosedError}, {@link QueueFullError} and {@link CancelledError} downstream, as {@link Lock.acquire}.
   */
  override acquire(wanted?: number | AcquireOptions): Observable<Permit> {
    return super.acquire(wanted);
  }

  /**
   * A permit at once, or `null` where one would have to wait: too few units are free, or somebody is in line whose priority
   * is not lower.
   *
   * @throws RangeError when `weight` is malformed, or more than there ever is. {@link ClosedError}, or what the
   * semaphore was closed with.
   */
  override tryAcquire(wanted?: number | AcquireOptions): Permit | null {
    return super.tryAcquire(wanted);
  }

  /**
   * Puts `n` units back, or adds them: nobody need have taken them.
   *
   * **Order.** All who fit now are woken, in order, before it returns; inside a handler that a primitive is just
   * calling, it returns first.
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
  override giveBack({ permit }: Waiter, told?: Wakeable, step: TraceStep = 'release'): void {
    this.putBack(permit.demand.weight, told, step, permit);
  }

  /** Commits and appends that `units` are free again. */
  protected putBack(units: number, told: Wakeable | undefined, step: TraceStep, permit?: Claim): void {
    this.free += units;
    this.settle(told, step, permit);
  }

  protected kind(): string {
    return 'semaphore';
  }

  protected snapshot(last: SemaphoreState): SemaphoreState {
    const { available, waiting } = this;
    return last.available === available && last.waiting === waiting ? last : { available, waiting };
  }

  /** @internal */
  canGo({ permit }: Waiter): boolean {
    return permit.demand.weight <= this.free;
  }

  /** @internal */
  check(_demand: Demand): void {
    this.checkOpen();
  }

  /** @internal */
  isFreeFor({ weight, priority }: Demand): boolean {
    const { head } = this.queue;
    return weight <= this.free && (head === undefined || priority > head.permit.demand.priority);
  }

  /** @internal */
  take({ permit }: Waiter): void {
    this.free -= permit.demand.weight;
  }
}
