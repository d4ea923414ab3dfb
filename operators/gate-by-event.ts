import type { MonoTypeOperatorFunction, Subscriber } from 'rxjs';

import type { EventGate } from '../lib/event.js';
import { QueueFullError, type Event } from '../lib/index.js';
import { checkNotNegative } from '../lib/internal/arguments.js';
import { innerSubscriber } from '../lib/internal/inner-subscriber.js';
import { observing, SourceObserver } from '../lib/internal/source-observer.js';
import { ValueQueue } from '../lib/internal/value-queue.js';
import { checkEvent } from './check-event.js';

/** What to do with a value that comes when as many are held as may be. */
export type Overflow = 'error' | 'drop-oldest' | 'drop-newest';

export interface GateOptions {
  /** How many values are held at most; without it, there is no limit. */
  readonly limit?: number;
  /** What to do with one more: fail with a `QueueFullError` (the default), drop the oldest that is held, or drop it. */
  readonly overflow?: Overflow;
}

/**
 * Lets values pass while `event` is set, and holds them, in order, while it is clear.
 *
 * ```
 * set          ------x---------x
 * clear        ------------x
 * source       -a-b-------c-d-e|
 * the result   ------(ab)-c----(de|)
 * ```
 *
 * **Order.** As the source's. What has not been handed down when `set()` is called goes, though `clear()` follows before it
 * is its turn to hear; only a `clear()` after the first of it was handed down holds the rest again.
 *
 * **Completion and errors.** The source's completion waits for what is held; its error does not.
 *
 * **Cancel safety.** Unsubscribing forgets what is held and leaves the event's line.
 *
 * **Python.** `await event.wait()` in front of each item of a stream.
 *
 * @example
 * const online = new Event();
 *
 * of('a', 'b').pipe(gateByEvent(online)).subscribe(console.log);
 * online.set();
 *
 * @throws TypeError at the call, for what is no event, and for an unknown `overflow`; RangeError for a malformed `limit`.
 * {@link QueueFullError} downstream, when more would be held than `limit` allows; {@link ClosedError} and
 * {@link CancelledError} downstream, when values are held.
 */
export function gateByEvent<T>(event: Event, options: GateOptions = {}): MonoTypeOperatorFunction<T> {
  checkEvent('gateByEvent', event);
  const { limit = Infinity, overflow = 'error' } = options;
  if (limit !== Infinity) {
    checkNotNegative('limit', limit);
  }
  if (!overflows.includes(overflow)) {
    throw new TypeError(`overflow must be 'error', 'drop-oldest' or 'drop-newest', but is ${overflow as string}`);
  }
  return observing((subscriber) => new Gate<T>(subscriber, event, limit, overflow));
}

const overflows: readonly string[] = ['error', 'drop-oldest', 'drop-newest'] satisfies Overflow[];

/** One subscription: the observer of the source, and of the event while something is held. */
class Gate<T> extends SourceObserver<T, T> implements EventGate {
  private waiting: Subscriber<true> | undefined = undefined;
  private exhausted = false;

  /** Values that were not handed down yet when `set()` was called: they go as soon as they can. */
  private going = new ValueQueue<T>();

  // Values that came behind those, while the event was clear. held.length > 0 implies that it is clear.
  private held = new ValueQueue<T>();

  private flushing = false;

  /** Whether one was handed down since the last `set()`, which says so first; then a `clear()` holds the rest again. */
  private begun!: boolean;

  constructor(
    subscriber: Subscriber<T>,
    private readonly event: Event,
    private readonly limit: number,
    private readonly overflow: Overflow,
  ) {
    super(subscriber);
  }

  next(value: T): void {
    if (!this.event.isSet()) {
      this.hold(value);
    } else if (this.going.length === 0 && !this.flushing) {
      this.subscriber.next(value);
    } else {
      this.going.push(value);
    }
  }

  complete(): void {
    this.exhausted = true;
    this.completeIfDone();
  }

  turned(set: boolean): void {
    if (set) {
      this.begun = false;
      this.going.append(this.held);
      this.held = new ValueQueue();
    } else if (this.begun) {
      this.held = this.going;
      this.going = new ValueQueue();
    }
  }

  protected letGo(): void {
    this.going = new ValueQueue();
    this.held = new ValueQueue();
    this.leaveGates();
    try {
      this.source.unsubscribe();
    } finally {
      this.waiting?.unsubscribe();
    }
  }

  private hold(value: T): void {
    const { held } = this;
    if (held.length < this.limit) {
      held.push(value);
    } else if (this.overflow === 'error') {
      this.error(
        new QueueFullError(
          `cannot hold one more value for ${String(this.event)}: ${String(held.length)} are held, and limit allows no more`,
        ),
      );
      return;
    } else if (this.overflow === 'drop-oldest' && held.shift(() => undefined)) {
      held.push(value);
    }
    this.wait();
  }

  /** Stands in the event's line while something is held. */
  private wait(): void {
    if (this.held.length === 0) {
      return;
    }
    (this.event.gates ??= new Set()).add(this);
    if (this.waiting !== undefined || this.flushing) {
      return;
    }
    this.waiting = innerSubscriber<true>({
      next: () => {
        this.waiting = undefined;
        this.flush();
      },
      error: (error: unknown) => {
        this.error(error);
      },
      complete: () => undefined,
    });
    this.event.wait().subscribe(this.waiting);
  }

  private flush(): void {
    this.flushing = true;
    try {
      let more = true;
      while (more) {
        more = this.going.shift((value) => {
          this.begun = true;
          this.subscriber.next(value);
        });
      }
    } finally {
      this.flushing = false;
    }
    this.leaveGates();
    this.wait();
    this.completeIfDone();
  }

  private leaveGates(): void {
    this.event.gates?.delete(this);
  }

  private completeIfDone(): void {
    if (this.exhausted && !this.flushing && this.going.length === 0 && this.held.length === 0) {
      this.subscriber.complete();
    }
  }
}
