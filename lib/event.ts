import type { Observable } from 'rxjs';

import { checkOptions } from './internal/checks/arguments.js';
import { deliver } from './internal/delivery/delivery.js';
import { StatefulSubject, type PrimitiveOptions } from './internal/primitives/stateful-subject.js';
import { waiterOptionNames, type WaiterOptions } from './internal/waiting/demand.js';
import { makeWaits, type Wait, type Waits } from './internal/waiting/wait.js';

/** The state that an {@link Event} publishes. */
export interface EventState {
  /** Whether the event is set. */
  readonly set: boolean;
  /** The number of waiters in the queue. */
  readonly waiting: number;
}

/**
 * A flag that subscribers can wait for.
 *
 * The DOM has a global `Event` too, so code without the import may still compile. The same class is therefore also exported
 * as `AsyncEvent`.
 *
 * Subscribe to the event to see its state: an event is a `BehaviorSubject` of {@link EventState}.
 *
 * **Order.** `set()` wakes all waiters in the queue at that moment, in the order in which they subscribed, even if
 * `clear()` follows at once.
 *
 * **Cancel safety.** Unsubscribing while waiting removes the waiter from the queue without a trace.
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

  /** @internal The number of changes of the flag. A gate compares it with its last read, to detect changes in between. */
  accessor changes = 0;

  private readonly waits: Waits<true>;

  constructor(options?: PrimitiveOptions) {
    // Stryker disable next-line ObjectLiteral,BooleanLiteral: an outdated snapshot is replaced before an observer can see it
    super({ set: false, waiting: 0 }, options);
    this.waits = makeWaits((wait) => {
      wait.enter(this);
    });
  }

  /** Whether the event is set. */
  isSet(): boolean {
    return this.flag;
  }

  /** Sets the event, and wakes all waiters. */
  set(): void {
    this.change(true);
  }

  /** Clears the event: later calls of `wait()` wait for the next `set()`. */
  clear(): void {
    this.change(false);
  }

  /**
   * Waits until the event is set, and emits `true`.
   *
   * ```
   * wait()        ---(t|)
   * set           ---x
   * wait() later  -----(t|)
   * ```
   *
   * **Order.** First come, first served. If the event is set already, `true` is emitted inside `subscribe`.
   *
   * **Cancel safety.** Cold: waiting starts at `subscribe`. Unsubscribing while waiting removes the waiter from the queue
   * without a trace.
   *
   * **Python.** `await event.wait()`; with a time limit, `wait().pipe(timeout(1000))`.
   *
   * @throws {@link ClosedError}, {@link QueueFullError} and {@link CancelledError} downstream, as {@link Lock.acquire}.
   */
  wait(options?: WaiterOptions): Observable<true> {
    checkOptions('wait', options, waiterOptionNames);
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
  isFreeFor(): boolean {
    return this.flag;
  }

  /** @internal */
  grant(wait: Wait): void {
    wait.answer = true;
  }

  /** @internal */
  headCanGo(): boolean {
    return this.flag;
  }

  private change(flag: boolean): void {
    if (flag !== this.flag) {
      this.flag = flag;
      this.changes++;
    }
    this.admitNext(undefined, flag ? 'set' : 'clear');
    deliver();
  }
}
