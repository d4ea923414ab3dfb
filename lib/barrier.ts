import type { Observable } from 'rxjs';

import { BrokenBarrierError } from './errors.js';
import { checkOptions, checkPositive } from './internal/arguments.js';
import { namesForWait, type WaiterOptions } from './internal/demand.js';
import { comeIn } from './internal/entrance.js';
import { promiseAll } from './internal/promise.js';
import { StatefulSubject, type PrimitiveOptions } from './internal/stateful-subject.js';
import { waitsOf, type Wait, type WaitsOf } from './internal/wait.js';

/** What one sees when one subscribes to a {@link Barrier}. */
export interface BarrierState {
  /** How many have arrived for the round that is to come. */
  readonly waiting: number;
  /** Whether it was aborted, and not reset since. */
  readonly broken: boolean;
}

/**
 * A place where a number of parties wait for each other, again and again.
 *
 * Subscribe to it to see its state: a barrier is a `BehaviorSubject` of {@link BarrierState}.
 *
 * **Order.** When as many wait as there are parties, all of them are woken, in the order in which they arrived. Whoever
 * arrives while a round is being woken belongs to the next.
 *
 * **Cancel safety.** Unsubscribing while waiting leaves the barrier, and lowers the count.
 *
 * **Python.** `asyncio.Barrier`, whose indices can repeat when somebody has left (gh-155233); here they never do.
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

  private readonly waits: WaitsOf<number>;

  /**
   * @param parties - how many have to wait for a round to be complete.
   * @throws RangeError for what is no positive integer.
   */
  constructor(
    readonly parties: number,
    options?: PrimitiveOptions,
  ) {
    checkPositive('parties', parties);
    // Stryker disable next-line ObjectLiteral,BooleanLiteral: a snapshot that is not true is made anew before anybody sees it
    super({ waiting: 0, broken: false }, options);
    this.waits = waitsOf((wait) => {
      comeIn(this, wait);
    });
  }

  /** Whether it was aborted, and not reset since. */
  get broken(): boolean {
    return this.isBroken;
  }

  /**
   * Waits until all parties do, and emits the place in which it arrived in this round: 0 for the first.
   *
   * ```
   * wait() first    ---------(0|)
   * wait() second     -------(1|)
   * wait() third             (2|)
   * ```
   *
   * **Order.** All are told in the order in which they arrived. The last one of a round is told inside `subscribe`, after
   * those before it, or, inside a delivery, when it is their turn in it.
   *
   * **Cancel safety.** Cold: nothing arrives before it is subscribed to. Unsubscribing while waiting leaves, and those
   * behind move up: the places of a round are given when it is complete.
   *
   * **Python.** `await barrier.wait()`.
   *
   * @throws {@link BrokenBarrierError} downstream, where it is or gets broken, or is reset. {@link ClosedError},
   * {@link QueueFullError} and {@link CancelledError} as {@link Lock.acquire}; who completes a round needs no room.
   */
  wait(options?: WaiterOptions): Observable<number> {
    checkOptions('wait', options, namesForWait);
    return this.waits(options);
  }

  /**
   * Sends away everyone who waits, with a {@link BrokenBarrierError}, and makes the barrier as good as new.
   *
   * **Python.** `await barrier.reset()`.
   */
  reset(): void {
    this.break('reset', 'it was reset');
  }

  /**
   * Breaks it: everyone who waits, and who comes from now on, gets a {@link BrokenBarrierError}, until it is {@link reset}.
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

  /** @internal Who completes a round needs no room. */
  override checkRoom(): void {
    if (this.waiting < this.parties - 1) {
      super.checkRoom();
    }
  }

  /** @internal */
  check(): void {
    this.checkOpen();
  }

  /** @internal Nobody is told before it, so that it hears at once, inside a delivery too. */
  isFreeFor(): boolean {
    return this.parties === 1;
  }

  /** @internal */
  take(wait: Wait): void {
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

  protected override admit(): Wait | undefined {
    if (this.waiting < this.parties) {
      return undefined;
    }
    const round = this.queue.drain();
    round.forEach((wait, index) => {
      wait.answer = index;
    });
    return promiseAll(this, round);
  }

  private break(step: 'reset' | 'abort', why: string): void {
    this.isBroken = step === 'abort';
    this.note(step);
    this.cancelWaiters(new BrokenBarrierError(`gave up waiting for ${String(this)}: ${why}`));
  }
}
