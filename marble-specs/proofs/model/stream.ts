import { Observable, type Observer, type Subscriber } from 'rxjs';

import { runIn, type ModelContext } from './context.js';
import { stoppable } from './stoppable.js';
import { holding } from './turn.js';

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

  /** The source has completed: completes too once nothing is left to do. */
  protected abstract drain(): void;

  protected abstract letGo(): void;

  start(source: Observable<T>): void {
    this.subscriber.add(() => {
      this.isOver = true;
      holding(() => {
        this.letGo();
      });
    });
    source.subscribe(this.source);
  }

  /** The first failure is told when everything has been let go of; nothing else is told after it. */
  error(error: unknown): void {
    if (this.fails()) {
      this.failWith(error);
    }
  }

  /** Whether something has failed, or downstream has left. */
  protected hasFailed(): boolean {
    return this.isOver;
  }

  /** Something fails: is it the first? */
  fails(): boolean {
    const isFirst = !this.isOver;
    this.isOver = true;
    return isFirst;
  }

  failWith(error: unknown): void {
    holding(() => {
      try {
        this.letGo();
      } finally {
        this.subscriber.error(error);
      }
    });
  }

  complete(): void {
    this.exhausted = true;
    this.drain();
  }

  handOn(value: R): void {
    if (!this.isOver) {
      this.subscriber.next(value);
    }
  }

  /**
   * Goes on with what was kept; a context that cannot be restored is the error of the stream.
   *
   * @param errors - what else is thrown, to be reported in the end: whatever it is, the next value has its turn.
   */
  protected goOn(context: ModelContext, task: () => void, errors: unknown[]): void {
    try {
      runIn(context, task, (error) => {
        this.error(error);
      });
    } catch (error) {
      errors.push(error);
    }
  }

  /** Asks foreign code; what it throws is the error of the stream. Undefined if the stream is over by then. */
  protected ask<A>(question: () => A): A | undefined {
    try {
      const answer = question();
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

/** An operator that makes a stream of its own for each subscriber. */
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
