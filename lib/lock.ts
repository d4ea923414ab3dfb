import type { Observable } from 'rxjs';

import { NotAcquiredError } from './errors.js';
import type { Claim } from './internal/claim.js';
import type { AcquireOptions, Demand, WaiterOptions } from './internal/demand.js';
import { refuseAllButOne } from './internal/entrance.js';
import { PermitSubject } from './internal/permit-subject.js';
import type { Line, PrimitiveOptions } from './internal/stateful-subject.js';
import type { TraceStep } from './internal/tracer.js';
import type { Wakeable } from './internal/wake-list.js';
import { HELD, type Waiter } from './internal/waiter.js';
import type { Permit } from './permit.js';

/** What one sees when one subscribes to a {@link Lock}. */
export interface LockState {
  /** Whether somebody is inside, or has been promised to be next. */
  readonly locked: boolean;
  /** How many wait in line. */
  readonly waiting: number;
}

/**
 * Lets one at a time be inside.
 *
 * Subscribe to it to see its state: a lock is a `BehaviorSubject` of {@link LockState}. In a template, read
 * `toSignal(lock, { requireSync: true })`: `locked()` and `waiting` are of the moment, and no signals.
 *
 * **Order.** First come, first served: a released lock goes straight to the head of the line, and is never visible as
 * free in between, so that nobody overtakes.
 *
 * **Cancel safety.** Unsubscribing while waiting gives up the place in line, in constant time and without a trace.
 *
 * **Not reentrant.** Who holds it and acquires it again waits for itself: `source.pipe(withLock(l), withLock(l))` never
 * starts.
 *
 * **Python.** `asyncio.Lock`. The differences: the hand-over is direct, so that `locked()` is true of a lock that
 * somebody has been promised; and `release()` runs the next holder before it returns, unless it is called from inside a
 * handler that a primitive is just calling.
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
  // waiting > 0 implies holder !== undefined. The holder's phase is HELD; or it has been promised the lock and has not
  // been told yet, and then nobody can take it away.
  /** @internal */
  accessor holder: Claim | undefined = undefined;

  /** @internal The conditions in whose lines somebody waits who has to come back to this lock. */
  accessor conditions: Set<Line> | undefined = undefined;

  constructor(options?: PrimitiveOptions) {
    // Stryker disable next-line ObjectLiteral,BooleanLiteral: a snapshot that is not true is made anew before anybody sees it
    super({ locked: false, waiting: 0 }, options);
  }

  /** Whether somebody is inside, or has been promised to be next. */
  locked(): boolean {
    return this.holder !== undefined;
  }

  /**
   * Waits for the lock, and emits the {@link Permit} that releases it.
   *
   * Prefer {@link use}: a permit that travels as a value can be dropped on its way (`switchMap`, `shareReplay`,
   * `firstValueFrom` that nobody awaits), and is then never given back.
   *
   * ```
   * a.acquire()   (p|)
   * b.acquire()   -----(p|)
   * a releases    -----x
   * ```
   *
   * **Order.** First come, first served. Free and nobody in line: the permit is emitted inside `subscribe`.
   *
   * **Cancel safety.** Cold: nothing waits before it is subscribed to, and each subscription is one acquisition.
   * Unsubscribing while waiting gives up the place in line. A grant that finds its subscriber gone passes on.
   *
   * **Python.** `await lock.acquire()`; with a time limit, `acquire().pipe(timeout(1000))`.
   *
   * @throws {@link ClosedError} downstream, when the lock is closed. {@link QueueFullError} downstream, when `maxWaiting`
   * wait already. {@link CancelledError} downstream, after `cancelWaiters()`.
   */
  override acquire(): Observable<Permit>;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- in one, a number would not do, and it were no Acquirable
  override acquire(options: WaiterOptions): Observable<Permit>;
  override acquire(options?: WaiterOptions): Observable<Permit> {
    return super.acquire(options);
  }

  /**
   * A permit at once, or `null` where one would have to wait.
   *
   * @throws {@link ClosedError}, or what the lock was closed with.
   */
  override tryAcquire(): Permit | null;
  /** @internal What a lock does not take is refused, not ignored. */
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- in one, the declaration would show the argument
  override tryAcquire(wanted?: number | AcquireOptions): Permit | null;
  override tryAcquire(wanted?: number | AcquireOptions): Permit | null {
    return super.tryAcquire(wanted);
  }

  /**
   * Releases the lock, whoever holds it; the permit of the holder counts as released from then on.
   *
   * **Order.** Runs the next holder before it returns; inside a handler that a primitive is just calling, it returns
   * first, as in asyncio.
   *
   * **Python.** `lock.release()`: open to anyone, and strict.
   *
   * @throws {@link NotAcquiredError} when nobody is inside; also when the next one is promised to be and has not been
   * told yet.
   */
  release(): void {
    this.holding(`release ${String(this)}`).release();
  }

  /** @internal The permit that is inside. */
  holding(tried: string): Claim {
    const { holder } = this;
    if (holder?.phase !== HELD) {
      const why = holder === undefined ? 'it is not locked' : 'it was promised to one who has not been told yet';
      throw new NotAcquiredError(`cannot ${tried}: ${why}`);
    }
    return holder;
  }

  /** @internal */
  override giveBack(waiter: Waiter, told?: Wakeable, step: TraceStep = 'release'): void {
    this.holder = undefined;
    this.settle(told, step, waiter);
  }

  protected kind(): string {
    return 'lock';
  }

  protected snapshot(last: LockState): LockState {
    const locked = this.locked();
    const { waiting } = this;
    return last.locked === locked && last.waiting === waiting ? last : { locked, waiting };
  }

  /** @internal */
  canGo(): boolean {
    return this.holder === undefined;
  }

  /** @internal */
  check(demand: Demand): void {
    this.checkOpen();
    refuseAllButOne(this, demand);
  }

  /** @internal While somebody waits, there is a holder. */
  isFreeFor(): boolean {
    return this.holder === undefined;
  }

  /** @internal */
  take({ permit }: Waiter): void {
    this.holder = permit;
  }

  protected override linesToClose(): Line[] {
    return [this, ...(this.conditions ?? [])];
  }
}
