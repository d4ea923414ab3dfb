import { from, Observable, type ObservableInput, type Observer, type Subscriber } from 'rxjs';

import { stoppable } from './stoppable.js';
import { holding } from './turn.js';

/** One work at a time, and then the latest value that came meanwhile. */
export function modelExhaustMapLatest<T, R>(
  project: (value: T) => ObservableInput<R>,
): (source: Observable<T>) => Observable<R> {
  return (source) =>
    new Observable((subscriber) => {
      if (!subscriber.closed) {
        new Latest(project, subscriber).start(source);
      }
    });
}

class Latest<T, R> implements Observer<T> {
  private readonly source = stoppable<T>(this);
  private kept: T[] = [];
  private work: Subscriber<R> | undefined;
  private isStarting = false;
  private exhausted = false;

  constructor(
    private readonly project: (value: T) => ObservableInput<R>,
    private readonly subscriber: Subscriber<R>,
  ) {}

  start(source: Observable<T>): void {
    this.subscriber.add(() => {
      holding(() => {
        this.letGo();
      });
    });
    source.subscribe(this.source);
  }

  next(value: T): void {
    this.kept = [value];
    this.run();
  }

  error(error: unknown): void {
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
    this.run();
  }

  private letGo(): void {
    this.kept = [];
    try {
      this.source.unsubscribe();
    } finally {
      this.work?.unsubscribe();
    }
  }

  private isIdle(): boolean {
    return this.work === undefined || this.work.closed;
  }

  private run(): void {
    if (this.isStarting) {
      return;
    }
    this.isStarting = true;
    try {
      while (this.kept.length > 0 && this.isIdle()) {
        this.kept.splice(0).forEach((value) => {
          this.begin(value);
        });
      }
    } finally {
      this.isStarting = false;
    }
    if (this.exhausted && this.isIdle()) {
      this.subscriber.complete();
    }
  }

  private begin(value: T): void {
    const work = stoppable<R>({
      next: (result) => {
        this.subscriber.next(result);
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
