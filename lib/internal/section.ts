/**
 * A work that runs while a permit is held: what `use`, `run` and the operators are made of.
 *
 * ```
 *   start ──► waits in line ──► granted: subscribes to the work ──► the work ends, or downstream leaves
 *                                                                     1. the source of the work is torn down
 *                                                                     2. the release is committed
 *                                                                     3. downstream is told
 *                                                                     4. the state is published, the next one woken
 * ```
 *
 * The order is that of `async with` in asyncio, where the one who leaves goes on before the one it woke. The section is
 * the waiter, the permit and the observer of the work in one object; its place in line is its own.
 */
import { from, TimeoutError, type Observable, type ObservableInput, type Observer, type Subscriber } from 'rxjs';

import { NotAcquiredError } from '../errors.js';
import { Claim, enter, type Busy, type Door } from './claim.js';
import type { Demand } from './demand.js';
import { COMPLETED, failedWith, type Ending } from './ending.js';
import { innerSubscriber } from './inner-subscriber.js';
import { runPending } from './pending-task.js';
import { failure, FRESH, HELD, SPENT, SUSPENDED } from './waiter.js';
import { deliver, hold, resume, type Wakeable } from './wake-list.js';

/** It is all that its subscriber waits for, unless {@link next}, {@link wire} and {@link tell} say otherwise. */
export abstract class Section<T> extends Claim implements Observer<T> {
  declare readonly subscriber: Subscriber<T>;

  /** The subscription to the work, once it is inside. */
  private inner: Subscriber<unknown> | undefined = undefined;

  /** The subscription to `until`, while it is not. */
  private watching: Subscriber<unknown> | undefined = undefined;

  /**
   * True while the permit must be held though the work is over or everyone left: it is just being subscribed to, so that
   * RxJS does not know its teardown yet, or it is a task of promises that has not settled, or it is just being torn down.
   */
  private pinned = false;

  /** How the work ended while it was pinned. */
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
        throw error; // not what `door` refused, but what a subscriber threw
      }
      this.phase = SPENT;
      this.failed(error);
    }
    if (until !== undefined && this.inner === undefined && this.phase !== SPENT && !this.subscriber.closed) {
      this.watch(until);
    }
  }

  override attach(): void {
    // It is wired since its start.
  }

  /** Hands on a value of the work. */
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

  /** Sees to it that whoever leaves downstream takes it along, before it starts: a synchronous work can be stopped midway. */
  protected wire(): void {
    this.subscriber.add(this);
  }

  /** The work, now that it is inside. Runs foreign code. */
  protected abstract begin(): ObservableInput<T>;

  /** Tells downstream that it is over. */
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

  /** Is called as it fails, before anything is torn down. */
  protected failing(): void {
    // What is all that its subscriber waits for has nobody to tell.
  }

  protected granted(): void {
    this.goIn();
  }

  /** Gives up waiting, since `until` says so. */
  protected giveUp(error: unknown): void {
    if (this.isPending()) {
      try {
        this.leave(failure(this, error));
      } finally {
        deliver();
      }
    }
  }

  /** Goes on to the work: the permit is held, and nothing is waited for any more. */
  protected goIn(): void {
    try {
      this.endWatch();
    } finally {
      this.startWork();
    }
  }

  private startWork(): void {
    if (this.phase !== HELD) {
      // The teardown of `until` released the permit, or made everyone leave.
      // Stryker disable next-line ConditionalExpression: it would be told to one who hears nothing any more
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
        throw error; // of a teardown: the work is over
      }
      inner.error(error);
    } finally {
      this.unpin(inner);
    }
  }

  /** The work has started, or has settled: does what could not be done before. */
  private unpin(inner: Subscriber<unknown>): void {
    this.pinned = false;
    if (this.outcome !== undefined) {
      this.finish(this.outcome);
    } else if (inner.closed) {
      this.release();
    }
  }

  /** Gives up as soon as `until` emits. */
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

  /** Leaves: see the order above. */
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

  /** Tears the work down, then commits and appends the release: also where its teardown makes everyone leave. */
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
