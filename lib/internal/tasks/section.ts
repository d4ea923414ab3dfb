/**
 * A task that runs while a permit is held. `use`, `run` and the operators are built on it.
 *
 * ```
 *   start ──► waits in the queue ──► granted: subscribes to the task ──► the task ends, or downstream unsubscribes
 *                                                                          1. the source of the task is torn down
 *                                                                          2. the release is committed
 *                                                                          3. downstream is notified
 *                                                                          4. the state is published, the next waiter woken
 * ```
 *
 * The order is that of `async with` in asyncio, where the task that releases goes on before the task that it woke. A
 * section is the waiter, the permit and the observer of the task in one object. It has a place of its own in the queue.
 */
import { from, TimeoutError, type Observable, type ObservableInput, type Observer, type Subscriber } from 'rxjs';

import { NotAcquiredError } from '../../errors.js';
import { Claim, enter, type Busy, type Door } from '../waiting/claim.js';
import type { Demand } from '../waiting/demand.js';
import { COMPLETED, failedWith, type Ending } from './ending.js';
import { innerSubscriber } from '../streams/inner-subscriber.js';
import { runPending } from './pending-task.js';
import { failure, FRESH, HELD, SPENT, SUSPENDED } from '../waiting/waiter.js';
import { deliver, hold, resume, type Wakeable } from '../delivery/wake-list.js';

/**
 * By default its subscriber waits for this section alone. A subclass overrides {@link next}, {@link wire} and
 * {@link tell} otherwise.
 */
export abstract class Section<T> extends Claim implements Observer<T> {
  declare readonly subscriber: Subscriber<T>;

  /** The subscription to the task, once the permit is held. */
  private inner: Subscriber<unknown> | undefined = undefined;

  /** The subscription to `until`, before the permit is held. */
  private watching: Subscriber<unknown> | undefined = undefined;

  /**
   * True while the permit must be held, although the task may be over or downstream may have unsubscribed. There are
   * three cases. The task is just being subscribed to, so that RxJS does not know its teardown yet. Or it is a task of
   * promises that has not settled. Or it is just being torn down.
   */
  private pinned = false;

  /** How the task ended while the section was pinned. */
  private outcome: Ending | undefined = undefined;

  constructor(
    demand: Demand,
    subscriber: Subscriber<T>,
    private readonly until: Observable<unknown> | undefined,
  ) {
    super(demand, subscriber);
  }

  start(door: Door, busy?: Busy): void {
    const { until } = this;
    this.wire();
    try {
      door[enter](this, busy);
    } catch (error) {
      if (this.phase !== FRESH) {
        throw error; // `door` did not refuse: a subscriber threw
      }
      this.phase = SPENT;
      this.failed(error);
    }
    if (until !== undefined && this.inner === undefined && this.phase !== SPENT && !this.subscriber.closed) {
      this.watch(until);
    }
  }

  override attach(): void {
    // `start()` has wired the section already.
  }

  /** Hands on a value of the task. */
  next(value: T): void {
    this.subscriber.next(value);
  }

  error(error: unknown): void {
    this.over(failedWith(error));
  }

  complete(): void {
    this.over(COMPLETED);
  }

  override spend(): Wakeable | undefined {
    super.spend();
    return this.inner === undefined || this.inner.closed
      ? undefined
      : failure(
          this,
          new NotAcquiredError(
            `cannot go on inside ${String(this.home)}: the wait that had suspended it was given up, and its permit with it`,
          ),
        );
  }

  override unsubscribe(): void {
    if (this.phase === HELD || this.phase === SUSPENDED) {
      try {
        this.end();
      } finally {
        deliver();
      }
    } else {
      try {
        super.unsubscribe();
      } finally {
        this.endWatch();
        this.inner?.unsubscribe();
      }
    }
  }

  /**
   * Makes unsubscribing downstream end the section. Called before the section starts, so that a synchronous task can be
   * stopped midway.
   */
  protected wire(): void {
    this.subscriber.add(this);
  }

  /** Returns the task, once the permit is held. Runs foreign code. */
  protected abstract begin(): ObservableInput<T>;

  /** Notifies downstream that the section is over. */
  protected tell({ failed, error }: Ending): void {
    if (failed) {
      this.subscriber.error(error);
    } else {
      this.subscriber.complete();
    }
  }

  protected override failed(error: unknown): void {
    if (!this.inner?.closed) {
      this.failing();
      this.finish(failedWith(error));
    }
  }

  /** Called when the section fails, before anything is torn down. */
  protected failing(): void {
    // A section that is all its subscriber waits for has nothing else to fail.
  }

  protected granted(): void {
    this.goIn();
  }

  /** Cancels the wait, because `until` emitted or failed. */
  protected giveUp(error: unknown): void {
    if (this.isPending()) {
      try {
        this.leave(failure(this, error));
      } finally {
        deliver();
      }
    }
  }

  /** Starts the task: the permit is held, so the wait is over. */
  protected goIn(): void {
    try {
      this.endWatch();
    } finally {
      this.startWork();
    }
  }

  private startWork(): void {
    if (this.phase !== HELD) {
      // The teardown of `until` released the permit, or made downstream unsubscribe.
      // Stryker disable next-line ConditionalExpression: it would notify a closed subscriber, which ignores it
      if (!this.subscriber.closed) {
        this.error(new NotAcquiredError(`cannot go inside ${String(this.home)}: the permit was released`));
      }
      return;
    }
    const inner = (this.inner = innerSubscriber<unknown>(this as Observer<unknown>));
    this.pinned = true;
    let source: Observable<T>;
    try {
      const input = this.begin();
      const isPending = runPending(input, inner, () => {
        this.unpin(inner);
      });
      if (isPending) {
        return;
      }
      source = from(input);
    } catch (error) {
      inner.error(error);
      this.unpin(inner);
      return;
    }
    try {
      if (!inner.closed) {
        source.subscribe(inner);
      }
    } catch (error) {
      if (inner.closed) {
        throw error; // a teardown threw: the task is over
      }
      inner.error(error);
    } finally {
      this.unpin(inner);
    }
  }

  /** Called when the task has started, or has settled: does what was put off meanwhile. */
  private unpin(inner: Subscriber<unknown>): void {
    this.pinned = false;
    if (this.outcome !== undefined) {
      this.finish(this.outcome);
    } else if (inner.closed) {
      this.release();
    }
  }

  /** Cancels the wait as soon as `until` emits. */
  private watch(until: Observable<unknown>): void {
    const giveUp = (error: unknown): void => {
      try {
        this.endWatch();
      } finally {
        this.giveUp(error);
      }
    };
    this.watching = innerSubscriber<unknown>({
      next: () => {
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- RxJS's own class, so that one handler serves both
        giveUp(new TimeoutError());
      },
      error: giveUp,
      complete: () => undefined,
    });
    until.subscribe(this.watching);
  }

  private endWatch(): void {
    this.watching?.unsubscribe();
  }

  private over(outcome: Ending): void {
    if (outcome.failed) {
      this.failing();
    }
    if (this.pinned) {
      this.outcome = outcome;
    } else {
      this.finish(outcome);
    }
  }

  /** Ends the section, in the order shown at the top of this file. */
  protected finish(outcome: Ending): void {
    const held = hold();
    try {
      this.end();
    } finally {
      try {
        this.tell(outcome);
      } finally {
        resume(held);
      }
    }
  }

  /**
   * Tears the task down, then commits and appends the release. It does so too when the teardown of the task makes
   * downstream unsubscribe.
   */
  protected end(): void {
    const { pinned } = this;
    this.pinned = true;
    try {
      this.endWatch();
      this.inner?.unsubscribe();
    } finally {
      this.pinned = pinned;
      if (!pinned) {
        this.giveBack();
      }
    }
  }
}
