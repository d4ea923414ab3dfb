import { LockLostError } from '../../errors.js';
import type { LeasedPermit } from '../../permit.js';
import { RemotePermit } from './remote-permit.js';
import { startTimer } from './timers.js';

/**
 * Until when a holder may believe in its lease: a server that answered a request keeps the lease for `lease` milliseconds from
 * some moment after `sentAt`. So the belief counts from the sending, never from the answer. The margin covers clocks that do
 * not run equally fast, and servers that count in whole milliseconds.
 */
export function believedUntil(sentAt: number, lease: number): number {
  return sentAt + lease - (lease / 100 + 2);
}

/**
 * The permit of a lease. It is lost at its deadline, unless the server has confirmed it again before.
 *
 * ```
 *   sent      answered                    extend()                     deadline
 *   ──┬──────────┬───────────────────────────┬──────────────────────────────┬──► performance.now()
 *     │          held: a look at the permit compares the clock with the deadline   lost
 *     └─ the deadline counts from here
 * ```
 *
 * The timer tells of the loss. After a pause of the process the timer is late. So each look at the permit compares the
 * deadline with the clock, too.
 */
export class Lease extends RemotePermit implements LeasedPermit {
  readonly token: bigint;
  readonly #origin: { toString(): string };
  readonly #leave: () => void;
  #deadline: number;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;
  #isOver = false;

  /**
   * @param origin - what granted the permit, for messages.
   * @param deadline - of `performance.now()`, see {@link believedUntil}.
   * @param leave - called once, when the permit is released or lost. It must not throw.
   */
  constructor(origin: { toString(): string }, token: bigint, deadline: number, leave: () => void) {
    super(origin, () => {
      this.#end();
    });
    this.#origin = origin;
    this.token = token;
    this.#deadline = deadline;
    this.#leave = leave;
    this.#arm();
  }

  /** The server has confirmed the lease. The timer stays, and looks at the new deadline when it fires. */
  extend(deadline: number): void {
    this.look();
    this.#deadline = deadline;
  }

  /** It leaves at the server before anybody hears of the loss. */
  override lose(reason: LockLostError): void {
    this.#end();
    super.lose(reason);
  }

  override toJSON(): { readonly released: boolean; readonly lost: boolean; readonly token: string } {
    return { ...super.toJSON(), token: String(this.token) };
  }

  protected override look(): void {
    if (!this.#isOver && performance.now() >= this.#deadline) {
      this.lose(new LockLostError(`lost ${this.#origin.toString()}: its lease ended before the server confirmed it again`));
    }
  }

  #end(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      clearTimeout(this.#timer);
      this.#leave();
    }
  }

  #arm(): void {
    this.#timer = startTimer(() => {
      this.look();
      if (!this.#isOver) {
        this.#arm();
      }
    }, this.#deadline - performance.now());
  }
}
