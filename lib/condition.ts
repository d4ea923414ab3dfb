import type { Observable, ObservableInput } from 'rxjs';

import { checkFunction, checkOptions, checkPositive } from './internal/arguments.js';
import { ClaimPermit } from './internal/claim-permit.js';
import { enter, type Busy, type Claim } from './internal/claim.js';
import { refusal } from './internal/copy.js';
import type { AcquireOptions, WaiterOptions } from './internal/demand.js';
import type { Ending } from './internal/ending.js';
import { NotAcquiredError } from './errors.js';
import { ConditionWait, type WaitOptions } from './internal/condition-wait.js';
import { StatefulSubject, type PrimitiveOptions } from './internal/stateful-subject.js';
import { boundOf } from './internal/until.js';
import { run, use, type RunOptions, type UseOptions } from './internal/use.js';
import { PARKED } from './internal/waiter.js';
import { waitsOf } from './internal/wait.js';
import { WaitObservable } from './internal/wait-observable.js';
import { deliver } from './internal/wake-list.js';
import { Lock } from './lock.js';
import type { Acquirable, Permit } from './permit.js';

/** What one sees when one subscribes to a {@link Condition}. */
export interface ConditionState {
  /** How many wait to be notified. Who was notified waits in the line of the lock. */
  readonly waiting: number;
}

/**
 * Lets those who hold a lock wait until something that the lock protects has changed, and be told of the change.
 *
 * Subscribe to it to see its state: a condition is a `BehaviorSubject` of {@link ConditionState}; its lock is one of its
 * own. Several conditions can share a lock.
 *
 * **Order.** First come, first served. Who is notified goes to the end of the lock's line, and nobody overtakes.
 *
 * **Cancel safety.** Who unsubscribes from a wait holds nothing, and its permit is spent: it is out of the section. A
 * notification that it had eaten goes to the next one.
 *
 * **Python.** `asyncio.Condition`. The differences: a cancelled `wait()` does not acquire the lock again (the wait that
 * `until` ends does), and a notification eaten by one who is cancelled, or whose predicate throws, is passed on.
 *
 * @example
 * const items: string[] = [];
 * const changed = new Condition();
 *
 * const take = changed.use((permit) =>
 *   changed.waitFor(() => items.length > 0, { permit }).pipe(map(() => items.shift())),
 * );
 * const put = (item: string) =>
 *   changed.use(() => {
 *     items.push(item);
 *     changed.notify();
 *     return EMPTY;
 *   });
 *
 * take.subscribe(console.log);
 * put('a letter').subscribe();
 */
export class Condition extends StatefulSubject<ConditionState, ConditionWait> implements Acquirable {
  /** The lock that one holds while one waits, is notified, and notifies. */
  readonly lock: Lock;

  private readonly ownsLock: boolean;
  private readonly waits = waitsOf<Permit>((wait) => {
    this[enter](wait);
  });

  /**
   * @param lock - shared with others; without it the condition makes its own, and closes it when it is closed.
   */
  constructor(lock?: Lock, options?: PrimitiveOptions) {
    // Stryker disable next-line ObjectLiteral: a snapshot that is not true is made anew before anybody sees it
    super({ waiting: 0 }, options);
    if (lock !== undefined && !(lock instanceof Lock)) {
      throw refusal('a condition', 'a Lock', lock);
    }
    this.ownsLock = lock === undefined;
    this.lock = lock ?? new Lock(options?.name === undefined ? {} : { name: options.name });
  }

  /** Whether somebody holds the lock, or has been promised it. */
  locked(): boolean {
    return this.lock.locked();
  }

  /** Waits for the lock. See {@link Lock.acquire}. */
  acquire(): Observable<Permit>;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- in one, a number would not do, and it were no Acquirable
  acquire(options: WaiterOptions): Observable<Permit>;
  acquire(options?: WaiterOptions): Observable<Permit> {
    return this.waits(options);
  }

  /** The lock's permit at once, or `null` where one would have to wait. See {@link Lock.tryAcquire}. */
  tryAcquire(): Permit | null;
  /** @internal What a lock does not take is refused, not ignored. */
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- in one, the declaration would show the argument
  tryAcquire(wanted?: number | AcquireOptions): Permit | null;
  tryAcquire(wanted?: number | AcquireOptions): Permit | null {
    this.checkOpen(this, 'acquire');
    return this.lock.tryAcquire(wanted);
  }

  /** Runs `work` while holding the lock. See {@link Lock.use}. */
  use<T>(work: (permit: Permit) => ObservableInput<T>, options?: UseOptions): Observable<T> {
    return use(this, work, options);
  }

  /** Runs `work` while holding the lock, for `async`/`await`. See {@link Lock.run}. */
  run<T>(work: (permit: Permit) => T | PromiseLike<T>, options?: RunOptions): Promise<T> {
    return run(this, work, options);
  }

  /** Releases the lock. See {@link Lock.release}. */
  release(): void {
    this.lock.release();
  }

  /**
   * Releases the lock, waits to be notified, acquires the lock again, and emits `true`.
   *
   * ```
   * wait()      --------(t|)
   * notify      ---x
   * lock free   --------x
   * ```
   *
   * **Order.** It is in line before the lock is released. It is woken in the order in which it waited, and acquires the
   * lock behind all who wait for it by then. The permit that was suspended is resumed, so that it is still the one that
   * `use` or `withLock` releases. It may be woken without what it waits for being true: prefer {@link waitFor}.
   *
   * **Cancel safety.** Cold. Unsubscribing gives up the place in line and spends the permit; a section that goes on
   * nevertheless fails with {@link NotAcquiredError}. When `until` emits first, it acquires the lock again and emits
   * `false`.
   *
   * **Python.** `await condition.wait()`; with `until`, `threading.Condition.wait(timeout)`.
   *
   * @throws {@link NotAcquiredError} downstream, when nobody holds the lock, or not `permit`; also when the permit is
   * released while it waits. {@link ClosedError}, {@link QueueFullError} and {@link CancelledError} downstream, as
   * {@link Lock.acquire}; also when the lock is closed.
   */
  wait(options?: WaitOptions): Observable<boolean> {
    return this.waitingFor<boolean>(undefined, options);
  }

  /**
   * Waits until `predicate()` is true, and emits what it returned. It is called while the lock is held.
   *
   * ```
   * queue           ---a---b
   * waitFor(size)   -------(2|)    for a predicate that wants two
   * ```
   *
   * **Order**, **cancel safety**: as {@link wait}. True at once: it emits inside `subscribe`, and nothing is released.
   * When `until` emits first, it acquires the lock again and emits the predicate's last value, whatever it is.
   *
   * **Python.** `await condition.wait_for(predicate)`.
   *
   * @throws what `predicate` throws, downstream: the lock is still held then. Otherwise as {@link wait}.
   */
  waitFor<T>(predicate: () => T, options?: WaitOptions): Observable<T> {
    checkFunction('predicate', predicate);
    return this.waitingFor<T>(predicate, options);
  }

  /**
   * Wakes `n` of those who wait, or all if there are fewer; it is not remembered for those who come later.
   *
   * **Order.** First come, first served: they go to the end of the lock's line, and on when it is their turn there.
   *
   * **Python.** `condition.notify(n)`.
   *
   * @throws {@link NotAcquiredError} when nobody holds the lock. RangeError when `n` is not a positive integer.
   */
  notify(n = 1): void {
    checkPositive('n', n);
    this.wakeAsHolder(n);
  }

  /**
   * Wakes all who wait. See {@link notify}.
   *
   * **Python.** `condition.notify_all()`.
   */
  notifyAll(): void {
    this.wakeAsHolder(this.waiting);
  }

  /** @internal */
  [enter](claim: Claim, busy?: Busy): void {
    this.checkOpen(this, 'acquire');
    this.lock[enter](claim, busy);
  }

  /** @internal The permit that holds the lock; it must be `permit`, if one is given. */
  holding(permit?: Permit | Claim): Claim {
    this.checkOpen();
    this.lock.checkOpen(this.lock, 'wait for');
    const holder = this.lock.holding(`wait for ${String(this)}`);
    if (permit !== undefined && ClaimPermit.claimOf(permit) !== holder) {
      throw new NotAcquiredError(`cannot wait for ${String(this)}: the permit does not hold its lock`);
    }
    return holder;
  }

  /** @internal Commits and appends that the holder of the lock sleeps. */
  suspend(wait: ConditionWait): void {
    wait.phase = PARKED;
    wait.home = this;
    this.queue.push(wait);
    (this.lock.conditions ??= new Set()).add(this);
    this.publish('park', wait);
    this.lock.giveBack(wait);
  }

  /** @internal Commits that the first `n` are notified. */
  wake(n: number): void {
    for (let left = n; left > 0; left--) {
      const { head } = this.queue;
      if (head === undefined) {
        return;
      }
      head.notified = true;
      this.queue.remove(head);
      this.repark(head);
    }
  }

  /** @internal Commits and appends that one goes on without a notification. */
  wakeUnnotified(wait: ConditionWait): void {
    this.queue.remove(wait);
    this.repark(wait);
    this.settleBoth();
  }

  /** @internal */
  settleBoth(): void {
    this.settle();
    this.lock.settle();
  }

  /** @internal */
  override close(ending: Ending): void {
    super.close(ending);
    if (this.ownsLock) {
      this.lock.close(ending);
    }
  }

  protected kind(): string {
    return 'condition';
  }

  protected override verb(): string {
    return 'wait for';
  }

  protected snapshot(last: ConditionState): ConditionState {
    const { waiting } = this;
    return last.waiting === waiting ? last : { waiting };
  }

  /** Nobody goes on from here alone: who wakes goes to the lock's line. */
  protected override admit(): ConditionWait | undefined {
    if (this.waiting === 0) {
      this.lock.conditions?.delete(this);
    }
    return undefined;
  }

  private waitingFor<T>(predicate: (() => T) | undefined, options: WaitOptions = {}): Observable<T> {
    checkOptions('a wait for a condition', options, ['until', 'permit'] satisfies (keyof WaitOptions)[]);
    const { until, permit } = options;
    const bound = boundOf(until);
    return new WaitObservable<T>((subscriber) => {
      new ConditionWait(subscriber, this, predicate).start(permit, bound);
    });
  }

  private wakeAsHolder(n: number): void {
    this.lock.holding(`notify ${String(this)}`);
    this.note('notify');
    this.wake(n);
    this.settleBoth();
    deliver();
  }

  /** Commits that one who slept here stands at the end of the lock's line. */
  private repark(wait: ConditionWait): void {
    wait.home = this.lock;
    this.lock.queue.push(wait);
    this.note('repark', wait);
    this.lock.note('repark', wait);
  }
}
