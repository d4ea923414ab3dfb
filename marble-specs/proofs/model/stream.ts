import { Observable, type Observer, type Subscriber } from 'rxjs';

import { runIn, type ModelContext } from './context.js';
import { stoppable } from './stoppable.js';
import { holding } from './delivery.js';

/** One subscription to an operator over values. */
export abstract class ModelStream<T, R> implements Observer<T> {
  protected readonly source = stoppable<T>(this);
  /** Whether the source has completed. */
  protected exhausted = false;
  private isOver = false;

  constructor(protected readonly subscriber: Subscriber<R>) {}

  next(value: T): void {
    if (!this.isOver) {
      this.take(value);
    }
  }

  protected abstract take(value: T): void;

  /** The source has completed: completes the stream if no task is left. */
  protected abstract drain(): void;

  protected abstract tearDown(): void;

  start(source: Observable<T>): void {
    this.subscriber.add(() => {
      this.isOver = true;
      holding(() => {
        this.tearDown();
      });
    });
    source.subscribe(this.source);
  }

  /** Emits the first failure after everything was torn down. Nothing is emitted after it. */
  error(error: unknown): void {
    if (this.fails()) {
      this.failWith(error);
    }
  }

  /** Whether something has failed, or downstream has unsubscribed. */
  protected hasFailed(): boolean {
    return this.isOver;
  }

  /** Records a failure. Returns whether it is the first. */
  fails(): boolean {
    const isFirst = !this.isOver;
    this.isOver = true;
    return isFirst;
  }

  failWith(error: unknown): void {
    holding(() => {
      try {
        this.tearDown();
      } finally {
        this.subscriber.error(error);
      }
    });
  }

  complete(): void {
    this.exhausted = true;
    this.drain();
  }

  emitDownstream(value: R): void {
    if (!this.isOver) {
      this.subscriber.next(value);
    }
  }

  /**
   * Runs a task in a kept context. An error of the restore is an error of the stream.
   *
   * @param errors - receives all other errors. They are reported at the end, since the next value is handled in any case.
   */
  protected resume(context: ModelContext, task: () => void, errors: unknown[]): void {
    try {
      runIn(context, task, (error) => {
        this.error(error);
      });
    } catch (error) {
      errors.push(error);
    }
  }

  /** Calls foreign code. An error is an error of the stream. Returns undefined if the stream is over then. */
  protected callForeign<A>(callback: () => A): A | undefined {
    try {
      const answer = callback();
      return this.isOver ? undefined : answer;
    } catch (error) {
      this.error(error);
      return undefined;
    }
  }

  protected end(): void {
    if (!this.isOver) {
      this.subscriber.complete();
    }
  }
}

/** An operator that makes a new stream for each subscriber. */
export function streaming<T, R>(
  make: (subscriber: Subscriber<R>) => ModelStream<T, R>,
): (source: Observable<T>) => Observable<R> {
  return (source) =>
    new Observable((subscriber) => {
      if (!subscriber.closed) {
        make(subscriber).start(source);
      }
    });
}
