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

import { ModelPermit, type ModelDoor } from './permits.js';
import { fail, leave, ModelError } from './primitive.js';
import { stoppable } from './stoppable.js';
import { deliver, holding } from './turn.js';

export interface ModelSectionOptions {
  readonly weight?: number;
  readonly priority?: number;
  readonly until?: ObservableInput<unknown>;
  readonly whenBusy?: 'wait' | 'skip' | 'error';
}

/** What one holds while a work runs. Law 7: the work is torn down, the release committed, downstream told, the rest woken. */
export abstract class ModelSection<T> extends ModelPermit implements Observer<T> {
  protected watching: Subscription | undefined;
  private inner: Subscriber<unknown> | undefined;
  /** True while the work is being subscribed to or torn down: what ends it meanwhile has to wait for its teardown. */
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

  start(home: ModelDoor): void {
    const { whenBusy = 'wait', until } = this.options;
    this.wire();
    try {
      if (whenBusy === 'wait') {
        home.enter(this);
      } else if (home.mustWait(this)) {
        this.standing = 'gone';
        this.finish(whenBusy === 'error', new ModelError('BusyError'));
      }
    } catch (error) {
      if (this.standing !== 'outside') {
        throw error;
      }
      this.standing = 'gone';
      this.failed(error);
    }
    if (until !== undefined && this.inner === undefined && !this.released && !this.subscriber.closed) {
      this.watch(from(until));
    }
  }

  override attach(): void {
    // Wired since its start.
  }

  override unsubscribe(): void {
    if (this.standing === 'inside' || this.standing === 'suspended') {
      try {
        this.end();
      } finally {
        deliver();
      }
    } else {
      leave(this);
      this.watching?.unsubscribe();
      this.inner?.unsubscribe();
    }
  }

  override spend(): (() => void)[] {
    super.spend();
    const isOpen = this.inner !== undefined && !this.inner.closed;
    return isOpen
      ? [
          () => {
            fail(this, new ModelError('NotAcquiredError'));
          },
        ]
      : [];
  }

  granted(): void {
    this.goIn();
  }

  override failed(error: unknown): void {
    if (this.inner?.closed !== true) {
      this.failing();
      this.finish(true, error);
    }
  }

  protected failing(): void {
    // Nobody else is concerned.
  }

  protected abstract begin(): ObservableInput<T>;

  protected abstract wire(): void;

  protected abstract tell(failed: boolean, error: unknown): void;

  protected goIn(): void {
    try {
      this.watching?.unsubscribe();
    } finally {
      this.startWork();
    }
  }

  /** `until` has emitted, or failed. */
  protected giveUp(error: unknown): void {
    if (this.standing === 'waiting' || this.standing === 'promised') {
      leave(this, () => {
        fail(this, error);
      });
    }
  }

  protected finish(failed: boolean, error: unknown): void {
    holding(() => {
      try {
        this.end();
      } finally {
        this.tell(failed, error);
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
        this.giveBack();
      }
    }
  }

  private startWork(): void {
    if (this.standing !== 'inside') {
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

  /** What cannot even be begun fails, unless everyone has left meanwhile. */
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
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- RxJS's own class, which is what is promised
        giveUp(new TimeoutError());
      },
      error: giveUp,
      complete: () => undefined,
    });
    this.watching = watching;
    until.subscribe(watching);
  }
}

/** A section that is all that its subscriber waits for. */
export class PlainSection<T> extends ModelSection<T> {
  constructor(
    subscriber: Subscriber<T>,
    options: ModelSectionOptions,
    private readonly work: (permit: ModelPermit) => ObservableInput<T>,
  ) {
    super(subscriber, options);
  }

  next(value: T): void {
    this.subscriber.next(value);
  }

  protected begin(): ObservableInput<T> {
    return this.work(this);
  }

  protected wire(): void {
    this.subscriber.add(this);
  }

  protected tell(failed: boolean, error: unknown): void {
    if (failed) {
      this.subscriber.error(error);
    } else {
      this.subscriber.complete();
    }
  }
}

export function modelUse<T>(
  home: ModelDoor,
  work: (permit: ModelPermit) => ObservableInput<T>,
  options: ModelSectionOptions = {},
): Observable<T> {
  return new Observable((subscriber) => {
    if (!subscriber.closed) {
      new PlainSection(subscriber, options, work).start(home);
    }
  });
}
