/**
 * The base of the operators over values that run a task for each value: the tasks of one subscription. Each task is a
 * section with a place of its own in some queue.
 *
 * ```
 *   value ──► Work ──► waits in the queue ──► runs ──► over ──► left
 *                                              │ emits             │ the last one of a source that has completed: completes
 *                                              ▼                   ▼
 *                                            downstream          downstream
 * ```
 */
import { Subscription, type ObservableInput, type Subscriber } from 'rxjs';

import type { Demand } from '../waiting/demand.js';
import type { Ending } from '../tasks/ending.js';
import { Section } from '../tasks/section.js';
import { SourceObserver } from './source-observer.js';
import type { ValueQueue } from './value-queue.js';
import { PARKED, PROMISED } from '../waiting/waiter.js';

/** What all tasks of one use of an operator have in common. */
export interface WorkPlan<T, R> {
  readonly project: (value: T, index: number) => ObservableInput<R>;
}

/** One subscription: starts a task for each value. */
export abstract class Works<T, R> extends SourceObserver<T, R> {
  private exhausted = false;

  /** The number of tasks that are not over. */
  protected running = 0;

  // The tasks in the order of their values: those that are not over, and those that are kept for a while after that.
  // The tasks are linked, because a Set would have to hash each of them.
  // oldest === undefined  if and only if  newest === undefined
  protected oldest: Work<T, R> | undefined = undefined;
  private newest: Work<T, R> | undefined = undefined;

  complete(): void {
    this.exhausted = true;
    this.completeIfDone();
  }

  /** Hands on what a task emits. */
  emit(_work: Work<T, R>, value: R): void {
    this.handOn(value);
  }

  /** Called when a task is over. */
  left(work: Work<T, R>): void {
    // Stryker disable next-line ConditionalExpression,BlockStatement: `running` would be below zero, and nothing complete
    if (work.isOver) {
      return; // `letGo()` dropped this task, and ended it by unsubscribing from another one
    }
    work.isOver = true;
    this.running--;
    try {
      this.remove(work);
    } finally {
      this.completeIfDone();
    }
  }

  protected completeIfDone(): void {
    if (this.exhausted && this.running === 0) {
      this.end();
    }
  }

  /**
   * Runs user code for a value that will have a task, as if the task ran already: if the source completes meanwhile,
   * completion waits for the task. Returns `undefined` if the stream is over by then.
   */
  protected prepare<A>(question: () => A): A | undefined {
    this.running++;
    const answer = this.ask(question);
    this.running--;
    return answer;
  }

  /** Unsubscribes from the source, then from the tasks that run, and then from those that wait in a queue. */
  protected letGo(): void {
    const leaving = new Subscription();
    leaving.add(this.source);
    const waiting: Work<T, R>[] = [];
    for (let work = this.oldest; work !== undefined; work = work.newer) {
      // Stryker disable next-line BooleanLiteral: equivalent for the reason given in left(), which reads it
      work.isOver = true;
      if (work.phase === PARKED || work.phase === PROMISED) {
        waiting.push(work);
      } else {
        leaving.add(work);
      }
    }
    for (const work of waiting) {
      leaving.add(work);
    }
    this.running = 0;
    this.oldest = this.newest = undefined;
    leaving.unsubscribe();
  }

  protected add(work: Work<T, R>): void {
    this.running++;
    const { newest } = this;
    work.older = newest;
    if (newest === undefined) {
      this.oldest = work;
    } else {
      newest.newer = work;
    }
    this.newest = work;
  }

  /** Removes a task that is over. */
  protected remove(work: Work<T, R>): void {
    const { older, newer } = work;
    if (older === undefined) {
      this.oldest = newer;
    } else {
      older.newer = newer;
    }
    if (newer === undefined) {
      this.newest = older;
    } else {
      newer.older = older;
    }
    work.older = work.newer = undefined;
  }
}

/** The task of one value. */
export class Work<T, R> extends Section<R> {
  older: Work<T, R> | undefined = undefined;
  newer: Work<T, R> | undefined = undefined;
  isOver = false;
  private isFirstToFail = false;

  /** What the task emitted before its turn. Defined by an operator that hands on values in the order of the source. */
  kept: ValueQueue<R> | undefined = undefined;

  constructor(
    demand: Demand,
    subscriber: Subscriber<R>,
    protected readonly works: Works<T, R>,
    private readonly plan: WorkPlan<T, R>,
    protected value: T,
    protected index: number,
  ) {
    super(demand, subscriber, undefined);
  }

  override next(value: R): void {
    this.works.emit(this, value);
  }

  protected override wire(): void {
    // The task is torn down by `Works`, not by the subscriber.
  }

  protected begin(): ObservableInput<R> {
    return this.plan.project(this.value, this.index);
  }

  protected override failing(): void {
    this.isFirstToFail ||= this.works.fails();
  }

  protected override tell({ failed, error }: Ending): void {
    if (!failed) {
      this.works.left(this);
    } else if (this.isFirstToFail) {
      this.works.failWith(error);
    }
  }
}
