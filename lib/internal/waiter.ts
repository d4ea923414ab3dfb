/**
 * One who waits: a node of a line, an entry of the wake list, and the teardown of its subscriber, in one object.
 *
 * ```
 *            enter                 turn has come                  told
 *   fresh ──────────►  parked  ───────────────────►  promised  ─────────►  held  ──────►  spent
 *     │                  │ ▲                             │                  │ ▲             ▲
 *     │   nobody before  │ │ reparked                    │           wait() │ │ resumed     │
 *     └──────────────────┼─┼────────────────────────►    │                  ▼ │             │
 *                        │ └──────────────────────────────────────────── suspended          │
 *                        └─ cancelled, failed ───────────┴─ passed on ──────────────────────┘
 * ```
 *
 * The ancestor is the waiter node of tokio's semaphore, which lies inside the future that waits.
 */
import type { Subscriber } from 'rxjs';

import type { Permit } from '../permit.js';
import type { Claim } from './claim.js';
import { runIn, type Context } from './context.js';
import type { TraceStep } from './tracer.js';
import type { Place } from './wait-queue.js';
import { Announcement, deliver, report, type Wakeable } from './wake-list.js';

export const FRESH = 0;
/** It stands in its home's line. */
export const PARKED = 1;
/** Its turn has come and it is in the wake list. Nobody else can have what it is about to be told that it has. */
export const PROMISED = 2;
/** It was told. */
export const HELD = 3;
/** A permit whose holder waits in a condition, and which is resumed afterwards. */
export const SUSPENDED = 4;
/** It has nothing and gets nothing any more. */
export const SPENT = 5;

export type Phase = 0 | 1 | 2 | 3 | 4 | 5;

/** The primitive in whose line a waiter stands, or to which it gives back what it holds. */
export interface Home {
  /** The keys that a waiter comes for, in the home of one that comes for keys. */
  readonly keys?: readonly unknown[];
  /** Takes a parked waiter out of the line: commits, appends `told`, and wakes whoever can go because of it. */
  cancel(waiter: Waiter, told?: Wakeable): void;
  /** Takes back what was promised to a waiter (a cancel) or held by it (a release): commits and appends. */
  giveBack(waiter: Waiter, told?: Wakeable, step?: TraceStep): void;
  /** Hears that a promise to `waiter` is over, kept or cancelled. */
  unpromise(waiter: Waiter): void;
  /** Hears of a step that is just being committed, for those who trace it, where somebody can. */
  note?(step: TraceStep, waiter: Waiter): void;
  /** What the holder of `claim` is given, where that can do more than be released. */
  permitOf?(claim: Claim): Permit;
  /** Its kind and name, for messages. */
  toString(): string;
}

export abstract class Waiter implements Place, Wakeable {
  behind: Waiter | undefined = undefined;
  ahead: Waiter | undefined = undefined;
  phase: Phase = FRESH;
  /** Set as it enters; it has its place from the start, since who gets one later is of another shape to the compiler. */
  home: Home = undefined as never;
  /** Where it subscribed, captured as it is parked: there it is told, whoever wakes it. */
  context: Context | undefined = undefined;

  /** What it comes for, or comes back for. */
  abstract readonly permit: Claim;

  constructor(readonly subscriber: Subscriber<unknown>) {}

  /** What it does when its turn has come. Runs foreign code. */
  protected abstract granted(): void;

  /** Sees to it that unsubscribing cancels. Called before it is parked. */
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

  /** Goes on with what it was promised, unless it was cancelled on its way through the wake list, or is gone. */
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

  /** Sets the context, unless foreign code that ran as it was captured has made the waiter stand for something that came later. */
  enterFrom(context: Context | undefined): void {
    this.context ??= context;
  }

  /** Tells the subscriber, in its context, that it waited in vain. */
  fail(error: unknown): void {
    this.inContext(() => {
      this.failed(error);
    });
  }

  /** Does in its context what has to be done in any case: where the context is broken, without it. */
  inContext(task: () => void): void {
    runIn(this.context, task, (broken) => {
      try {
        task();
      } finally {
        report(broken);
      }
    });
  }

  /** Whether it waits still: in a queue, or in the wake list. */
  protected isPending(): boolean {
    return this.phase === PARKED || this.phase === PROMISED;
  }

  protected failed(error: unknown): void {
    this.subscriber.error(error);
  }

  /** Cancels: the teardown of the subscriber. After the grant it has nothing to do. */
  unsubscribe(): void {
    if (this.isPending()) {
      try {
        this.leave();
      } finally {
        deliver();
      }
    }
  }

  /** Commits and appends that one who is parked leaves the line, or that one passes on what it was promised. */
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

  /** Commits that it goes without; returns whom else that concerns, to be told after the new state. */
  withdraw(): Wakeable | undefined {
    this.phase = SPENT;
    return undefined;
  }

  /** Appends the state of any other primitive that {@link withdraw} changed. */
  announce(): void {
    // A waiter of one primitive changes no other.
  }
}

/**
 * Whether a subscriber takes nothing any more. In the `complete` handler that `takeUntil` calls it is stopped and not yet
 * closed, and what one hands it there would be lost.
 */
function isGone(subscriber: Subscriber<unknown>): boolean {
  return subscriber.closed || (subscriber as unknown as { readonly isStopped: boolean }).isStopped;
}

/** The entry that tells a waiter that it waited in vain. */
export function failure(waiter: Waiter, error: unknown): Wakeable {
  return new Announcement(() => {
    waiter.fail(error);
  });
}
