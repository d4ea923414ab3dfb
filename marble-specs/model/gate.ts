import type { Observable, Subscriber, Subscription } from 'rxjs';

import type { ModelEvent } from './event.js';
import { stoppable } from './stoppable.js';
import { ModelStream, streaming } from './stream.js';

/** Lets values pass while the event is set, and holds them while it is clear. */
export function modelGate<T>(event: ModelEvent): (source: Observable<T>) => Observable<T> {
  return streaming((subscriber: Subscriber<T>) => new Gate(event, subscriber));
}

class Gate<T> extends ModelStream<T, T> {
  /** What came and was not handed down. The first `free` of them go, whatever becomes of the event. */
  private held: T[] = [];
  private free = 0;
  /** Whether one was handed down since the last `set()`. */
  private hasBegun = false;
  private waiting: Subscription | undefined;
  private isFlushing = false;

  constructor(
    private readonly event: ModelEvent,
    subscriber: Subscriber<T>,
  ) {
    super(subscriber);
  }

  protected take(value: T): void {
    if (this.event.isSet() && this.held.length === 0 && !this.isFlushing) {
      this.handOn(value);
      return;
    }
    this.held.push(value);
    if (this.event.isSet()) {
      this.free = this.held.length;
    } else {
      this.wait();
    }
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

  protected letGo(): void {
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
        this.handOn(value);
      }
    }
    this.isFlushing = false;
    this.event.gates.delete(this);
    this.wait();
    this.drain();
  }

  protected drain(): void {
    if (this.exhausted && !this.isFlushing && this.held.length === 0) {
      this.end();
    }
  }
}
