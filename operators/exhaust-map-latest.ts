import {
  from,
  type Observable,
  type ObservableInput,
  type ObservedValueOf,
  type OperatorFunction,
  type Subscriber,
} from 'rxjs';

import { innerSubscriber } from '../lib/internal/inner-subscriber.js';
import { observing, SourceObserver } from '../lib/internal/source-observer.js';

/**
 * Runs one work at a time; of the values that come meanwhile, only the latest is kept, and runs next.
 *
 * `exhaustMap` drops all that come meanwhile, the last one too; `switchMap` breaks off the work under way; `concatMap`
 * runs them all. This is the one for autosave.
 *
 * ```
 * source       a-b-c-----d|
 * project      ----x|
 * the result   ----a----c----d|
 * ```
 *
 * **Order.** When a work has ended, it is torn down; then the kept value runs. The result completes when the source has
 * and no work is left to run: the kept one is not lost.
 *
 * **Cancel safety.** Unsubscribing lets go of the source first, then of the work, and forgets the kept value. An error of
 * the source or of a work goes downstream at once, and the other is let go of.
 *
 * @example
 * const edits = of('a', 'ab', 'abc');
 * const save = (text: string) => of(`saved ${text}`);
 *
 * edits.pipe(exhaustMapLatest(save)).subscribe(console.log);
 *
 * @param project - returns what to subscribe to: anything that `from` takes. `index` counts all values of the source,
 * those that were replaced too.
 * @throws TypeError at the call, when `project` is no function. What it throws goes downstream.
 */
export function exhaustMapLatest<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
): OperatorFunction<T, ObservedValueOf<O>> {
  if (typeof project !== 'function') {
    throw new TypeError(`exhaustMapLatest needs a function, but got ${String(project)}`);
  }
  return observing((subscriber) => new Latest<T, ObservedValueOf<O>>(subscriber, project as Project<T, ObservedValueOf<O>>));
}

type Project<T, R> = (value: T, index: number) => ObservableInput<R>;

/** A value, and its place among those of the source. */
interface Kept<T> {
  readonly value: T;
  readonly index: number;
}

/** One subscription: the observer of the source, and of one work after another. */
class Latest<T, R> extends SourceObserver<T, R> {
  private work: Subscriber<R> | undefined = undefined;
  private kept: Kept<T> | undefined = undefined;
  private index = 0;
  private exhausted = false;

  /** True while works are started: one that ends meanwhile is followed by the next turn of the loop, not by a call. */
  private starting = false;

  constructor(
    subscriber: Subscriber<R>,
    private readonly project: Project<T, R>,
  ) {
    super(subscriber);
  }

  next(value: T): void {
    this.kept = { value, index: this.index++ };
    this.run();
  }

  complete(): void {
    this.exhausted = true;
    this.run();
  }

  protected letGo(): void {
    this.kept = undefined;
    try {
      this.source.unsubscribe();
    } finally {
      this.work?.unsubscribe();
    }
  }

  /** Starts the kept value's work, and the next one's for as long as works end at once; completes when none is left. */
  private run(): void {
    if (this.starting) {
      return;
    }
    this.starting = true;
    try {
      while (this.kept !== undefined && this.isIdle()) {
        const { kept } = this;
        this.kept = undefined;
        this.begin(kept);
      }
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

  private begin({ value, index }: Kept<T>): void {
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
  }
}
