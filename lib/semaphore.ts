import type { Observable, ObservableInput } from 'rxjs';

import { checkNotNegative, checkPositive } from './internal/arguments.js';
import type { Contender } from './internal/claim.js';
import { PermitSubject } from './internal/permit-subject.js';
import type { PrimitiveOptions } from './internal/stateful-subject.js';
import type { RunOptions, UseOptions } from './internal/use.js';
import { PROMISED } from './internal/waiter.js';
import { deliver, type Wakeable } from './internal/wake-list.js';
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
 * **Order.** First come, first served, whatever the weights: a heavy waiter at the head of the line is not overtaken by
 * lighter ones behind it, though there would be enough for them.
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
  private free: number;

  /**
   * @param value - how many units there are to begin with.
   * @throws RangeError when `value` is not an integer of at least 0.
   */
  constructor(value = 1, options?: PrimitiveOptions) {
    checkNotNegative('value', value);
    // Stryker disable next-line ObjectLiteral: a snapshot that is not true is made anew before anybody sees it
    super({ available: value, waiting: 0 }, options);
    this.free = value;
  }

  /** How many units are free. */
  get available(): number {
    return this.free;
  }

  /**
   * Whether one would have to wait for a single unit.
   *
   * **Python.** `semaphore.locked()`: true also where units are free, but somebody who needs more waits for them.
   */
  locked(): boolean {
    return this.free === 0 || this.waiting > 0;
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
   * **Order.** First come, first served: `c` waits behind `b`, though a unit is free. Free and nobody in line: the
   * permit is emitted inside `subscribe`.
   *
   * **Cancel safety.** Cold: nothing waits before it is subscribed to. Unsubscribing while waiting gives up the place in
   * line; when that was a heavy head, those behind it go who fit now. A grant that finds its subscriber gone passes on.
   *
   * **Python.** `await semaphore.acquire()`; with a time limit, `acquire().pipe(timeout(1000))`.
   *
   * @param weight - how many units; a positive integer.
   * @throws RangeError at the call, when `weight` is malformed; downstream, when a bounded semaphore never has so many.
   * {@link ClosedError}, {@link QueueFullError} and {@link CancelledError} downstream, as {@link Lock.acquire}.
   */
  override acquire(weight = 1): Observable<Permit> {
    return super.acquire(weight);
  }

  /**
   * A permit at once, or `null` where one would have to wait: too few units are free, or somebody is in line.
   *
   * @throws RangeError when `weight` is malformed, or more than there ever is. {@link ClosedError}, or what the
   * semaphore was closed with.
   */
  override tryAcquire(weight = 1): Permit | null {
    return super.tryAcquire(weight);
  }

  /**
   * Runs `work` while holding `weight` units: the safe form. See {@link Lock.use}, which does the same.
   *
   * **Python.** `async with semaphore:`.
   */
  override use<T>(work: (permit: Permit) => ObservableInput<T>, options?: UseOptions): Observable<T> {
    return super.use(work, options);
  }

  /**
   * Runs `work` while holding `weight` units, for `async`/`await`. See {@link Lock.run}, which does the same.
   *
   * **Python.** `async with semaphore:` around the body of the work.
   */
  override run<T>(work: (permit: Permit) => T | PromiseLike<T>, options?: RunOptions): Promise<T> {
    return super.run(work, options);
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
    this.putBack(n);
    deliver();
  }

  /** @internal */
  override giveBack({ weight }: Contender, told?: Wakeable): void {
    this.putBack(weight, told);
  }

  /** Commits and appends that `units` are free again. */
  protected putBack(units: number, told?: Wakeable): void {
    this.free += units;
    this.settle(told);
  }

  protected kind(): string {
    return 'semaphore';
  }

  protected snapshot(last: SemaphoreState): SemaphoreState {
    const { available, waiting } = this;
    return last.available === available && last.waiting === waiting ? last : { available, waiting };
  }

  protected admit(): Contender | undefined {
    const { queue } = this;
    let last: Contender | undefined;
    let count = 0;
    for (let next = queue.head; next !== undefined && this.isFree(next.weight); next = queue.after(next)) {
      next.phase = PROMISED;
      this.take(next);
      last = next;
      count++;
    }
    return last && queue.cut(last, count);
  }

  protected isFree(weight: number): boolean {
    return weight <= this.free;
  }

  /** @internal */
  take({ weight }: Contender): void {
    this.free -= weight;
  }

  // Stryker disable next-line BlockStatement: no weight is greater than undefined either
  protected most(): number {
    return Infinity;
  }
}
