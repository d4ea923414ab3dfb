import { Subscription, type Observable, type Subscriber } from 'rxjs';

import { contextOfNow, HERE, type Kept } from './context.js';
import type { ModelEvent } from './event.js';
import { ModelError } from './primitive.js';
import { stoppable } from './stoppable.js';
import { ModelStream, streaming } from './stream.js';
import { endLoop } from './delivery.js';

export interface ModelGateOptions {
  readonly limit?: number;
  readonly overflow?: 'error' | 'drop-oldest' | 'drop-newest';
}

/** Emits values while the event is set, and holds them while it is clear. */
export function modelGate<T>(event: ModelEvent, options: ModelGateOptions = {}): (source: Observable<T>) => Observable<T> {
  return streaming((subscriber: Subscriber<T>) => new Gate(event, options, subscriber));
}

class Gate<T> extends ModelStream<T, T> {
  /** The values that were not emitted yet. The first `free` of them are emitted even if the event is cleared. */
  private held: Kept<T>[] = [];
  private free = 0;
  /** Whether a value was emitted since the last `set()`. */
  private hasBegun = false;
  private waiting: Subscription | undefined;
  private isFlushing = false;

  constructor(
    private readonly event: ModelEvent,
    private readonly options: ModelGateOptions,
    subscriber: Subscriber<T>,
  ) {
    super(subscriber);
    event.gates.add(this);
  }

  protected take(value: T): void {
    this.fit();
    if (this.hasFailed()) {
      return;
    }
    if (!this.event.isSet()) {
      this.hold(value);
    } else if (this.held.length === 0 && !this.isFlushing) {
      this.emitDownstream(value);
    } else {
      this.push(value);
    }
  }

  /** Called when a change of the event is committed. */
  changed(isSet: boolean): void {
    if (isSet) {
      this.hasBegun = false;
      this.free = this.held.length;
    } else if (this.hasBegun) {
      this.free = 0;
    }
  }

  protected tearDown(): void {
    this.held = [];
    this.free = 0;
    this.event.gates.delete(this);
    const teardown = new Subscription();
    teardown.add(this.source);
    teardown.add(this.waiting);
    teardown.unsubscribe();
  }

  private hold(value: T): void {
    const { limit = Infinity, overflow = 'error' } = this.options;
    if (this.held.length - this.free >= limit) {
      if (overflow === 'error') {
        this.error(new ModelError('QueueFullError'));
        return;
      }
      if (overflow === 'drop-newest' || limit === 0) {
        return;
      }
      this.held.splice(this.free, 1);
    }
    this.push(value);
  }

  private push(value: T): void {
    const kept = { value, context: HERE };
    this.held.push(kept);
    if (this.event.isSet()) {
      this.free = this.held.length;
    }
    const { isFlushing } = this;
    this.isFlushing = true; // emits nothing during the capture
    this.callForeign(() => {
      kept.context = contextOfNow();
    });
    this.isFlushing = isFlushing;
    if (!isFlushing && this.waiting === undefined) {
      this.flush();
    }
  }

  /** Applies the limit to all held values, also to those that were free until the event was cleared. */
  private fit(): void {
    const { limit = Infinity, overflow = 'error' } = this.options;
    const surplus = this.held.length - this.free - limit;
    if (surplus <= 0) {
      return;
    }
    if (overflow === 'error') {
      this.error(new ModelError('QueueFullError'));
    } else {
      this.held.splice(overflow === 'drop-oldest' ? this.free : -surplus, surplus);
    }
  }

  /** Waits in the event's queue while values are held. */
  private wait(): void {
    if (this.held.length === 0 || this.waiting !== undefined || this.isFlushing) {
      return;
    }
    const waiting = stoppable<true>({
      next: () => {
        this.waiting = undefined;
        if (!this.isFlushing) {
          this.flush();
        }
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
    const errors: unknown[] = [];
    this.isFlushing = true;
    this.fit();
    while (this.free > 0) {
      this.free--;
      this.hasBegun = true;
      for (const { value, context } of this.held.splice(0, 1)) {
        this.resume(
          context,
          () => {
            this.emitDownstream(value);
          },
          errors,
        );
      }
      this.fit();
    }
    this.isFlushing = false;
    endLoop(errors, () => {
      this.wait();
      this.drain();
    });
  }

  protected drain(): void {
    if (this.exhausted && !this.isFlushing && this.held.length === 0) {
      this.end();
    }
  }
}
