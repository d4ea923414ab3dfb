import { Observable, type Observer, type Subscriber, type Subscription } from 'rxjs';

import type { ModelEvent } from './event.js';
import { stoppable } from './stoppable.js';
import { holding } from './turn.js';

/** Lets values pass while the event is set, and holds them while it is clear. */
export function modelGate<T>(event: ModelEvent): (source: Observable<T>) => Observable<T> {
  return (source) =>
    new Observable((subscriber) => {
      if (!subscriber.closed) {
        new Gate(event, subscriber).start(source);
      }
    });
}

class Gate<T> implements Observer<T> {
  private readonly source = stoppable<T>(this);
  /** What came and was not handed down. The first `free` of them go, whatever becomes of the event. */
  private held: T[] = [];
  private free = 0;
  /** Whether one was handed down since the last `set()`. */
  private hasBegun = false;
  private waiting: Subscription | undefined;
  private isFlushing = false;
  private exhausted = false;

  constructor(
    private readonly event: ModelEvent,
    private readonly subscriber: Subscriber<T>,
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
    if (this.event.isSet() && this.held.length === 0 && !this.isFlushing) {
      this.subscriber.next(value);
      return;
    }
    this.held.push(value);
    if (this.event.isSet()) {
      this.free = this.held.length;
    } else {
      this.wait();
    }
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
    this.completeIfDone();
  }

  /** Hears of each change as it is committed. */
  turned(isSet: boolean): void {
    if (isSet) {
      this.hasBegun = false;
      this.free = this.held.length;
    } else if (this.hasBegun) {
      this.free = 0;
    }
  }

  private letGo(): void {
    this.held = [];
    this.free = 0;
    this.event.gates.delete(this);
    try {
      this.source.unsubscribe();
    } finally {
      this.waiting?.unsubscribe();
    }
  }

  /** Stands in the event's line while something is held that may not go. */
  private wait(): void {
    if (this.held.length === this.free) {
      return;
    }
    this.event.gates.add(this);
    if (this.waiting !== undefined || this.isFlushing) {
      return;
    }
    const waiting = stoppable<true>({
      next: () => {
        this.waiting = undefined;
        this.flush();
      },
      error: (error: unknown) => {
        this.error(error);
      },
      complete: () => undefined,
    });
    this.waiting = waiting;
    this.event.wait().subscribe(waiting);
  }

  private flush(): void {
    this.isFlushing = true;
    while (this.free > 0) {
      this.free--;
      this.hasBegun = true;
      for (const value of this.held.splice(0, 1)) {
        this.subscriber.next(value);
      }
    }
    this.isFlushing = false;
    this.event.gates.delete(this);
    this.wait();
    this.completeIfDone();
  }

  private completeIfDone(): void {
    if (this.exhausted && !this.isFlushing && this.held.length === 0) {
      this.subscriber.complete();
    }
  }
}
