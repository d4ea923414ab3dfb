import type { MonoTypeOperatorFunction, Subscriber } from 'rxjs';

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
 * source       -a-b-c---d-e-|
 * event        clear  set  clear  set
 * …            -------x---x---------x
 * the result   -------(abc)---------(de|)
 * ```
 *
 * **Order.** As the source's. What is held when `set()` is called goes, though `clear()` follows before it is its turn to
 * hear; only a `clear()` after the first of them was handed down holds the rest again.
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
class Gate<T> extends SourceObserver<T, T> {
  private waiting: Subscriber<true> | undefined = undefined;
  private exhausted = false;

  /** Values whose `set()` has been called, and which go as soon as they can. */
  private going = new ValueQueue<T>();

  // Values that came behind those, while the event was clear. They go once it was set for the `due`th time.
  private held = new ValueQueue<T>();
  private due = 0;

  private flushing = false;

  constructor(
    subscriber: Subscriber<T>,
    private readonly event: Event,
    private readonly limit: number,
    private readonly overflow: Overflow,
  ) {
    super(subscriber);
  }

  next(value: T): void {
    this.look();
    if (this.event.isSet()) {
      if (this.going.length === 0 && !this.flushing) {
        this.subscriber.next(value);
        return;
      }
      this.going.push(value);
      if (this.waiting === undefined) {
        this.flush();
      }
    } else {
      this.hold(value);
    }
  }

  complete(): void {
    this.exhausted = true;
    this.completeIfDone();
  }

  protected letGo(): void {
    this.going = new ValueQueue();
    this.held = new ValueQueue();
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
      this.error(new QueueFullError(`cannot hold one more value for ${String(this.event)}: ${String(held.length)} are held, and limit allows no more`));
      return;
    } else if (this.overflow === 'drop-oldest' && held.shift(() => undefined)) {
      held.push(value);
    }
    this.due = this.event.sets + 1;
    this.wait();
  }

  /** Sees whether what is held goes: the event has been set since. */
  private look(): void {
    if (this.held.length > 0 && this.event.sets >= this.due) {
      this.going.append(this.held);
      this.held = new ValueQueue();
    }
  }

  /** Stands in the event's line while something is held. */
  private wait(): void {
    if (this.waiting !== undefined || this.flushing || this.held.length === 0) {
      return;
    }
    const waiting = (this.waiting = innerSubscriber<true>({
      next: () => {
        this.waiting = undefined;
        this.flush();
      },
      error: (error: unknown) => {
        this.error(error);
      },
      complete: () => undefined,
    }));
    this.event.wait().subscribe(waiting);
  }

  /** Hands down what goes. After the first, a `clear()` holds the rest until the next `set()`. */
  private flush(): void {
    if (this.flushing) {
      return;
    }
    this.flushing = true;
    try {
      for (let open = true; open; ) {
        this.look();
        const { event } = this;
        // The next clear() comes after this set(), or after the next one.
        const before = event.isSet() ? event.sets : event.sets + 1;
        open = this.going.shift((value) => {
          this.subscriber.next(value);
        });
        const cleared = event.sets > before || (event.sets === before && !event.isSet());
        if (cleared && this.going.length > 0) {
          this.going.append(this.held);
          this.held = this.going;
          this.going = new ValueQueue();
          this.due = before + 1;
        }
      }
    } finally {
      this.flushing = false;
    }
    this.wait();
    this.completeIfDone();
  }

  private completeIfDone(): void {
    if (this.exhausted && !this.flushing && this.going.length === 0 && this.held.length === 0) {
      this.subscriber.complete();
    }
  }
}
