/**
 * A waiter. One object is a node of a queue, an entry of the wake list, and the teardown of its subscriber.
 *
 * ```
 *           enqueue                dequeued                  delivered
 *   fresh ──────────►  parked  ───────────────────►  promised  ─────────►  held  ──────►  spent
 *     │                  │ ▲                             │                  │ ▲             ▲
 *     │   free           │ │ reparked                    │           wait() │ │ resumed     │
 *     └──────────────────┼─┼────────────────────────►    │                  ▼ │             │
 *                        │ └──────────────────────────────────────────── suspended          │
 *                        └─ cancelled, failed ───────────┴─ passed on ──────────────────────┘
 * ```
 *
 * The ancestor is the waiter node of tokio's semaphore, which lies inside the future that waits.
 */
import type { Subscriber } from 'rxjs';

import type { Permit } from '../../permit.js';
import type { Claim } from './claim.js';
import { runIn, type Context } from '../delivery/context.js';
import type { TraceStep } from '../delivery/tracer.js';
import type { Place } from '../queue/wait-queue.js';
import { Announcement, deliver, report, type Wakeable } from '../delivery/wake-list.js';

export const FRESH = 0;
/** The waiter stands in the queue of its home. */
export const PARKED = 1;
/**
 * The waiter has been dequeued and stands in the wake list. Its grant is committed but not delivered. No other waiter
 * can get what it was promised.
 */
export const PROMISED = 2;
/** The grant was delivered. */
export const HELD = 3;
/** The permit's holder waits in a condition. The permit is resumed afterwards. */
export const SUSPENDED = 4;
/** The waiter holds nothing and will get nothing. */
export const SPENT = 5;

export type Phase = 0 | 1 | 2 | 3 | 4 | 5;

/** The primitive in whose queue a waiter stands, or to which the waiter releases what it holds. */
export interface Home {
  /** The keys that the waiter wants. Defined in a home that has keys. */
  readonly keys?: readonly unknown[];
  /** Dequeues a waiter: commits, appends `told`, and wakes the waiters that can go because of it. */
  cancel(waiter: Waiter, told?: Wakeable): void;
  /** Takes back what was promised to a waiter (a cancel) or held by it (a release): commits and appends. */
  giveBack(waiter: Waiter, told?: Wakeable, step?: TraceStep): void;
  /** Called when a promise to `waiter` is over, whether it was kept or cancelled. */
  unpromise(waiter: Waiter): void;
  /** Notes a step that is being committed, for the tracer. Defined where the home can be traced. */
  note?(step: TraceStep, waiter: Waiter): void;
  /** Makes the permit for the holder of `claim`. Defined where that permit can do more than be released. */
  permitOf?(claim: Claim): Permit;
  /** The kind and the name, for messages. */
  toString(): string;
}

export abstract class Waiter implements Place, Wakeable {
  behind: Waiter | undefined = undefined;
  ahead: Waiter | undefined = undefined;
  phase: Phase = FRESH;
  /**
   * Set when the waiter enters. The field is initialized here because a field that is added later would give the object
   * another hidden class.
   */
  home: Home = undefined as never;
  /**
   * The context in which the subscriber subscribed, captured when the waiter is enqueued. Its callbacks run there,
   * whatever code wakes it.
   */
  context: Context | undefined = undefined;

  /** The claim that the waiter wants granted or, in a condition, resumed. */
  abstract readonly permit: Claim;

  constructor(readonly subscriber: Subscriber<unknown>) {}

  /** Runs when the grant is delivered. Runs foreign code. */
  protected abstract granted(): void;

  /** Makes unsubscribing cancel the waiter. Called before the waiter is enqueued. */
  attach(): void {
    this.subscriber.add(this);
  }

  deliver(): void {
    if (this.context === undefined) {
      this.hold();
    } else if (this.isPending()) {
      this.deliverIn(this.context);
    }
  }

  private deliverIn(context: Context): void {
    runIn(
      context,
      () => {
        this.hold();
      },
      (error) => {
        if (this.isPending()) {
          this.leave(
            new Announcement(() => {
              this.failed(error);
            }),
          );
        } else {
          report(error);
        }
      },
    );
  }

  /**
   * Takes what was promised. Does nothing if the waiter was cancelled while it stood in the wake list. Passes the
   * promise on if its subscriber is gone.
   */
  private hold(): void {
    if (this.phase !== PROMISED) {
      return;
    }
    if (isGone(this.subscriber)) {
      this.unsubscribe();
      return;
    }
    this.phase = HELD;
    this.home.unpromise(this);
    this.granted();
  }

  /**
   * Sets the context, unless it is set already. The capture is foreign code, and may have made the waiter stand for a
   * value that came later.
   */
  enterFrom(context: Context | undefined): void {
    this.context ??= context;
  }

  /** Fails the subscriber, in its context. */
  fail(error: unknown): void {
    this.inContext(() => {
      this.failed(error);
    });
  }

  /** Runs a mandatory task in the context. If the context is broken, the task runs without it. */
  inContext(task: () => void): void {
    runIn(this.context, task, (broken) => {
      try {
        task();
      } finally {
        report(broken);
      }
    });
  }

  /** Whether the waiter still waits: in a queue, or in the wake list. */
  protected isPending(): boolean {
    return this.phase === PARKED || this.phase === PROMISED;
  }

  protected failed(error: unknown): void {
    this.subscriber.error(error);
  }

  /** Cancels the waiter: this is the teardown of its subscriber. After the grant it does nothing. */
  unsubscribe(): void {
    if (this.isPending()) {
      try {
        this.leave();
      } finally {
        deliver();
      }
    }
  }

  /** Commits and appends the cancel. A waiter in a queue is dequeued. A waiter with a promise passes the promise on. */
  protected leave(failure?: Wakeable): void {
    const { phase, home } = this;
    let told = this.withdraw();
    if (failure !== undefined) {
      failure.behind = told;
      told = failure;
    }
    this.announce();
    if (phase === PARKED) {
      home.cancel(this, told);
    } else {
      home.unpromise(this);
      home.giveBack(this, told, 'cancel');
    }
  }

  /**
   * Commits that the waiter gets nothing. Returns an entry for another waiter that this concerns, to append after the
   * new state.
   */
  withdraw(): Wakeable | undefined {
    this.phase = SPENT;
    return undefined;
  }

  /** Appends the state of any other primitive that {@link withdraw} changed. */
  announce(): void {
    // A waiter of one primitive changes no other primitive.
  }
}

/**
 * Whether a subscriber ignores all notifications from now on. In the `complete` handler that `takeUntil` calls, the
 * subscriber is stopped but not yet closed. A permit that it got then would be lost.
 */
function isGone(subscriber: Subscriber<unknown>): boolean {
  return subscriber.closed || (subscriber as unknown as { readonly isStopped: boolean }).isStopped;
}

/** The entry that fails a waiter. */
export function failure(waiter: Waiter, error: unknown): Wakeable {
  return new Announcement(() => {
    waiter.fail(error);
  });
}
