import type { Observable } from 'rxjs';

import { NotAcquiredError } from './errors.js';
import { checkFunction, checkOptions, checkPositive } from './internal/checks/arguments.js';
import { refusal } from './internal/checks/copy.js';
import { deliver } from './internal/delivery/delivery.js';
import type { Ending } from './internal/delivery/ending.js';
import { PermitSubject } from './internal/primitives/permit-subject.js';
import type { PrimitiveOptions } from './internal/primitives/stateful-subject.js';
import { boundOf } from './internal/tasks/until.js';
import { ConditionWait, type WaitOptions } from './internal/waiting/condition-wait.js';
import type { AcquireOptions, WaiterOptions } from './internal/waiting/demand.js';
import { makeWaits, WaitObservable, type Waits } from './internal/waiting/wait.js';
import { admit, GrantedPermit, QUEUED, type OnBusy, type Waiter } from './internal/waiting/waiter.js';
import { Lock } from './lock.js';
import type { Permit } from './permit.js';

/** The state that a {@link Condition} publishes. */
export interface ConditionState {
  /** The number of waiters that are not notified yet. A notified waiter is in the queue of the lock. */
  readonly waiting: number;
}

/**
 * Lets the holder of a lock wait until data that the lock protects has changed. A later holder notifies the waiters of
 * the change.
 *
 * Subscribe to the condition to see its state: a condition is a `BehaviorSubject` of {@link ConditionState}. Its lock
 * publishes a state of its own. Several conditions can share a lock.
 *
 * **Order.** First come, first served. A notified waiter goes to the end of the lock's queue, and overtakes no other waiter.
 *
 * **Cancel safety.** A subscriber that unsubscribes from a wait no longer holds the lock. Its permit is lost, so it has
 * left the critical section. If the waiter was notified already, the notification passes to the next waiter.
 *
 * **Python.** `asyncio.Condition`, with two differences. A cancelled `wait()` does not acquire the lock again; a wait that
 * `until` ends does. If a notified waiter is cancelled, or its predicate throws, the notification passes to the next waiter.
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
export class Condition extends PermitSubject<ConditionState, ConditionWait> {
  /** The lock that a caller holds to start a wait and to notify, and that a notified waiter acquires again. */
  readonly lock: Lock;

  private readonly ownsLock: boolean;
  private readonly waits: Waits<Permit>;

  /**
   * @param lock - a lock to share with others. Without it, the condition creates a lock, and closes it when it is closed.
   */
  constructor(lock?: Lock, options?: PrimitiveOptions) {
    // Stryker disable next-line ObjectLiteral: an outdated snapshot is replaced before an observer can see it
    super({ waiting: 0 }, options);
    if (lock !== undefined && !(lock instanceof Lock)) {
      throw refusal('a condition', 'a Lock', lock);
    }
    this.ownsLock = lock === undefined;
    this.lock = lock ?? new Lock(options?.name === undefined ? {} : { name: options.name });
    this.waits = makeWaits((wait) => {
      this[admit](wait);
    });
  }

  /** Whether the lock has a holder, or is granted to a waiter whose grant is not delivered yet. */
  locked(): boolean {
    return this.lock.locked();
  }

  /** Waits for the lock. See {@link Lock.acquire}. */
  override acquire(): Observable<Permit>;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- one signature would reject numbers, unlike an Acquirable
  override acquire(options: WaiterOptions): Observable<Permit>;
  override acquire(options?: WaiterOptions): Observable<Permit> {
    return this.waits(options);
  }

  /** Returns the lock's permit at once, or `null` if the caller would have to wait. See {@link Lock.tryAcquire}. */
  override tryAcquire(): Permit | null;
  /** @internal A lock rejects an argument that it does not support. It does not ignore the argument. */
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- one signature would show the argument in the declaration
  override tryAcquire(wanted?: number | AcquireOptions): Permit | null;
  override tryAcquire(wanted?: number | AcquireOptions): Permit | null {
    this.checkOpen(this, 'acquire');
    return this.lock.tryAcquire(wanted);
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
   * **Order.** The waiter is in the condition's queue before the lock is released. Waiters are woken in the order in which
   * they started to wait. A woken waiter goes to the end of the lock's queue. When it acquires the lock, its suspended
   * permit is resumed, so `use` or `withLock` still releases the same permit. A waiter can wake before the change that it
   * waits for: prefer {@link waitFor}.
   *
   * **Cancel safety.** Cold. Unsubscribing removes the waiter from the queue and spends the permit. A task that continues
   * nevertheless fails with {@link NotAcquiredError}. When `until` emits first, the waiter acquires the lock again and emits
   * `false`.
   *
   * **Python.** `await condition.wait()`; with `until`, `threading.Condition.wait(timeout)`.
   *
   * @throws {@link NotAcquiredError} downstream, when the lock has no holder, or its holder is not `permit`; also when the
   * permit is released during the wait. {@link ClosedError}, {@link QueueFullError} and {@link CancelledError} downstream,
   * as {@link Lock.acquire}; also when the lock is closed.
   */
  wait(options?: WaitOptions): Observable<boolean> {
    return this.waitingFor<boolean>(undefined, options);
  }

  /**
   * Waits until `predicate()` returns a truthy value, and emits this value. The predicate is called while the lock is held.
   *
   * ```
   * queue           ---a---b
   * waitFor(size)   -------(2|)    for a predicate that wants two
   * ```
   *
   * **Order**, **cancel safety**: as {@link wait}. If the predicate is true at once, its value is emitted inside `subscribe`,
   * and the lock is not released. When `until` emits first, the waiter acquires the lock again and emits the predicate's
   * last value, whatever it is.
   *
   * **Python.** `await condition.wait_for(predicate)`.
   *
   * @throws the error that `predicate` throws, downstream, while the lock is still held. Otherwise as {@link wait}.
   */
  waitFor<T>(predicate: () => T, options?: WaitOptions): Observable<T> {
    checkFunction('predicate', predicate);
    return this.waitingFor<T>(predicate, options);
  }

  /**
   * Wakes `n` waiters, or all waiters if there are fewer. Later waiters do not see the notification.
   *
   * **Order.** First come, first served. The woken waiters go to the end of the lock's queue, and continue when they acquire
   * the lock.
   *
   * **Python.** `condition.notify(n)`.
   *
   * @throws {@link NotAcquiredError} when the lock has no holder. RangeError when `n` is not a positive integer.
   */
  notify(n = 1): void {
    checkPositive('n', n);
    this.wakeAsHolder(n);
  }

  /**
   * Wakes all waiters. See {@link notify}.
   *
   * **Python.** `condition.notify_all()`.
   */
  notifyAll(): void {
    this.wakeAsHolder(this.waiting);
  }

  /** @internal A permit of a condition is a permit of its lock. */
  override [admit](waiter: Waiter, onBusy?: OnBusy): void {
    this.checkOpen(this, 'acquire');
    waiter.enter(this.lock, onBusy);
  }

  /** @internal The waiter that holds the lock. If `permit` is given, it must be the holder's. */
  holding(permit?: Permit | Waiter): Waiter {
    this.checkOpen();
    this.lock.checkOpen(this.lock, 'wait for');
    const holder = this.lock.holding(`wait for ${String(this)}`);
    if (permit !== undefined && GrantedPermit.waiterOf(permit) !== holder) {
      throw new NotAcquiredError(`cannot wait for ${String(this)}: the permit does not hold its lock`);
    }
    return holder;
  }

  /** @internal Commits and appends that the holder of the lock waits here and has released the lock. */
  suspend(wait: ConditionWait): void {
    wait.phase = QUEUED;
    wait.resource = this;
    this.queue.push(wait);
    (this.lock.conditions ??= new Set()).add(this);
    this.publish('park', wait);
    this.lock.takeBack(wait);
  }

  /** @internal Commits that the first `n` waiters are notified. */
  wake(n: number): void {
    for (let left = n; left > 0; left--) {
      const { head } = this.queue;
      if (head === undefined) {
        return;
      }
      head.notified = true;
      this.queue.remove(head);
      this.moveToLock(head);
    }
  }

  /** @internal Commits and appends that a waiter goes to the queue of the lock without a notification. */
  wakeWithoutNotification(wait: ConditionWait): void {
    this.queue.remove(wait);
    this.moveToLock(wait);
    this.admitNextOfBoth();
  }

  /** @internal */
  admitNextOfBoth(): void {
    this.admitNext();
    this.lock.admitNext();
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

  /** A condition grants nothing itself: a woken waiter goes to the queue of the lock. */
  protected override grantNext(): ConditionWait | undefined {
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
    this.admitNextOfBoth();
    deliver();
  }

  /** Commits that a waiter of this condition has moved to the end of the lock's queue. */
  private moveToLock(wait: ConditionWait): void {
    wait.resource = this.lock;
    this.lock.queue.push(wait);
    this.note('repark', wait);
    this.lock.note('repark', wait);
  }
}
