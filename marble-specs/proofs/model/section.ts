import {
  EMPTY,
  from,
  Observable,
  TimeoutError,
  type ObservableInput,
  type Observer,
  type Subscriber,
  type Subscription,
} from 'rxjs';

import { ModelPermit, type PermitSource } from './permits.js';
import { fail, cancel, ModelError } from './primitive.js';
import { stoppable } from './stoppable.js';
import { deliver, holding } from './delivery.js';

export interface ModelSectionOptions {
  readonly weight?: number;
  readonly priority?: number;
  readonly until?: ObservableInput<unknown>;
  readonly whenBusy?: 'wait' | 'skip' | 'error';
}

/**
 * Holds a permit while a task runs. At the end of the task, in this order: the task is torn down, the release is committed,
 * downstream is notified, and the next waiters are woken.
 */
export abstract class ModelSection<T> extends ModelPermit implements Observer<T> {
  protected watching: Subscription | undefined;
  private inner: Subscriber<unknown> | undefined;
  /** True while the task is being subscribed to or torn down: an end of the task meanwhile waits for the teardown. */
  private pinned = false;
  private outcome: (() => void) | undefined;

  constructor(
    subscriber: Subscriber<T>,
    private readonly options: ModelSectionOptions,
  ) {
    super(options.weight ?? 1, subscriber, options.priority);
  }

  abstract next(value: T): void;

  error(error: unknown): void {
    this.failing();
    this.over(() => {
      this.finish(true, error);
    });
  }

  complete(): void {
    this.over(() => {
      this.finish(false, undefined);
    });
  }

  start(target: PermitSource): void {
    const { whenBusy = 'wait', until } = this.options;
    this.attachAtStart();
    try {
      if (whenBusy === 'wait') {
        target.enter(this);
      } else if (target.mustWait(this)) {
        this.phase = 'ended';
        this.finish(whenBusy === 'error', new ModelError('BusyError'));
      }
    } catch (error) {
      if (this.phase !== 'fresh') {
        throw error;
      }
      this.phase = 'ended';
      this.onFailure(error);
    }
    if (until !== undefined && this.inner === undefined && !this.released && !this.subscriber.closed) {
      this.watch(from(until));
    }
  }

  override attach(): void {
    // It was attached at its start.
  }

  override unsubscribe(): void {
    if (this.phase === 'held' || this.phase === 'suspended') {
      try {
        this.end();
      } finally {
        deliver();
      }
    } else {
      cancel(this);
      this.watching?.unsubscribe();
      this.inner?.unsubscribe();
    }
  }

  override commitLoss(): (() => void)[] {
    super.commitLoss();
    const isOpen = this.inner !== undefined && !this.inner.closed;
    return isOpen
      ? [
          () => {
            fail(this, new ModelError('NotAcquiredError'));
          },
        ]
      : [];
  }

  onGrant(): void {
    this.enterSection();
  }

  override onFailure(error: unknown): void {
    if (this.inner?.closed !== true) {
      this.failing();
      this.finish(true, error);
    }
  }

  protected failing(): void {
    // No stream has to know of it.
  }

  protected abstract begin(): ObservableInput<T>;

  protected abstract attachAtStart(): void;

  protected abstract notifyDownstream(failed: boolean, error: unknown): void;

  protected enterSection(): void {
    try {
      this.watching?.unsubscribe();
    } finally {
      this.startTask();
    }
  }

  /** `until` has emitted, or failed. */
  protected giveUp(error: unknown): void {
    if (this.phase === 'queued' || this.phase === 'granted') {
      cancel(this, () => {
        fail(this, error);
      });
    }
  }

  protected finish(failed: boolean, error: unknown): void {
    holding(() => {
      try {
        this.end();
      } finally {
        this.notifyDownstream(failed, error);
      }
    });
  }

  protected end(): void {
    const { pinned } = this;
    this.pinned = true;
    try {
      this.watching?.unsubscribe();
      this.inner?.unsubscribe();
    } finally {
      this.pinned = pinned;
      if (!pinned) {
        this.commitRelease();
      }
    }
  }

  private startTask(): void {
    if (this.phase !== 'held') {
      if (!this.subscriber.closed) {
        this.finish(true, new ModelError('NotAcquiredError'));
      }
      return;
    }
    const inner = (this.inner = stoppable<unknown>(this as Observer<unknown>));
    this.pinned = true;
    try {
      const source = this.source(inner);
      if (!inner.closed && !this.subscriber.closed) {
        source.subscribe(inner);
      }
    } catch (error) {
      if (inner.closed) {
        throw error;
      }
      inner.error(error);
    } finally {
      this.pinned = false;
      if (this.outcome !== undefined) {
        this.outcome();
      } else if (inner.closed) {
        this.release();
      }
    }
  }

  /** A task that cannot be made is a failure of the section. */
  private source(inner: Subscriber<unknown>): Observable<T> {
    try {
      return from(this.begin());
    } catch (error) {
      inner.error(error);
      return EMPTY;
    }
  }

  private over(outcome: () => void): void {
    if (this.pinned) {
      this.outcome = outcome;
    } else {
      outcome();
    }
  }

  private watch(until: Observable<unknown>): void {
    const giveUp = (error: unknown): void => {
      try {
        this.watching?.unsubscribe();
      } finally {
        this.giveUp(error);
      }
    };
    const watching = stoppable<unknown>({
      next: () => {
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- users expect RxJS's own class
        giveUp(new TimeoutError());
      },
      error: giveUp,
      complete: () => undefined,
    });
    this.watching = watching;
    until.subscribe(watching);
  }
}

/** A section that passes its task on to its own subscriber. */
export class PlainSection<T> extends ModelSection<T> {
  constructor(
    subscriber: Subscriber<T>,
    options: ModelSectionOptions,
    private readonly task: (permit: ModelPermit) => ObservableInput<T>,
  ) {
    super(subscriber, options);
  }

  next(value: T): void {
    this.subscriber.next(value);
  }

  protected begin(): ObservableInput<T> {
    return this.task(this);
  }

  protected attachAtStart(): void {
    this.subscriber.add(this);
  }

  protected notifyDownstream(failed: boolean, error: unknown): void {
    if (failed) {
      this.subscriber.error(error);
    } else {
      this.subscriber.complete();
    }
  }
}

export function modelUse<T>(
  target: PermitSource,
  task: (permit: ModelPermit) => ObservableInput<T>,
  options: ModelSectionOptions = {},
): Observable<T> {
  return new Observable((subscriber) => {
    if (!subscriber.closed) {
      new PlainSection(subscriber, options, task).start(target);
    }
  });
}
