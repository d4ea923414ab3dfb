import { Observable, type ObservableInput, type Subscriber, type Subscription } from 'rxjs';

import type { ModelCondition } from './condition.js';
import { fail } from './primitive.js';
import { PlainSection } from './section.js';
import { stoppable } from './stoppable.js';

export interface ModelWithConditionOptions {
  readonly notify?: 'one' | 'all' | 'none';
  readonly until?: ObservableInput<unknown>;
}

export function modelWithCondition<T>(
  condition: ModelCondition,
  predicate: () => unknown,
  options: ModelWithConditionOptions = {},
): (source: Observable<T>) => Observable<T> {
  return (source) =>
    new Observable((subscriber) => {
      if (!subscriber.closed) {
        new ConditionSection(subscriber, source, condition, predicate, options).start(condition);
      }
    });
}

/** A section that waits for its predicate between the grant of the lock and its task, and notifies before it releases. */
class ConditionSection<T> extends PlainSection<T> {
  private waiting: Subscription | undefined;
  private entered = false;

  constructor(
    subscriber: Subscriber<T>,
    source: Observable<T>,
    private readonly condition: ModelCondition,
    private readonly predicate: () => unknown,
    { until, notify = 'all' }: ModelWithConditionOptions,
  ) {
    super(subscriber, until === undefined ? {} : { until }, () => source);
    this.notify = notify;
  }

  private readonly notify: 'one' | 'all' | 'none';

  override commitRelease(): void {
    if (this.phase === 'held' && this.notify !== 'none') {
      this.condition.wake(this.notify === 'one' ? 1 : this.condition.waiting);
      this.condition.settleBoth();
    }
    super.commitRelease();
  }

  override onGrant(): void {
    const waiting = stoppable<unknown>({
      next: () => {
        this.entered = true;
        this.enterSection();
      },
      error: (error: unknown) => {
        this.error(error);
      },
      complete: () => undefined,
    });
    this.waiting = waiting;
    this.condition.waitFor(this.predicate, { permit: this }).subscribe(waiting);
  }

  protected override giveUp(error: unknown): void {
    if (this.phase === 'queued' || this.phase === 'granted') {
      super.giveUp(error);
    } else if (!this.entered && !this.released) {
      fail(this, error);
    }
  }

  protected override end(): void {
    try {
      this.waiting?.unsubscribe();
    } finally {
      super.end();
    }
  }
}
