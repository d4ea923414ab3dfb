import type { Observable } from 'rxjs';

import { NotAcquiredError } from './errors.js';
import type { Wakeable } from './internal/delivery/delivery.js';
import type { TraceStep } from './internal/delivery/trace-event.js';
import { PermitSubject } from './internal/primitives/permit-subject.js';
import type { ClosableQueue, PrimitiveOptions } from './internal/primitives/stateful-subject.js';
import { type AcquireOptions, type Demand, type WaiterOptions } from './internal/waiting/demand.js';
import { acquireNow, makeWaits, type Waits } from './internal/waiting/wait.js';
import { admit, HELD, type OnBusy, type Waiter } from './internal/waiting/waiter.js';
import type { Permit } from './permit.js';

/** The state that a {@link Lock} publishes. */
export interface LockState {
  /** Whether the lock has a holder, or is granted to a waiter whose grant is not delivered yet. */
  readonly locked: boolean;
  /** The number of waiters in the queue. */
  readonly waiting: number;
}

/**
 * A mutual exclusion lock: at most one holder at a time.
 *
 * Subscribe to the lock to see its state: a lock is a `BehaviorSubject` of {@link LockState}. In a template, read
 * `toSignal(lock, { requireSync: true })`. `locked()` and `waiting` are point-in-time reads, not signals.
 *
 * **Order.** First come, first served. A released lock goes directly to the head of the queue. The lock is never visible
 * as free in between, so no other subscriber can overtake the head.
 *
 * **Cancel safety.** Unsubscribing while waiting removes the waiter from the queue, in constant time and without a trace.
 *
 * **Not reentrant.** A holder that acquires the lock again waits for itself: `source.pipe(withLock(l), withLock(l))`
 * never starts.
 *
 * **Python.** `asyncio.Lock`, with two differences. The hand-over is direct, so `locked()` is true while the grant of
 * the lock is not delivered yet. `release()` runs the next holder before it returns, unless it is called from inside a callback
 * that a primitive is running.
 *
 * @example
 * const lock = new Lock({ name: 'orders' });
 * const save = (order: string) => lock.use(() => of(`saved ${order}`));
 *
 * save('tea').subscribe(console.log);
 *
 * @see the operator `withLock` for a pipe.
 */
export class Lock extends PermitSubject<LockState> {
  // waiting > 0 implies holder !== undefined. The holder's phase is HELD, or GRANTED while the grant is not
  // delivered yet. No caller can release a lock whose grant is not delivered.
  /** @internal */
  accessor holder: Waiter | undefined = undefined;

  /** @internal The conditions that have waiters. Those waiters have to acquire this lock again. */
  accessor conditions: Set<ClosableQueue> | undefined = undefined;

  private readonly waits: Waits<Permit>;

  constructor(options?: PrimitiveOptions) {
    // Stryker disable next-line ObjectLiteral,BooleanLiteral: an outdated snapshot is replaced before an observer can see it
    super({ locked: false, waiting: 0 }, options);
    this.waits = makeWaits((wait) => {
      wait.enter(this);
    });
  }

  /** Whether the lock has a holder, or is granted to a waiter whose grant is not delivered yet. */
  locked(): boolean {
    return this.holder !== undefined;
  }

  /**
   * Waits for the lock, and emits the {@link Permit} that releases it.
   *
   * Prefer {@link use}: a permit that travels as a value can be dropped on its way (`switchMap`, `shareReplay`, a
   * `firstValueFrom` that is not awaited). A dropped permit is never released.
   *
   * ```
   * a.acquire()   (p|)
   * b.acquire()   -----(p|)
   * a releases    -----x
   * ```
   *
   * **Order.** First come, first served. If the lock is free and the queue is empty, the permit is emitted inside
   * `subscribe`.
   *
   * **Cancel safety.** Cold: waiting starts at `subscribe`, and each subscription is one acquisition. Unsubscribing while
   * waiting removes the waiter from the queue. If the subscriber has unsubscribed before its grant is delivered, the grant
   * passes to the next waiter.
   *
   * **Python.** `await lock.acquire()`; with a time limit, `acquire().pipe(timeout(1000))`.
   *
   * @throws {@link ClosedError} downstream, when the lock is closed. {@link QueueFullError} downstream, when the queue
   * already has `maxWaiting` waiters. {@link CancelledError} downstream, after `cancelWaiters()`.
   */
  override acquire(): Observable<Permit>;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- one signature would reject numbers, unlike an Acquirable
  override acquire(options: WaiterOptions): Observable<Permit>;
  override acquire(options?: WaiterOptions): Observable<Permit> {
    return this.waits(options);
  }

  /**
   * Returns a permit at once, or `null` if the caller would have to wait.
   *
   * @throws {@link ClosedError}, or the error that closed the lock.
   */
  override tryAcquire(): Permit | null;
  /** @internal A lock rejects an argument that it does not support. It does not ignore the argument. */
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- one signature would show the argument in the declaration
  override tryAcquire(wanted?: number | AcquireOptions): Permit | null;
  override tryAcquire(wanted?: number | AcquireOptions): Permit | null {
    return acquireNow(this, wanted);
  }

  /**
   * Releases the lock, whichever subscriber holds it. The holder's permit counts as released from then on.
   *
   * **Order.** Runs the next holder before it returns. Inside a callback that a primitive is running, it returns first,
   * as in asyncio.
   *
   * **Python.** `lock.release()`: any caller may release the lock, and the lock must be held.
   *
   * @throws {@link NotAcquiredError} when the lock has no holder; also when the lock is granted to a waiter and the grant
   * is not delivered yet.
   */
  release(): void {
    this.holding(`release ${String(this)}`).release();
  }

  /** @internal The waiter that holds the lock. */
  holding(tried: string): Waiter {
    const { holder } = this;
    if (holder?.phase !== HELD) {
      const why = holder === undefined ? 'it is not locked' : 'its grant is not delivered yet';
      throw new NotAcquiredError(`cannot ${tried}: ${why}`);
    }
    return holder;
  }

  /** @internal */
  override [admit](waiter: Waiter, onBusy?: OnBusy): void {
    waiter.enter(this, onBusy);
  }

  /** @internal */
  override check(demand: Demand): void {
    super.check(demand);
    this.refuseWeightAndPriority(demand);
  }

  /** @internal The queue needs no check: while a waiter is in it, the lock has a holder. */
  isFreeFor(): boolean {
    return this.holder === undefined;
  }

  /** @internal */
  headCanGo(): boolean {
    return this.holder === undefined;
  }

  /** @internal */
  grant({ holder }: Waiter): void {
    this.holder = holder;
  }

  /** @internal */
  override takeBack(waiter: Waiter, notice?: Wakeable, step: TraceStep = 'release'): void {
    this.holder = undefined;
    this.admitNext(notice, step, waiter);
  }

  protected kind(): string {
    return 'lock';
  }

  protected snapshot(last: LockState): LockState {
    const locked = this.locked();
    const { waiting } = this;
    return last.locked === locked && last.waiting === waiting ? last : { locked, waiting };
  }

  protected override queuesToClose(): ClosableQueue[] {
    return [this, ...(this.conditions ?? [])];
  }
}
