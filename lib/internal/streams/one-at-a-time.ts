import { from, type Observable, type ObservableInput, type Subscriber } from 'rxjs';

import { innerSubscriber } from '../delivery/inner-subscriber.js';
import { SourceObserver, unsubscribeAll } from './source-observer.js';
import { ValueQueue, type Kept } from './value-queue.js';

export type Project<T, R> = (value: T, index: number) => ObservableInput<R>;

/** A value, and its place among those of the source. */
interface Indexed<T> {
  readonly value: T;
  readonly index: number;
}

/**
 * One subscription to an operator that runs the task of one value at a time. It keeps the values that arrive meanwhile:
 * all of them, or only the latest.
 */
export class OneAtATime<T, R> extends SourceObserver<T, R> {
  private task: Subscriber<R> | undefined = undefined;
  private readonly kept = new ValueQueue<Indexed<T>>();
  private index = 0;
  private exhausted = false;

  constructor(
    subscriber: Subscriber<R>,
    private readonly project: Project<T, R>,
    private readonly latestOnly: boolean,
  ) {
    super(subscriber);
  }

  protected take(value: T): void {
    if (this.latestOnly) {
      this.kept.clear();
    }
    const indexed = { value, index: this.index++ };
    if (this.isIdle() && !this.isDraining) {
      this.run({ value: indexed, context: undefined });
      return;
    }
    this.keep(this.kept, indexed);
    this.run();
  }

  complete(): void {
    this.exhausted = true;
    this.run();
  }

  tearDown(): void {
    this.kept.clear();
    unsubscribeAll([this.source, this.task]);
  }

  /**
   * Starts the task of `first`, or else of the first kept value, and then the next one, as long as tasks end
   * synchronously. Completes when none is left. If the teardown of an ended task throws, the next value is started all
   * the same.
   */
  private run(first?: Kept<Indexed<T>>): void {
    this.drain(
      () => {
        const kept = this.isIdle() ? (first ?? this.kept.shift()) : undefined;
        first = undefined;
        if (kept !== undefined) {
          this.runKept(kept, this.startTask);
        }
        return kept !== undefined;
      },
      () => {
        if (this.exhausted && this.isIdle()) {
          this.sendComplete();
        }
      },
    );
  }

  private isIdle(): boolean {
    return this.task?.closed ?? true;
  }

  private readonly startTask = ({ value, index }: Indexed<T>): void => {
    const task = (this.task = innerSubscriber<R>({
      next: (result) => {
        this.sendNext(result);
      },
      error: (error: unknown) => {
        this.error(error);
      },
      complete: () => {
        const { isDraining } = this;
        this.isDraining = true; // a value that its teardown emits is kept
        try {
          task.unsubscribe();
        } finally {
          this.isDraining = isDraining;
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
    if (!task.closed) {
      try {
        source.subscribe(task);
      } catch (error) {
        if (this.isIdle()) {
          throw error; // a teardown threw: the task is over
        }
        this.error(error);
      }
    }
  };
}
