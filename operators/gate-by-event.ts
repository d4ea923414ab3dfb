import type { MonoTypeOperatorFunction, Subscriber } from 'rxjs';

import { QueueFullError, type Event } from '../lib/index.js';
import { checkNotNegative, checkOptions } from '../lib/internal/arguments.js';
import { innerSubscriber } from '../lib/internal/inner-subscriber.js';
import { shown } from '../lib/internal/shown.js';
import { observing, SourceObserver, stepByStep, unsubscribeAll } from '../lib/internal/source-observer.js';
import { ValueQueue } from '../lib/internal/value-queue.js';
import { checkEvent } from './check-event.js';

/** What to do with a value that comes when as many are held as may be. */
export type Overflow = 'error' | 'drop-oldest' | 'drop-newest';

export interface GateOptions {
  /** How many values are held at most, while the event is clear; without it, there is no limit. */
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
 * **Limit.** It counts the values that are held while the event is clear. Values that were on their way when it was cleared are held
 * again, and count as well.
 *
 * **Context.** A value is handed on in the async context in which it arrived.
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
  checkOptions('gateByEvent', options, ['limit', 'overflow']);
  const { limit = Infinity, overflow = 'error' } = options;
  if (limit !== Infinity) {
    checkNotNegative('limit', limit);
  }
  if (!overflows.includes(overflow)) {
    throw new TypeError(`overflow must be 'error', 'drop-oldest' or 'drop-newest', but is ${shown(overflow)}`);
  }
  return observing((subscriber) => new Gate<T>(subscriber, event, limit, overflow));
}

const overflows: readonly string[] = ['error', 'drop-oldest', 'drop-newest'] satisfies Overflow[];

/** One subscription: the observer of the source, and of the event while something is held. */
class Gate<T> extends SourceObserver<T, T> {
  private waiting: Subscriber<true> | undefined = undefined;
  private exhausted = false;

  /** Values that were held when the event was set, or came after that: they go as soon as they can. */
  private readonly going = new ValueQueue<T>();

  // Values that came behind those, while the event was clear. held.length > 0 implies that it is clear.
  private readonly held = new ValueQueue<T>();

  private flushing = false;

  /** How often the event had changed when it was looked at last. */
  private changes: number;

  /** Whether one of those that are going was handed on since the event was set: then a `clear()` holds the rest again. */
  private begun = false;

  constructor(
    subscriber: Subscriber<T>,
    private readonly event: Event,
    private readonly limit: number,
    private readonly overflow: Overflow,
  ) {
    super(subscriber);
    this.changes = event.changes;
  }

  protected take(value: T): void {
    this.look();
    if (this.isOver) {
      return; // more was held than the limit allows
    }
    if (!this.event.isSet()) {
      this.hold(value);
    } else if (this.going.length === 0 && !this.flushing) {
      this.handOn(value);
    } else {
      this.keepInContext(this.going, value);
    }
  }

  complete(): void {
    this.exhausted = true;
    this.completeIfDone();
  }

  protected letGo(): void {
    this.going.clear();
    this.held.clear();
    unsubscribeAll([this.source, this.waiting]);
  }

  /**
   * Catches up with the event: was it set since the last look, whatever followed, or only cleared? What is kept changes after
   * a look alone, so that nothing is lost by looking late, and a gate costs the event nothing.
   */
  private look(): void {
    const { event, going, held } = this;
    const changes = event.changes - this.changes;
    this.changes = event.changes;
    if (changes > 1 || (changes === 1 && event.isSet())) {
      this.begun = false;
      going.append(held);
    } else if (changes === 1 && this.begun) {
      this.begun = false;
      held.append(going);
      this.fit();
    }
  }

  /** Holds no more than the limit allows, though more were going when the event was cleared. */
  private fit(): void {
    const { held, limit, overflow } = this;
    if (held.length <= limit) {
      return;
    }
    if (overflow === 'error') {
      this.overflowWith(held.length);
    } else if (overflow === 'drop-newest') {
      held.truncate(limit);
    } else {
      while (held.length > limit) {
        held.shift();
      }
    }
  }

  private overflowWith(count: number): void {
    this.error(
      new QueueFullError(
        `cannot hold ${String(count)} values for ${String(this.event)}: its limit is ${String(this.limit)}`,
      ),
    );
  }

  private hold(value: T): void {
    const { held, limit, overflow } = this;
    if (held.length >= limit) {
      if (overflow === 'error') {
        this.overflowWith(held.length + 1);
        return;
      }
      if (overflow === 'drop-newest' || held.shift() === undefined) {
        return;
      }
    }
    this.keepInContext(held, value);
  }

  /** Hands nothing on while the context is captured: what is kept goes on in its own context alone. */
  private keepInContext(queue: ValueQueue<T>, value: T): void {
    const { flushing } = this;
    this.flushing = true;
    this.keep(queue, value);
    this.flushing = flushing;
    if (this.waiting === undefined) {
      this.flush(); // it does not wait yet, or its turn has come while the context was captured
    }
  }

  /** Stands in the event's line while something is held. */
  private wait(): void {
    if (this.held.length === 0 || this.waiting !== undefined) {
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

  /** Hands on what is going, and then waits for what is held. */
  private flush(): void {
    if (this.flushing) {
      return;
    }
    this.flushing = true;
    stepByStep(
      () => {
        this.look();
        const kept = this.going.shift();
        if (kept !== undefined) {
          this.begun = true;
          this.goOn(kept, this.handOnKept);
        }
        return kept !== undefined;
      },
      () => {
        this.flushing = false;
        this.wait();
        this.completeIfDone();
      },
    );
  }

  private readonly handOnKept = (value: T): void => {
    this.handOn(value);
  };

  private completeIfDone(): void {
    if (this.exhausted && !this.flushing && this.going.length === 0 && this.held.length === 0) {
      this.end();
    }
  }
}
