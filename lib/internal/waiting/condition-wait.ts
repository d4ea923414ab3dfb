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

import type { Condition } from '../../condition.js';
import { NotAcquiredError } from '../../errors.js';
import type { Permit } from '../../permit.js';
import type { Claim, Suspension } from './claim.js';
import { currentContext } from '../delivery/context.js';
import { innerSubscriber } from '../streams/inner-subscriber.js';
import { failure, HELD, PARKED, SPENT, SUSPENDED, Waiter } from './waiter.js';
import { deliver, hold, resume, type Wakeable } from '../delivery/wake-list.js';

export interface WaitOptions {
  /**
   * Bounds the wait, as the timeout of `threading.Condition.wait` does. When it emits first, the waiter goes to the end
   * of the lock's queue. It goes on when it holds the lock again, without a notification.
   */
  readonly until?: ObservableInput<unknown>;

  /** The permit to suspend. Without it, the permit of the lock's holder is suspended. */
  readonly permit?: Permit;
}

export class ConditionWait extends Waiter implements Suspension {
  // The permit is suspended for this wait while the phase is PARKED or PROMISED, and resumed while it is HELD.
  permit!: Claim;

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
    private readonly condition: Condition,
    private readonly predicate: (() => unknown) | undefined,
  ) {
    super(subscriber);
  }

  start(permit: Permit | undefined, until: Observable<unknown> | undefined): void {
    if (this.hasLeft()) {
      return;
    }
    this.permit = this.condition.holding(permit);
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
    if (this.hasLeft()) {
      return; // foreign code has run since `start()` began
    }
    this.suspend();
    if (until !== undefined && this.phase !== SPENT) {
      this.watch(until);
    }
  }

  override withdraw(): Wakeable | undefined {
    super.withdraw();
    this.passOn();
    return this.permit.spend();
  }

  override announce(): void {
    if (this.notified) {
      this.condition.settle();
    }
  }

  resign(): void {
    this.leave(failure(this, new NotAcquiredError(`cannot wait for ${String(this.condition)}: its permit was released`)));
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
    this.permit.phase = HELD;
    this.permit.suspension = undefined;
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

  private hasLeft(): boolean {
    return this.subscriber.closed;
  }

  private emit(value: unknown): void {
    this.phase = SPENT;
    const held = hold();
    try {
      this.subscriber.next(value);
      this.subscriber.complete();
    } finally {
      resume(held);
    }
  }

  /** Enqueues this waiter in the condition first, and then releases the lock. */
  private suspend(): void {
    const { condition, permit } = this;
    condition.holding(permit);
    this.notified = false;
    permit.phase = SUSPENDED;
    permit.context ??= this.context;
    permit.suspension = this;
    condition.suspend(this);
    deliver();
  }

  /** The predicate threw, or this waiter cannot wait once more. The lock is still held. */
  private failInside(error: unknown): void {
    if (this.phase === HELD) {
      this.phase = SPENT;
      this.passOn();
      this.condition.settleBoth();
      this.failed(error);
    }
  }

  /** The subscriber unsubscribed inside its own predicate. Only this waiter knows that it holds the lock again. */
  private leaveInside(): void {
    const { condition, permit } = this;
    const inside = permit.phase === HELD;
    this.phase = SPENT;
    this.passOn();
    const lost = inside ? permit.spend() : undefined;
    condition.settleBoth();
    if (inside) {
      condition.lock.giveBack(this, lost);
    }
    deliver();
  }

  private passOn(): void {
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
          if (this.phase === PARKED && this.home === this.condition) {
            this.condition.wakeUnnotified(this);
            deliver();
          }
        }
      },
      error: (error: unknown) => {
        if (this.phase === PARKED && this.home === this.condition) {
          this.leave(failure(this, error));
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
