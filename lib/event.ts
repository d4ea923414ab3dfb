import type { Observable } from 'rxjs';

import { checkOptions } from './internal/arguments.js';
import { namesForWait, type WaiterOptions } from './internal/demand.js';
import { comeIn } from './internal/entrance.js';
import { promiseHeads } from './internal/promise.js';
import { StatefulSubject, type PrimitiveOptions } from './internal/stateful-subject.js';
import { waitsOf, type Wait, type WaitsOf } from './internal/wait.js';
import { deliver } from './internal/wake-list.js';

/** What one sees when one subscribes to an {@link Event}. */
export interface EventState {
  readonly set: boolean;
  /** How many wait for it to be set. */
  readonly waiting: number;
}

/**
 * A flag that one can wait for.
 *
 * The DOM has a global `Event` too, and a forgotten import even compiles: the same class is exported as `AsyncEvent`.
 *
 * Subscribe to it to see its state: an event is a `BehaviorSubject` of {@link EventState}.
 *
 * **Order.** `set()` wakes everyone who waits at that moment, in the order in which they came, even if `clear()` follows
 * at once.
 *
 * **Cancel safety.** Unsubscribing while waiting leaves no trace.
 *
 * **Python.** `asyncio.Event`.
 *
 * @example
 * const online = new Event({ name: 'online' });
 *
 * online.wait().subscribe(() => console.log('we are online'));
 * online.set();
 */
export class Event extends StatefulSubject<EventState, Wait> {
  // flag implies waiting === 0
  private accessor flag = false;

  /** @internal How often it was set or cleared: a gate finds out by it what has happened since it looked last. */
  accessor changes = 0;

  private readonly waits: WaitsOf<true>;

  constructor(options?: PrimitiveOptions) {
    // Stryker disable next-line ObjectLiteral,BooleanLiteral: a snapshot that is not true is made anew before anybody sees it
    super({ set: false, waiting: 0 }, options);
    this.waits = waitsOf((wait) => {
      comeIn(this, wait);
    });
  }

  /** Whether it is set. */
  isSet(): boolean {
    return this.flag;
  }

  /** Sets it, and wakes everyone who waits. */
  set(): void {
    this.change(true);
  }

  /** Clears it: who comes from now on waits for the next `set()`. */
  clear(): void {
    this.change(false);
  }

  /**
   * Waits until it is set, and emits `true`.
   *
   * ```
   * wait()        ---(t|)
   * set           ---x
   * wait() later  -----(t|)
   * ```
   *
   * **Order.** First come, first served. Set already: it emits inside `subscribe`.
   *
   * **Cancel safety.** Cold: nothing waits before it is subscribed to. Unsubscribing while waiting leaves no trace.
   *
   * **Python.** `await event.wait()`; with a time limit, `wait().pipe(timeout(1000))`.
   *
   * @throws {@link ClosedError}, {@link QueueFullError} and {@link CancelledError} downstream, as {@link Lock.acquire}.
   */
  wait(options?: WaiterOptions): Observable<true> {
    checkOptions('wait', options, namesForWait);
    return this.waits(options);
  }

  protected kind(): string {
    return 'event';
  }

  protected override verb(): string {
    return 'wait for';
  }

  protected snapshot(last: EventState): EventState {
    const { flag, waiting } = this;
    return last.set === flag && last.waiting === waiting ? last : { set: flag, waiting };
  }

  /** @internal */
  check(): void {
    this.checkOpen();
  }

  /** @internal */
  isFreeFor(): boolean {
    return this.flag;
  }

  /** @internal */
  take(wait: Wait): void {
    wait.answer = true;
  }

  protected override admit(): Wait | undefined {
    return promiseHeads(this);
  }

  /** @internal */
  canGo(): boolean {
    return this.flag;
  }

  private change(flag: boolean): void {
    if (flag !== this.flag) {
      this.flag = flag;
      this.changes++;
    }
    this.settle(undefined, flag ? 'set' : 'clear');
    deliver();
  }
}
