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
 * The order is that of `async with` in asyncio, where the task that releases continues before the task that it woke. A
 * section is the waiter, the permit and the observer of the task in one object. It has a place of its own in the queue.
 */
import { from, TimeoutError, type Observable, type ObservableInput, type Observer, type Subscriber } from 'rxjs';

import { NotAcquiredError } from '../../errors.js';
import { deliver, type Wakeable } from '../delivery/delivery.js';
import { COMPLETED, failedWith, finish, type Ending, type Finishing } from '../delivery/ending.js';
import { innerSubscriber } from '../delivery/inner-subscriber.js';
import type { Demand } from '../waiting/demand.js';
import { ENDED, admit, failure, FRESH, HELD, SUSPENDED, Waiter, type OnBusy, type OwnAcquirable } from '../waiting/waiter.js';
import { runPending } from './pending-task.js';

/**
 * By default its subscriber waits for this section alone. A subclass overrides {@link next}, {@link attachAtStart} and
 * {@link notifyDownstream} otherwise.
 */
export abstract class Section<T> extends Waiter implements Observer<T>, Finishing {
  declare readonly subscriber: Subscriber<T>;

  /** The subscription to the task, once the permit is held. */
  private inner: Subscriber<unknown> | undefined = undefined;

  /** The subscription to `until`, before the permit is held. */
  private watching: Subscriber<unknown> | undefined = undefined;

  /**
   * True or `'pending'` while the permit must be held, although the task may be over or downstream may have unsubscribed.
   * There are three cases. The task is just being subscribed to, so that RxJS does not know its teardown yet. Or it is
   * just being torn down. Or it is a task of promises that has not settled: this one is `'pending'`.
   */
  private pinned: boolean | 'pending' = false;

  /** How the task ended while the section was pinned. */
  private outcome: Ending | undefined = undefined;

  constructor(
    demand: Demand,
    subscriber: Subscriber<T>,
    private readonly until: Observable<unknown> | undefined,
  ) {
    super(demand, subscriber);
  }

  start(acquirable: OwnAcquirable, onBusy?: OnBusy): void {
    const { until } = this;
    this.attachAtStart();
    try {
      acquirable[admit](this, onBusy);
    } catch (error) {
      if (this.phase !== FRESH) {
        throw error; // the acquirable did not refuse: a subscriber threw
      }
      this.phase = ENDED;
      this.failed(error);
    }
    if (until !== undefined && this.inner === undefined && this.phase !== ENDED && !this.subscriber.closed) {
      this.watch(until);
    }
  }

  override attach(): void {
    // `start()` has attached the section already.
  }

  /** Emits a value of the task. */
  next(value: T): void {
    this.subscriber.next(value);
  }

  error(error: unknown): void {
    this.taskEnded(failedWith(error));
  }

  complete(): void {
    this.taskEnded(COMPLETED);
  }

  /** A task that runs while its permit is suspended fails, because its permit is lost. */
  override withdraw(): Wakeable | undefined {
    super.withdraw();
    return this.inner === undefined || this.inner.closed
      ? undefined
      : failure(
          this,
          new NotAcquiredError(
            `cannot continue inside ${String(this.resource)}: the wait that suspended its permit was cancelled, and the permit is lost`,
          ),
        );
  }

  /**
   * Fails the task, because its permit is lost. A task that has ended keeps its ending. Promises cannot be torn down: the
   * section ends now, since their permit protects nothing any more.
   */
  override lose(error: unknown): void {
    const { inner } = this;
    (inner ?? this).error(error);
    if (inner !== undefined && this.pinned === 'pending') {
      this.taskSettled(inner);
    }
  }

  override unsubscribe(): void {
    if (this.phase === HELD || this.phase === SUSPENDED) {
      try {
        this.tearDown();
      } finally {
        deliver();
      }
    } else {
      try {
        super.unsubscribe();
      } finally {
        this.stopWatching();
        this.inner?.unsubscribe();
      }
    }
  }

  /**
   * Makes unsubscribing downstream end the section. Called before the section starts, so that a synchronous task can be
   * stopped midway.
   */
  protected attachAtStart(): void {
    this.subscriber.add(this);
  }

  /** Returns the task, once the permit is held. Runs foreign code. */
  protected abstract createTask(): ObservableInput<T>;

  /** Notifies downstream that the section is over. */
  notifyDownstream({ failed, error }: Ending): void {
    if (failed) {
      this.subscriber.error(error);
    } else {
      this.subscriber.complete();
    }
  }

  protected override failed(error: unknown): void {
    if (!this.inner?.closed) {
      this.latchFailure();
      finish(this, failedWith(error));
    }
  }

  /** Called when the section fails, before anything is torn down. */
  protected latchFailure(): void {
    // A section that is all its subscriber waits for has nothing else to fail.
  }

  protected granted(): void {
    this.startTask();
  }

  /** Cancels the wait, because `until` emitted or failed. */
  protected cancelWait(error: unknown): void {
    if (this.isPending()) {
      try {
        this.cancel(failure(this, error));
      } finally {
        deliver();
      }
    }
  }

  /** Starts the task: the permit is held, so the wait is over. */
  protected startTask(): void {
    try {
      this.stopWatching();
    } finally {
      this.subscribeToTask();
    }
  }

  private subscribeToTask(): void {
    if (this.phase !== HELD) {
      // The teardown of `until` released the permit, or made downstream unsubscribe.
      // Stryker disable next-line ConditionalExpression: it would notify a closed subscriber, which ignores it
      if (!this.subscriber.closed) {
        this.error(new NotAcquiredError(`cannot start inside ${String(this.resource)}: its permit was released`));
      }
      return;
    }
    const inner = (this.inner = innerSubscriber<unknown>(this as Observer<unknown>));
    this.pinned = true;
    let source: Observable<T>;
    try {
      const input = this.createTask();
      const isPending = runPending(input, inner, () => {
        if (this.pinned) {
          this.taskSettled(inner); // otherwise its permit was lost before
        }
      });
      if (isPending && (this.released || this.outcome === undefined)) {
        this.pinned = 'pending';
        return;
      }
      source = from(input);
    } catch (error) {
      inner.error(error);
      this.taskSettled(inner);
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
      this.taskSettled(inner);
    }
  }

  /** Called when the task has started, or has settled: does what was put off meanwhile. */
  private taskSettled(inner: Subscriber<unknown>): void {
    this.pinned = false;
    if (this.outcome !== undefined) {
      finish(this, this.outcome);
    } else if (inner.closed) {
      this.release();
    }
  }

  /** Cancels the wait as soon as `until` emits. */
  private watch(until: Observable<unknown>): void {
    const giveUp = (error: unknown): void => {
      try {
        this.stopWatching();
      } finally {
        this.cancelWait(error);
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

  private stopWatching(): void {
    this.watching?.unsubscribe();
  }

  private taskEnded(outcome: Ending): void {
    if (outcome.failed) {
      this.latchFailure();
    }
    if (this.pinned) {
      this.outcome = outcome;
    } else {
      finish(this, outcome);
    }
  }

  /**
   * Tears the task down, then commits and appends the release. It does so too when the teardown of the task makes
   * downstream unsubscribe.
   */
  tearDown(): void {
    const { pinned } = this;
    this.pinned = true;
    try {
      this.stopWatching();
      this.inner?.unsubscribe();
    } finally {
      this.pinned = pinned;
      if (!pinned) {
        this.commitRelease();
      }
    }
  }
}
