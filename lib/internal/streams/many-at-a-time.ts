/**
 * The base of the operators over values that run a task for each value: the tasks of one subscription. Each task is a
 * section with a place of its own in some queue.
 *
 * ```
 *   value ──► ValueTask ──► waits in the queue ──► runs ──► over ──► removed
 *                                              │ emits             │ the last one of a source that has completed: completes
 *                                              ▼                   ▼
 *                                            downstream          downstream
 * ```
 */
import { Subscription, type ObservableInput, type Subscriber } from 'rxjs';

import type { Permit } from '../../permit.js';
import type { Demand } from '../waiting/demand.js';
import type { Ending } from '../delivery/ending.js';
import { Section } from '../tasks/section.js';
import { SourceObserver } from './source-observer.js';
import type { ValueQueue } from './value-queue.js';
import { QUEUED, GRANTED } from '../waiting/waiter.js';

/** What all tasks of one use of an operator have in common. */
export interface TaskPlan<T, R> {
  readonly project: (value: T, index: number, permit: Permit) => ObservableInput<R>;
}

/** One subscription: starts a task for each value. */
export abstract class ManyAtATime<T, R> extends SourceObserver<T, R> {
  private exhausted = false;

  /** The number of tasks that are not over. */
  protected running = 0;

  // The tasks in the order of their values: those that are not over, and those that are kept for a while after that.
  // The tasks are linked: with a Set, a long queue takes 1.2 times as long (`npm run bench -- --ablation`).
  // oldest === undefined  if and only if  newest === undefined
  protected oldest: ValueTask<T, R> | undefined = undefined;
  private newest: ValueTask<T, R> | undefined = undefined;

  complete(): void {
    this.exhausted = true;
    this.completeIfDone();
  }

  /** Emits a value of a task. */
  emit(_task: ValueTask<T, R>, value: R): void {
    this.sendNext(value);
  }

  /** Called when a task is over. */
  taskIsOver(task: ValueTask<T, R>): void {
    // Stryker disable next-line ConditionalExpression,BlockStatement: `running` would be below zero, and nothing complete
    if (task.isOver) {
      return; // `tearDown()` dropped this task, and ended it by unsubscribing from another one
    }
    task.isOver = true;
    this.running--;
    try {
      this.remove(task);
    } finally {
      this.completeIfDone();
    }
  }

  protected completeIfDone(): void {
    if (this.exhausted && this.running === 0 && !this.isDraining) {
      this.sendComplete();
    }
  }

  /**
   * Runs user code for a value that will have a task, as if the task ran already: if the source completes meanwhile,
   * completion waits for the task. Returns `undefined` if the stream is over by then.
   */
  protected prepare<A>(question: () => A): A | undefined {
    this.running++;
    const answer = this.callUser(question);
    this.running--;
    return answer;
  }

  /** Unsubscribes from the source, then from the tasks that run, and then from those that wait in a queue. */
  tearDown(): void {
    const leaving = new Subscription();
    leaving.add(this.source);
    const waiting: ValueTask<T, R>[] = [];
    for (let task = this.oldest; task !== undefined; task = task.newer) {
      // Stryker disable next-line BooleanLiteral: equivalent for the reason given in taskIsOver(), which reads it
      task.isOver = true;
      if (task.phase === QUEUED || task.phase === GRANTED) {
        waiting.push(task);
      } else {
        leaving.add(task);
      }
    }
    for (const task of waiting) {
      leaving.add(task);
    }
    this.running = 0;
    this.oldest = this.newest = undefined;
    leaving.unsubscribe();
  }

  protected add(task: ValueTask<T, R>): void {
    this.running++;
    const { newest } = this;
    task.older = newest;
    if (newest === undefined) {
      this.oldest = task;
    } else {
      newest.newer = task;
    }
    this.newest = task;
  }

  /** Removes a task that is over. */
  protected remove(task: ValueTask<T, R>): void {
    const { older, newer } = task;
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
    task.older = task.newer = undefined;
  }
}

/** The task of one value. */
export class ValueTask<T, R> extends Section<R> {
  older: ValueTask<T, R> | undefined = undefined;
  newer: ValueTask<T, R> | undefined = undefined;
  isOver = false;
  private isFirstToFail = false;

  /** What the task emitted before its turn. Defined by an operator that emits values in the order of the source. */
  kept: ValueQueue<R> | undefined = undefined;

  constructor(
    demand: Demand,
    subscriber: Subscriber<R>,
    protected readonly stream: ManyAtATime<T, R>,
    private readonly plan: TaskPlan<T, R>,
    protected value: T,
    protected index: number,
  ) {
    super(demand, subscriber, undefined);
  }

  override next(value: R): void {
    this.stream.emit(this, value);
  }

  protected override attachAtStart(): void {
    // The task is torn down by `ManyAtATime`, not by the subscriber.
  }

  protected createTask(): ObservableInput<R> {
    return this.plan.project(this.value, this.index, this.toPermit());
  }

  protected override latchFailure(): void {
    this.isFirstToFail ||= this.stream.latchFailure();
  }

  override notifyDownstream({ failed, error }: Ending): void {
    if (!failed) {
      this.stream.taskIsOver(this);
    } else if (this.isFirstToFail) {
      this.stream.sendError(error);
    }
  }
}
