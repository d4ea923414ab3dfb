import { from, Subscription, type Observable, type ObservableInput, type Subscriber } from 'rxjs';

import { contextOfNow, HERE, type Kept } from './context.js';
import { stoppable } from './stoppable.js';
import { ModelStream, streaming } from './stream.js';
import { endLoop } from './turn.js';

/** One work at a time, and then the next of the values that came meanwhile: of all, or of the latest alone. */
export function modelOneAtATime<T, R>(
  project: (value: T) => ObservableInput<R>,
  keep: 'all' | 'latest',
): (source: Observable<T>) => Observable<R> {
  return streaming((subscriber: Subscriber<R>) => new OneAtATime(project, keep, subscriber));
}

class OneAtATime<T, R> extends ModelStream<T, R> {
  private kept: Kept<T>[] = [];
  private work: Subscriber<R> | undefined;
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
      this.ask(() => {
        kept.context = contextOfNow();
      });
      this.isStarting = isStarting;
    }
    this.run();
  }

  protected drain(): void {
    this.run();
  }

  protected letGo(): void {
    this.kept = [];
    const leaving = new Subscription();
    leaving.add(this.source);
    leaving.add(this.work);
    leaving.unsubscribe();
  }

  private isIdle(): boolean {
    return this.work === undefined || this.work.closed;
  }

  private run(): void {
    if (this.isStarting) {
      return;
    }
    this.isStarting = true;
    const errors: unknown[] = [];
    while (this.kept.length > 0 && this.isIdle()) {
      this.kept.splice(0, 1).forEach(({ value, context }) => {
        this.goOn(
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
    const work = stoppable<R>({
      next: (result) => {
        this.handOn(result);
      },
      error: (error: unknown) => {
        this.error(error);
      },
      complete: () => {
        const { isStarting } = this;
        this.isStarting = true; // a value that comes while it is torn down is kept
        try {
          work.unsubscribe();
        } finally {
          this.isStarting = isStarting;
          this.run();
        }
      },
    });
    this.work = work;
    let source: Observable<R>;
    try {
      source = from(this.project(value));
    } catch (error) {
      this.error(error);
      return;
    }
    if (!work.closed) {
      source.subscribe(work);
    }
  }
}
