import { Observable, Subscription, type Observer, type Subscriber, type Unsubscribable } from 'rxjs';

import { holdDeliveries, report, resumeDeliveries, runIn } from '../delivery/delivery.js';
import { failedWith, finish, type Ending, type Finishing } from '../delivery/ending.js';
import { innerSubscriber } from '../delivery/inner-subscriber.js';
import type { Kept, ValueQueue } from './value-queue.js';

/**
 * One subscription to an operator over values. It observes the source, and is the teardown of the downstream
 * subscriber. The tasks and kept values of the subscription hang on this object, not on the subscriber. Removing a
 * teardown from a subscriber takes as long as the subscriber has teardowns.
 */
export abstract class SourceObserver<T, R> implements Observer<T>, Unsubscribable, Finishing {
  protected readonly source: Subscriber<T> = innerSubscriber(this);

  /**
   * True from the first failure on, or from the moment in which downstream unsubscribes. After it, nothing starts and
   * nothing is emitted. What fails, emits or completes while everything is torn down is ignored.
   */
  protected isOver = false;

  /**
   * True while kept values are sent or started, and while user code runs that must not cause the next one to be. Then
   * {@link drain} does nothing.
   */
  protected isDraining = false;

  constructor(protected readonly subscriber: Subscriber<R>) {}

  start(source: Observable<T>): void {
    this.subscriber.add(this);
    source.subscribe(this.source);
  }

  next(value: T): void {
    if (!this.isOver) {
      this.take(value);
    }
  }

  abstract complete(): void;

  /** Does what the operator does for a value of the source. */
  protected abstract take(value: T): void;

  error(error: unknown): void {
    if (this.latchFailure()) {
      this.sendError(error);
    }
  }

  /**
   * Marks the stream as over. Returns whether this failure is the first one: then downstream gets it, by
   * {@link sendError}.
   */
  latchFailure(): boolean {
    const isFirst = !this.isOver;
    this.isOver = true;
    return isFirst;
  }

  sendError(error: unknown): void {
    finish(this, failedWith(error));
  }

  notifyDownstream({ error }: Ending): void {
    this.subscriber.error(error);
  }

  unsubscribe(): void {
    this.isOver = true;
    const held = holdDeliveries();
    try {
      this.tearDown();
    } finally {
      resumeDeliveries(held);
    }
  }

  /**
   * Tears down the source first, and then the tasks and kept values. It tears down all of them, whatever one of them
   * throws.
   */
  abstract tearDown(): void;

  /** Emits a value downstream. */
  protected sendNext(value: R): void {
    if (!this.isOver) {
      this.subscriber.next(value);
    }
  }

  /** Completes downstream. */
  protected sendComplete(): void {
    if (!this.isOver) {
      this.subscriber.complete();
    }
  }

  /**
   * Continues with a kept value, in the context in which it arrived. A context that cannot be restored is the error of
   * the stream.
   */
  protected runKept<K>({ value, context }: Kept<K>, use: (value: K) => void): void {
    runIn(
      context,
      () => {
        use(value);
      },
      (error) => {
        this.error(error);
      },
    );
  }

  /** Emits a kept value downstream, in its context. */
  protected sendKept(kept: Kept<R>): void {
    this.runKept(kept, (value) => {
      this.sendNext(value);
    });
  }

  /** Runs user code. What it throws is the error of the stream. Returns `undefined` if the stream is over by then. */
  protected callUser<A>(question: () => A): A | undefined {
    try {
      const answer = question();
      return this.isOver ? undefined : answer;
    } catch (error) {
      this.error(error);
      return undefined;
    }
  }

  /**
   * Keeps a value. Nothing is drained while its context is captured, so that each kept value runs in its own context
   * only. A capture that throws is the error of the stream.
   */
  protected keep<K>(queue: ValueQueue<K>, value: K): void {
    const { isDraining } = this;
    this.isDraining = true;
    this.callUser(() => {
      queue.push(value);
    });
    this.isDraining = isDraining;
  }

  /** Sends or starts kept values with {@link runSteps}, unless that is under way. */
  protected drain(step: () => boolean, done: () => void): void {
    if (this.isDraining) {
      return;
    }
    this.isDraining = true;
    runSteps(step, () => {
      this.isDraining = false;
      done();
    });
  }
}

/**
 * Runs step after step until one returns that there are no more, whatever the steps throw.
 *
 * @param done - called after the last step. Then the first error that was thrown is thrown, and the others are
 * reported.
 */
function runSteps(step: () => boolean, done: () => void): void {
  const errors: { readonly error: unknown }[] = [];
  /** Returns whether there may be more to do: after an error there may be. */
  const attempt = (act: () => unknown): boolean => {
    try {
      return act() === true;
    } catch (error) {
      errors.push({ error });
      return true;
    }
  };
  while (attempt(step));
  attempt(done);
  const [first, ...others] = errors;
  others.forEach(({ error }) => {
    report(error);
  });
  if (first !== undefined) {
    throw first.error;
  }
}

/** Unsubscribes from one after another, whatever they throw; then throws all errors together, as RxJS does. */
export function unsubscribeAll(subscriptions: readonly (Unsubscribable | undefined)[]): void {
  const all = new Subscription();
  for (const each of subscriptions) {
    all.add(each);
  }
  all.unsubscribe();
}

/** An operator that creates one observer for each of its subscriptions. */
export function observing<T, R>(
  create: (subscriber: Subscriber<R>) => SourceObserver<T, R>,
): (source: Observable<T>) => Observable<R> {
  return (source) =>
    new Observable((subscriber) => {
      if (!subscriber.closed) {
        create(subscriber).start(source);
      }
    });
}
