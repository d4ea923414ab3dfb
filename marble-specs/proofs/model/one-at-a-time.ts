import { from, Subscription, type Observable, type ObservableInput, type Subscriber } from 'rxjs';

import { contextOfNow, HERE, type Kept } from './context.js';
import { stoppable } from './stoppable.js';
import { ModelStream, streaming } from './stream.js';
import { endLoop } from './delivery.js';

/** Runs one task at a time, and then the next waiting value: all values wait, or only the latest. */
export function modelOneAtATime<T, R>(
  project: (value: T) => ObservableInput<R>,
  keep: 'all' | 'latest',
): (source: Observable<T>) => Observable<R> {
  return streaming((subscriber: Subscriber<R>) => new OneAtATime(project, keep, subscriber));
}

class OneAtATime<T, R> extends ModelStream<T, R> {
  private kept: Kept<T>[] = [];
  private task: Subscriber<R> | undefined;
  private isStarting = false;

  constructor(
    private readonly project: (value: T) => ObservableInput<R>,
    private readonly keep: 'all' | 'latest',
    subscriber: Subscriber<R>,
  ) {
    super(subscriber);
  }

  protected take(value: T): void {
    const mustWait = this.isStarting || !this.isIdle();
    const kept = { value, context: HERE };
    this.kept = this.keep === 'all' ? [...this.kept, kept] : [kept];
    if (mustWait) {
      const { isStarting } = this;
      this.isStarting = true;
      this.callForeign(() => {
        kept.context = contextOfNow();
      });
      this.isStarting = isStarting;
    }
    this.run();
  }

  protected drain(): void {
    this.run();
  }

  protected tearDown(): void {
    this.kept = [];
    const teardown = new Subscription();
    teardown.add(this.source);
    teardown.add(this.task);
    teardown.unsubscribe();
  }

  private isIdle(): boolean {
    return this.task === undefined || this.task.closed;
  }

  private run(): void {
    if (this.isStarting) {
      return;
    }
    this.isStarting = true;
    const errors: unknown[] = [];
    while (this.kept.length > 0 && this.isIdle()) {
      this.kept.splice(0, 1).forEach(({ value, context }) => {
        this.resume(
          context,
          () => {
            this.begin(value);
          },
          errors,
        );
      });
    }
    this.isStarting = false;
    endLoop(errors, () => {
      if (this.exhausted && this.isIdle()) {
        this.end();
      }
    });
  }

  private begin(value: T): void {
    const task = stoppable<R>({
      next: (result) => {
        this.emitDownstream(result);
      },
      error: (error: unknown) => {
        this.error(error);
      },
      complete: () => {
        const { isStarting } = this;
        this.isStarting = true; // keeps a value that arrives during the teardown
        try {
          task.unsubscribe();
        } finally {
          this.isStarting = isStarting;
          this.run();
        }
      },
    });
    this.task = task;
    let source: Observable<R>;
    try {
      source = from(this.project(value));
    } catch (error) {
      this.error(error);
      return;
    }
    if (!task.closed) {
      source.subscribe(task);
    }
  }
}
