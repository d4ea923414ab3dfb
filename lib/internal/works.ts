/**
 * What an operator over values is that runs a work for each: the works of one subscription, of which each is a section with
 * a place of its own in some line.
 *
 * ```
 *   value ──► Work ──► waits in line ──► runs ──► over ──► left
 *                                         │ emits             │ the last one of a source that has completed: completes
 *                                         ▼                   ▼
 *                                       downstream          downstream
 * ```
 */
import { Subscription, type ObservableInput, type Subscriber } from 'rxjs';

import type { Demand } from './demand.js';
import type { Ending } from './ending.js';
import { Section } from './section.js';
import { SourceObserver } from './source-observer.js';
import type { ValueQueue } from './value-queue.js';
import { PARKED, PROMISED } from './waiter.js';

/** What all works of one use of an operator have in common. */
export interface WorkPlan<T, R> {
  readonly project: (value: T, index: number) => ObservableInput<R>;
}

/** One subscription: starts a work for each value. */
export abstract class Works<T, R> extends SourceObserver<T, R> {
  private exhausted = false;

  /** How many works are not over. */
  protected running = 0;

  // The works in the order of their values: those that are not over, and those that are kept for a while after that.
  // Linked through the works, where a Set would have to hash each of them.
  // oldest === undefined  if and only if  newest === undefined
  protected oldest: Work<T, R> | undefined = undefined;
  private newest: Work<T, R> | undefined = undefined;

  complete(): void {
    this.exhausted = true;
    this.completeIfDone();
  }

  /** Hands on what a work emits. */
  emit(_work: Work<T, R>, value: R): void {
    this.handOn(value);
  }

  /** A work is over. */
  left(work: Work<T, R>): void {
    // Stryker disable next-line ConditionalExpression,BlockStatement: `running` would be below zero, and nothing complete
    if (work.isOver) {
      return; // it was let go of, and another one that was has ended it
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
   * Runs user code for a value that is to have a work, as if that ran already: a source that completes meanwhile waits for
   * it. Returns `undefined` where the stream is over by then.
   */
  protected prepare<A>(question: () => A): A | undefined {
    this.running++;
    const answer = this.ask(question);
    this.running--;
    return answer;
  }

  /** Of the works, and then of the places in line. */
  protected letGo(): void {
    const leaving = new Subscription();
    leaving.add(this.source);
    const waiting: Work<T, R>[] = [];
    for (let work = this.oldest; work !== undefined; work = work.newer) {
      // Stryker disable next-line BooleanLiteral: as in left(), which looks at it
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

  /** Forgets a work that is over. */
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

/** The work of one value. */
export class Work<T, R> extends Section<R> {
  older: Work<T, R> | undefined = undefined;
  newer: Work<T, R> | undefined = undefined;
  isOver = false;
  private isFirstToFail = false;

  /** What it emitted before its turn, for an operator that hands that on in the order of the values. */
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
    // It hangs on the works.
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
