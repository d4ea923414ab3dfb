import { Observable, Subscription, type Observer, type Subscriber, type Unsubscribable } from 'rxjs';

import { runIn } from './context.js';
import { innerSubscriber } from './inner-subscriber.js';
import type { Kept, ValueQueue } from './value-queue.js';
import { hold, report, resume } from './wake-list.js';

/**
 * One subscription to an operator over values: observes the source, and is the teardown of the one downstream. What it
 * has of its own (works, values that are held) hangs on it and not on the subscriber, where each would take as long to
 * remove as there are others.
 */
export abstract class SourceObserver<T, R> implements Observer<T>, Unsubscribable {
  protected readonly source: Subscriber<T> = innerSubscriber(this);

  /**
   * True from the first failure on, or from the moment in which downstream leaves. Nothing begins and nothing is handed on after
   * it: what fails, emits or completes while everything is torn down is not heard.
   */
  protected isOver = false;

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

  /** Does for a value of the source what the operator is there for. */
  protected abstract take(value: T): void;

  error(error: unknown): void {
    if (this.fails()) {
      this.failWith(error);
    }
  }

  /** Whether what fails now is the first to fail: then it is the one that downstream is told of, by {@link failWith}. */
  fails(): boolean {
    const isFirst = !this.isOver;
    this.isOver = true;
    return isFirst;
  }

  /** Lets go of everything, then tells downstream, and only then are those woken who can go because of it. */
  failWith(error: unknown): void {
    const held = hold();
    try {
      this.letGo();
    } finally {
      try {
        this.subscriber.error(error);
      } finally {
        resume(held);
      }
    }
  }

  unsubscribe(): void {
    this.isOver = true;
    const held = hold();
    try {
      this.letGo();
    } finally {
      resume(held);
    }
  }

  /** Lets go of the source first, and then of what it has of its own; of all, whatever one throws. */
  protected abstract letGo(): void;

  /** Hands a value on. */
  protected handOn(value: R): void {
    if (!this.isOver) {
      this.subscriber.next(value);
    }
  }

  /** Hands on that all is done. */
  protected end(): void {
    if (!this.isOver) {
      this.subscriber.complete();
    }
  }

  /** Goes on with what was kept, in the context in which it came; one that cannot be restored is the error of the stream. */
  protected goOn<K>({ value, context }: Kept<K>, use: (value: K) => void): void {
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

  /** Runs user code; what it throws is the error of the stream. Returns `undefined` where the stream is over by then. */
  protected ask<A>(question: () => A): A | undefined {
    try {
      const answer = question();
      return this.isOver ? undefined : answer;
    } catch (error) {
      this.error(error);
      return undefined;
    }
  }

  /** Keeps a value; a capture that throws is the error of the stream. */
  protected keep<K>(queue: ValueQueue<K>, value: K): void {
    this.ask(() => {
      queue.push(value);
    });
  }
}

/**
 * Takes step after step until one says that there is none left, whatever they throw.
 *
 * @param done - called after the last step; then the first error that was thrown is thrown, and the others are reported.
 */
export function stepByStep(step: () => boolean, done: () => void): void {
  const errors: { readonly error: unknown }[] = [];
  /** Says whether there is more to do: after an error there may be. */
  const attempt = (act: () => boolean): boolean => {
    try {
      return act();
    } catch (error) {
      errors.push({ error });
      return true;
    }
  };
  while (attempt(step));
  attempt(() => {
    done();
    return false;
  });
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

/** An operator whose every subscription is such an observer. */
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
