import type { Observable } from 'rxjs';

import { BrokenBarrierError } from './errors.js';
import { checkOptions, checkPositive } from './internal/checks/arguments.js';
import { grantAll, StatefulSubject, type PrimitiveOptions } from './internal/primitives/stateful-subject.js';
import { waiterOptionNames, type WaiterOptions } from './internal/waiting/demand.js';
import { makeWaits, type Wait, type Waits } from './internal/waiting/wait.js';

/** The state that a {@link Barrier} publishes. */
export interface BarrierState {
  /** The number of parties that have arrived for the next round. */
  readonly waiting: number;
  /** Whether the barrier was aborted, and not reset since. */
  readonly broken: boolean;
}

/**
 * Lets a number of parties wait for each other, round after round.
 *
 * Subscribe to the barrier to see its state: a barrier is a `BehaviorSubject` of {@link BarrierState}.
 *
 * **Order.** When all parties of a round wait, all of them are woken, in the order in which they arrived. A party that
 * arrives while a round is being woken belongs to the next round.
 *
 * **Cancel safety.** Unsubscribing while waiting removes the waiter from the queue, and lowers the count.
 *
 * **Python.** `asyncio.Barrier`. Its indices can repeat after a party has left (gh-155233); here they never repeat.
 *
 * @example
 * const ready = new Barrier(2, { name: 'ready' });
 *
 * ready.wait().subscribe((index) => console.log(`the first to arrive is number ${index}`));
 * ready.wait().subscribe((index) => console.log(`the second is number ${index}`));
 */
export class Barrier extends StatefulSubject<BarrierState, Wait> {
  // waiting < parties; isBroken implies waiting === 0
  private accessor isBroken = false;

  private readonly waits: Waits<number>;

  /**
   * @param parties - the number of parties that complete a round.
   * @throws RangeError when `parties` is not a positive integer.
   */
  constructor(
    readonly parties: number,
    options?: PrimitiveOptions,
  ) {
    checkPositive('parties', parties);
    // Stryker disable next-line ObjectLiteral,BooleanLiteral: an outdated snapshot is replaced before an observer can see it
    super({ waiting: 0, broken: false }, options);
    this.waits = makeWaits((wait) => {
      wait.enter(this);
    });
  }

  /** Whether the barrier was aborted, and not reset since. */
  get broken(): boolean {
    return this.isBroken;
  }

  /**
   * Waits until all parties wait, and emits the party's place in the order of arrival in this round: 0 for the first.
   *
   * ```
   * wait() first    ---------(0|)
   * wait() second     -------(1|)
   * wait() third             (2|)
   * ```
   *
   * **Order.** All parties of a round are notified in the order in which they arrived. The last party is notified inside
   * `subscribe`, after the parties before it. Inside a delivery, the parties are notified in their turn of this delivery.
   *
   * **Cancel safety.** Cold: a party arrives at `subscribe`. Unsubscribing while waiting removes the waiter from the queue,
   * and the waiters behind it move up: places are assigned when the round is complete.
   *
   * **Python.** `await barrier.wait()`.
   *
   * @throws {@link BrokenBarrierError} downstream, when the barrier is broken already, or is aborted or reset during the wait.
   * {@link ClosedError}, {@link QueueFullError} and {@link CancelledError} as {@link Lock.acquire}. The party that completes
   * a round never gets a {@link QueueFullError}.
   */
  wait(options?: WaiterOptions): Observable<number> {
    checkOptions('wait', options, waiterOptionNames);
    return this.waits(options);
  }

  /**
   * Cancels all waiters with a {@link BrokenBarrierError}, and restores the initial state of the barrier.
   *
   * **Python.** `await barrier.reset()`.
   */
  reset(): void {
    this.break('reset', 'it was reset');
  }

  /**
   * Breaks the barrier: all waiters get a {@link BrokenBarrierError}. Later waits get one too, until a {@link reset}.
   *
   * **Python.** `await barrier.abort()`.
   */
  abort(): void {
    this.break('abort', 'it was aborted');
  }

  /** @internal */
  override checkOpen(): void {
    super.checkOpen();
    if (this.isBroken) {
      throw new BrokenBarrierError(`cannot ${this.verb()} ${String(this)}: it is broken`);
    }
  }

  /** @internal The party that completes a round needs no room in the queue. */
  override checkRoom(): void {
    if (this.waiting < this.parties - 1) {
      super.checkRoom();
    }
  }

  /** @internal A single party is notified at once, inside a delivery too, since no other party is notified before it. */
  isFreeFor(): boolean {
    return this.parties === 1;
  }

  /** @internal */
  grant(wait: Wait): void {
    wait.answer = 0;
  }

  protected kind(): string {
    return 'barrier';
  }

  protected override verb(): string {
    return 'wait for';
  }

  protected snapshot(last: BarrierState): BarrierState {
    const { waiting, isBroken } = this;
    return last.waiting === waiting && last.broken === isBroken ? last : { waiting, broken: isBroken };
  }

  protected override grantNext(): Wait | undefined {
    if (this.waiting < this.parties) {
      return undefined;
    }
    const round = this.queue.drain();
    round.forEach((wait, index) => {
      wait.answer = index;
    });
    return grantAll(this, round);
  }

  private break(step: 'reset' | 'abort', why: string): void {
    this.isBroken = step === 'abort';
    this.note(step);
    this.cancelWaiters(new BrokenBarrierError(`gave up waiting for ${String(this)}: ${why}`));
  }
}
