/**
 * One subscription to `wait()` or `waitFor()`. It sleeps in the queue of its condition and wakes in the queue of the
 * lock, on behalf of the permit that it suspends.
 *
 * ```
 *                 suspend                     notify, until                  dequeued
 *   permit held ──────────► condition's queue ─────────────► lock's queue ─────────────► permit held again
 *        ▲                                                                                      │
 *        └──────────────────── emits, or: the predicate is false, once more ────────────────────┘
 * ```
 *
 * The ancestor is trio's `Condition`. It moves its waiters to the queue of the lock, instead of waking them to contend
 * for the lock.
 */
import type { Observable, ObservableInput, Subscriber } from 'rxjs';

import { NotAcquiredError } from '../../errors.js';
import type { Permit } from '../../permit.js';
import { currentContext, deliver, holdDeliveries, resumeDeliveries, type Wakeable } from '../delivery/delivery.js';
import { innerSubscriber } from '../delivery/inner-subscriber.js';
import { ONE } from './demand.js';
import { ENDED, failure, HELD, QUEUED, SUSPENDED, Waiter, type Resource } from './waiter.js';

/** What a wait needs of its condition. */
interface WaitedCondition extends Resource {
  readonly lock: Resource;
  /** Returns the holder of the lock. If `permit` is given, the two must be the same. */
  holding(permit?: Permit | Waiter): Waiter;
  /** Throws if no more waiters are allowed. */
  checkRoom(): void;
  /** Commits and appends that the holder of the lock waits here and has released the lock. */
  suspend(wait: ConditionWait): void;
  /** Commits that the first `n` waiters are notified. */
  wake(n: number): void;
  /** Commits and appends that a waiter goes to the queue of the lock without a notification. */
  wakeWithoutNotification(wait: ConditionWait): void;
  /** Appends the new state of the condition. */
  admitNext(): void;
  /** Appends the new states of the condition and of its lock, and the grants of the lock. */
  admitNextOfBoth(): void;
}

/** The options of a condition's `wait()` and `waitFor()`. */
export interface WaitOptions {
  /**
   * Bounds the wait, as the timeout of `threading.Condition.wait` does. When it emits first, the waiter goes to the end
   * of the lock's queue. It continues when it holds the lock again, without a notification.
   */
  readonly until?: ObservableInput<unknown>;

  /** The permit to suspend. Without it, the permit of the lock's holder is suspended. */
  readonly permit?: Permit;
}

export class ConditionWait extends Waiter {
  // The waiter whose permit is suspended while the phase is QUEUED or GRANTED, and resumed while it is HELD.
  private suspended!: Waiter;

  /**
   * Whether a notification woke this waiter. The waiter passes the notification on if it cannot use it. Set when the
   * permit is suspended.
   */
  notified!: boolean;

  /** Whether `until` has emitted: then this waiter does not wait once more. */
  private expired = false;

  /** What `until` failed with after this waiter was woken: then it does not wait once more either. */
  private broken: { readonly error: unknown } | undefined = undefined;
  private watching: Subscriber<unknown> | undefined = undefined;

  constructor(
    subscriber: Subscriber<unknown>,
    private readonly condition: WaitedCondition,
    private readonly predicate: (() => unknown) | undefined,
  ) {
    super(ONE, subscriber);
  }

  override get holder(): Waiter {
    return this.suspended;
  }

  start(permit: Permit | undefined, until: Observable<unknown> | undefined): void {
    if (this.hasUnsubscribed()) {
      return;
    }
    this.suspended = this.condition.holding(permit);
    this.demand = this.suspended.demand;
    if (this.predicate !== undefined) {
      const value = this.predicate();
      if (value) {
        this.emit(value);
        return;
      }
    }
    this.context = currentContext();
    this.condition.checkRoom();
    this.attach();
    if (this.hasUnsubscribed()) {
      return; // foreign code has run since `start()` began
    }
    this.suspend();
    if (until !== undefined && this.phase !== ENDED) {
      this.watch(until);
    }
  }

  override withdraw(): Wakeable | undefined {
    super.withdraw();
    this.passNotificationOn();
    return this.suspended.withdraw();
  }

  override publishOthers(): void {
    if (this.notified) {
      this.condition.admitNext();
    }
  }

  /** Ends the wait, because its permit is released: commits and appends. */
  permitReleased(): void {
    this.cancel(failure(this, new NotAcquiredError(`cannot wait for ${String(this.condition)}: its permit was released`)));
  }

  override unsubscribe(): void {
    try {
      if (this.phase === HELD) {
        this.leaveInside();
      } else {
        super.unsubscribe();
      }
    } finally {
      this.watching?.unsubscribe();
    }
  }

  protected override failed(error: unknown): void {
    try {
      this.watching?.unsubscribe();
    } finally {
      super.failed(error);
    }
  }

  protected granted(): void {
    this.suspended.phase = HELD;
    this.suspended.suspendedFor = undefined;
    let value: unknown = this.notified;
    if (this.predicate !== undefined) {
      try {
        value = this.predicate();
        // Stryker disable next-line ConditionalExpression: if it was cancelled meanwhile, its spent permit could not be suspended
        if (this.phase === HELD && !value && !this.expired) {
          if (this.broken !== undefined) {
            throw this.broken.error;
          }
          this.suspend();
          return;
        }
      } catch (error) {
        this.failInside(error);
        return;
      }
    }
    try {
      this.watching?.unsubscribe();
    } finally {
      this.emit(value);
    }
  }

  private hasUnsubscribed(): boolean {
    return this.subscriber.closed;
  }

  private emit(value: unknown): void {
    this.phase = ENDED;
    const held = holdDeliveries();
    try {
      this.subscriber.next(value);
      this.subscriber.complete();
    } finally {
      resumeDeliveries(held);
    }
  }

  /** Enqueues this waiter in the condition first, and then releases the lock. */
  private suspend(): void {
    const { condition, suspended } = this;
    condition.holding(suspended);
    this.notified = false;
    suspended.phase = SUSPENDED;
    suspended.context ??= this.context;
    suspended.suspendedFor = this;
    condition.suspend(this);
    deliver();
  }

  /** The predicate threw, or this waiter cannot wait once more. The lock is still held. */
  private failInside(error: unknown): void {
    if (this.phase === HELD) {
      this.phase = ENDED;
      this.passNotificationOn();
      this.condition.admitNextOfBoth();
      this.failed(error);
    }
  }

  /** The subscriber unsubscribed inside its own predicate. Only this waiter knows that it holds the lock again. */
  private leaveInside(): void {
    const { condition, suspended } = this;
    const inside = suspended.phase === HELD;
    this.phase = ENDED;
    this.passNotificationOn();
    const lost = inside ? suspended.withdraw() : undefined;
    condition.admitNextOfBoth();
    if (inside) {
      condition.lock.takeBack(this, lost);
    }
    deliver();
  }

  private passNotificationOn(): void {
    if (this.notified) {
      this.condition.wake(1);
    }
  }

  private watch(until: Observable<unknown>): void {
    const watching = innerSubscriber<unknown>({
      next: () => {
        try {
          watching.unsubscribe();
        } finally {
          this.expired = true;
          if (this.phase === QUEUED && this.resource === this.condition) {
            this.condition.wakeWithoutNotification(this);
            deliver();
          }
        }
      },
      error: (error: unknown) => {
        if (this.phase === QUEUED && this.resource === this.condition) {
          this.cancel(failure(this, error));
          deliver();
        } else {
          this.broken = { error };
        }
      },
      complete: () => undefined,
    });
    this.watching = watching;
    until.subscribe(watching);
  }
}
