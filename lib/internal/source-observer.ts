import { Observable, type Observer, type Subscriber, type Unsubscribable } from 'rxjs';

import { innerSubscriber } from './inner-subscriber.js';
import { hold, resume } from './wake-list.js';

/**
 * One subscription to an operator over values: observes the source, and is the teardown of the one downstream. What it
 * has of its own (works, values that are held) hangs on it and not on the subscriber, where each would take as long to
 * remove as there are others.
 */
export abstract class SourceObserver<T, R> implements Observer<T>, Unsubscribable {
  protected readonly source: Subscriber<T> = innerSubscriber(this);

  constructor(protected readonly subscriber: Subscriber<R>) {}

  start(source: Observable<T>): void {
    this.subscriber.add(this);
    source.subscribe(this.source);
  }

  abstract next(value: T): void;

  abstract complete(): void;

  /** Lets go of everything, then tells downstream, and only then are those woken who can go because of it. */
  error(error: unknown): void {
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
    const held = hold();
    try {
      this.letGo();
    } finally {
      resume(held);
    }
  }

  /** Lets go of the source first, and then of what it has of its own; of all, whatever one throws. */
  protected abstract letGo(): void;
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
