import type { MonoTypeOperatorFunction, Subscriber } from 'rxjs';

import { QueueFullError, type Event } from '../lib/index.js';
import { checkNotNegative, checkOptions } from '../lib/internal/checks/arguments.js';
import { innerSubscriber } from '../lib/internal/delivery/inner-subscriber.js';
import { shown } from '../lib/internal/checks/shown.js';
import { observing, SourceObserver, unsubscribeAll } from '../lib/internal/streams/source-observer.js';
import { ValueQueue } from '../lib/internal/streams/value-queue.js';
import { checkEvent } from './check-event.js';

/** What to do with a value that arrives when the gate holds as many values as its limit allows. */
export type Overflow = 'error' | 'drop-oldest' | 'drop-newest';

/** The options of {@link gateByEvent}. */
export interface GateOptions {
  /** How many values the gate holds at most while the event is clear. By default, there is no limit. */
  readonly limit?: number;
  /** What to do with a value above the limit: fail with a `QueueFullError` (the default), drop the oldest value, or drop it. */
  readonly overflow?: Overflow;
}

/**
 * Lets values pass while `event` is set, and holds them, in order, while `event` is clear.
 *
 * ```
 * set          ------x---------x
 * clear        ------------x
 * source       -a-b-------c-d-e|
 * the result   ------(ab)-c----(de|)
 * ```
 *
 * **Order.** Values keep the order of the source. `set()` lets all held values pass, even if `clear()` follows before the
 * gate's turn in the event's queue. Once the first of these values has been emitted, a `clear()` holds the rest again.
 *
 * **Completion and errors.** The source's completion waits until no value is held. An error of the source does not wait.
 *
 * **Cancel safety.** Unsubscribing drops the held values and leaves the event's queue.
 *
 * **Limit.** The limit counts the values that are held while the event is clear. Values that `clear()` holds again count as well.
 *
 * **Context.** A value is emitted in the async context in which it arrived.
 *
 * **Python.** `await event.wait()` in front of each item of a stream.
 *
 * @example
 * const online = new Event();
 *
 * of('a', 'b').pipe(gateByEvent(online)).subscribe(console.log);
 * online.set();
 *
 * @throws TypeError at the call, if `event` is not an event, and for an unknown `overflow`. RangeError for a malformed `limit`.
 * {@link QueueFullError} downstream, when the gate would hold more values than `limit` allows. {@link ClosedError} and
 * {@link CancelledError} downstream, while values are held.
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

/** One subscription: it observes the source, and waits for the event while values are held. */
class Gate<T> extends SourceObserver<T, T> {
  private waiting: Subscriber<true> | undefined = undefined;
  private exhausted = false;

  /** Values that were held when the event was set, or arrived after that. They are emitted as soon as possible. */
  private readonly released = new ValueQueue<T>();

  // Values that arrived after those in `released`, while the event was clear. held.length > 0 implies that the event is clear.
  private readonly held = new ValueQueue<T>();

  /** The count of changes of the event at the last `syncWithEvent()`. */
  private changes: number;

  /** Whether a value of `released` was emitted since the event was set. If so, a `clear()` holds the rest again. */
  // Stryker disable next-line BooleanLiteral: before the first `set()` there is nothing to hold again
  private hasReleased = false;

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
    this.syncWithEvent();
    if (this.isOver) {
      return; // syncWithEvent() has failed the stream: more values were held than the limit allows
    }
    if (!this.event.isSet()) {
      this.hold(value);
    } else if (this.released.length === 0 && !this.isDraining) {
      this.sendNext(value);
    } else {
      this.keepAndFlush(this.released, value);
    }
  }

  complete(): void {
    this.exhausted = true;
    this.completeIfDone();
  }

  tearDown(): void {
    this.released.clear();
    this.held.clear();
    unsubscribeAll([this.source, this.waiting]);
  }

  /**
   * Catches up with the event: it was set since the last look, whatever followed, or it was only cleared. The kept values
   * change only after a look, so a late look loses nothing. A gate costs the event nothing.
   */
  private syncWithEvent(): void {
    const { event, released, held } = this;
    const changes = event.changes - this.changes;
    this.changes = event.changes;
    if (changes > 1 || (changes === 1 && event.isSet())) {
      this.hasReleased = false;
      released.append(held);
    } else if (changes === 1 && this.hasReleased) {
      held.append(released);
      this.applyLimit();
    }
  }

  /** Applies the limit to the held values: more may have been in `released` when the event was cleared. */
  private applyLimit(): void {
    const { held, limit, overflow } = this;
    if (held.length <= limit) {
      return;
    }
    if (overflow === 'error') {
      this.failWithOverflow(held.length);
    } else if (overflow === 'drop-newest') {
      held.truncate(limit);
    } else {
      while (held.length > limit) {
        held.shift();
      }
    }
  }

  private failWithOverflow(count: number): void {
    this.error(
      new QueueFullError(`cannot hold ${String(count)} values for ${String(this.event)}: its limit is ${String(this.limit)}`),
    );
  }

  private hold(value: T): void {
    const { held, limit, overflow } = this;
    if (held.length >= limit) {
      if (overflow === 'error') {
        this.failWithOverflow(held.length + 1);
        return;
      }
      if (overflow === 'drop-newest' || held.shift() === undefined) {
        return;
      }
    }
    this.keepAndFlush(held, value);
  }

  /** Keeps a value, and emits what is due: the gate may not wait yet, or its wait was granted while the context was captured. */
  private keepAndFlush(queue: ValueQueue<T>, value: T): void {
    this.keep(queue, value);
    if (this.waiting === undefined) {
      this.flush();
    }
  }

  /** Waits in the event's queue while values are held. */
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

  /** Emits the values of `released`, and then waits for the event if values are held. */
  private flush(): void {
    this.drain(
      () => {
        this.syncWithEvent();
        const kept = this.released.shift();
        if (kept !== undefined) {
          this.hasReleased = true;
          this.sendKept(kept);
        }
        return kept !== undefined;
      },
      () => {
        this.wait();
        this.completeIfDone();
      },
    );
  }

  private completeIfDone(): void {
    if (this.exhausted && !this.isDraining && this.released.length === 0 && this.held.length === 0) {
      this.sendComplete();
    }
  }
}
