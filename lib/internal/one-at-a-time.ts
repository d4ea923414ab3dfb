import { from, type Observable, type ObservableInput, type Subscriber } from 'rxjs';

import { innerSubscriber } from './inner-subscriber.js';
import { SourceObserver } from './source-observer.js';
import { ValueQueue } from './value-queue.js';

export type Project<T, R> = (value: T, index: number) => ObservableInput<R>;

/** A value, and its place among those of the source. */
interface Kept<T> {
  readonly value: T;
  readonly index: number;
}

/**
 * One subscription to an operator that runs the work of one value at a time, and keeps what comes meanwhile: every value,
 * or the latest only.
 */
export class OneAtATime<T, R> extends SourceObserver<T, R> {
  private work: Subscriber<R> | undefined = undefined;
  private kept = new ValueQueue<Kept<T>>();
  private index = 0;
  private exhausted = false;

  /** True while works are started: one that ends meanwhile is followed by the next turn of the loop, not by a call. */
  private starting = false;

  constructor(
    subscriber: Subscriber<R>,
    private readonly project: Project<T, R>,
    private readonly latestOnly: boolean,
  ) {
    super(subscriber);
  }

  next(value: T): void {
    if (this.latestOnly) {
      this.forget();
    }
    this.kept.push({ value, index: this.index++ });
    this.run();
  }

  complete(): void {
    this.exhausted = true;
    this.run();
  }

  protected letGo(): void {
    this.forget();
    try {
      this.source.unsubscribe();
    } finally {
      this.work?.unsubscribe();
    }
  }

  /** Starts the first kept value's work, and the next one's for as long as works end at once; completes when none is left. */
  private run(): void {
    if (this.starting) {
      return;
    }
    this.starting = true;
    try {
      while (this.isIdle() && this.kept.shift(this.begin));
    } finally {
      this.starting = false;
    }
    if (this.exhausted && this.isIdle()) {
      this.subscriber.complete();
    }
  }

  private isIdle(): boolean {
    return this.work?.closed ?? true;
  }

  private forget(): void {
    this.kept = new ValueQueue();
  }

  private readonly begin = ({ value, index }: Kept<T>): void => {
    const work = (this.work = innerSubscriber<R>({
      next: (result) => {
        this.subscriber.next(result);
      },
      error: (error: unknown) => {
        this.error(error);
      },
      complete: () => {
        const { starting } = this;
        this.starting = true; // a value that its teardown emits is kept
        try {
          work.unsubscribe();
        } finally {
          this.starting = starting;
          this.run();
        }
      },
    }));
    let source: Observable<R>;
    try {
      source = from(this.project(value, index));
    } catch (error) {
      this.error(error);
      return;
    }
    if (!work.closed) {
      try {
        source.subscribe(work);
      } catch (error) {
        if (this.isIdle()) {
          throw error; // of a teardown: the work is over
        }
        this.error(error);
      }
    }
  };
}
