/**
 * A waiter: one object from the moment it enters a primitive until it has released what it got. It is a node of a queue,
 * an entry of the wake list, the teardown of its subscriber, and the holder of the permit.
 *
 * ```
 *            enqueue               dequeued               delivered
 *    FRESH ────────────►  QUEUED  ───────────►  GRANTED  ───────────►  HELD  ─────────►  ENDED
 *      │                    │                      ▲ │                 │  ▲   released     ▲
 *      └─ free: no queue ───┼──────────────────────┘ │       suspended │  │ resumed        │
 *                           │                        │                 ▼  │                │
 *                           │                        │              SUSPENDED ── lost ─────┤
 *                           └─ cancelled, failed ────┴─ passed on ─────────────────────────┘
 * ```
 *
 * The ancestor is the waiter node of tokio's semaphore, which lies inside the future that waits.
 */
import type { Subscriber } from 'rxjs';

import type { Permit } from '../../permit.js';
import { inspected, inspectSymbol, type Inspect } from '../checks/inspection.js';
import {
  Callback,
  currentContext,
  deliver,
  deliverNow,
  report,
  runIn,
  type Context,
  type Wakeable,
} from '../delivery/delivery.js';
import type { TraceStep } from '../delivery/trace-event.js';
import type { QueueNode } from '../queue/wait-queue.js';
import type { Demand } from './demand.js';

export const FRESH = 0;
/** The waiter is in the queue of its resource. */
export const QUEUED = 1;
/**
 * The waiter has been dequeued and is in the wake list. Its grant is committed but not delivered. No other waiter can
 * get what was granted to it.
 */
export const GRANTED = 2;
/** The grant was delivered. */
export const HELD = 3;
/** The permit's holder waits in a condition. The permit is resumed afterwards. */
export const SUSPENDED = 4;
/** The waiter holds nothing and will get nothing. */
export const ENDED = 5;

export type Phase = 0 | 1 | 2 | 3 | 4 | 5;

/** What a waiter acquires and releases: a primitive, one side of it, or some of its keys. */
export interface Resource {
  /** The keys that the waiter wants. Defined in a resource that has keys. */
  readonly keys?: readonly unknown[];
  /** Whether the head of the queue can go. Defined in a resource that grants to the head of its queue first. */
  headCanGo?(head: Waiter): boolean;
  /** Commits that a waiter gets what it wants. Defined in a resource of this library. */
  grant?(waiter: Waiter): void;
  /**
   * Dequeues a waiter: commits, appends, and grants to the waiters that can go because of it.
   *
   * @param notice - entries to append after the new state, and before the grants.
   */
  dequeue(waiter: Waiter, notice?: Wakeable): void;
  /** Takes back what was granted to a waiter, by a cancel or a release: commits and appends. */
  takeBack(waiter: Waiter, notice?: Wakeable, step?: TraceStep): void;
  /** Called when a grant is no longer under way, because it was delivered or cancelled. */
  grantEnded(waiter: Waiter): void;
  /** Notes a step that is being committed, for the tracer. Defined where the resource can be traced. */
  note?(step: TraceStep, waiter: Waiter): void;
  /** Makes the permit for a holder. Defined where that permit can do more than be released. */
  permitOf?(holder: Waiter): Permit;
  /** The kind and the name, for messages. */
  toString(): string;
}

/** A resource of this library, as a waiter sees it that enters. */
export interface OwnResource extends Resource {
  /** Throws the reason why this demand can never be granted. */
  check(demand: Demand): void;
  /** Whether a waiter that is not in the queue can be granted this demand now. */
  isFreeFor(demand: Demand): boolean;
  grant(waiter: Waiter): void;
  /** Appends the step and the new state. */
  publish(step: TraceStep, waiter: Waiter): void;
  /** Puts a waiter at its place in the queue. */
  enqueue(waiter: Waiter): void;
}

/** Called instead of enqueueing, for a waiter that must not wait. */
export type OnBusy = (resource: string) => void;

/** The key of the method by which a waiter enters an object that this library made or adapted. */
export const admit = Symbol('admit');

/** An object that can be acquired, and that this library made or adapted. */
export interface OwnAcquirable {
  /**
   * Grants to the waiter now, or enqueues it. If the waiter would have to wait and `onBusy` is given, it calls `onBusy`
   * instead.
   *
   * @throws the reason why the waiter can never be granted what it wants.
   */
  [admit](waiter: Waiter, onBusy?: OnBusy): void;
}

export abstract class Waiter implements QueueNode, Wakeable {
  behind: Waiter | undefined = undefined;
  ahead: Waiter | undefined = undefined;
  phase: Phase = FRESH;
  /**
   * Set when the waiter enters. The field is initialized here because a field that is added later would give the object
   * another hidden class.
   */
  resource: Resource = undefined as never;
  /**
   * The context in which the subscriber subscribed, captured when the waiter is enqueued. Its callbacks run there,
   * whatever code wakes it.
   */
  context: Context | undefined = undefined;

  // The wait in a condition for which the permit is suspended. Defined if and only if the phase is SUSPENDED.
  suspendedFor: { permitReleased(): void } | undefined = undefined;

  constructor(
    public demand: Demand,
    readonly subscriber: Subscriber<unknown>,
  ) {}

  /** The waiter that holds the permit after the grant. In a condition, it is the one whose permit is suspended. */
  // eslint-disable-next-line @typescript-eslint/prefer-return-this-type -- a wait for a condition returns another waiter
  get holder(): Waiter {
    return this;
  }

  get released(): boolean {
    return this.phase === ENDED;
  }

  /** Runs when the grant is delivered. Runs foreign code. */
  protected abstract granted(): void;

  /** Makes unsubscribing cancel the waiter. Called before the waiter is enqueued. */
  attach(): void {
    this.subscriber.add(this);
  }

  /** Enters a resource of this library: gets what it wants now, or is enqueued. See {@link OwnAcquirable}. */
  enter(resource: OwnResource, onBusy?: OnBusy): void {
    const { demand } = this;
    resource.check(demand);
    if (this.subscriber.closed) {
      return;
    }
    if (resource.isFreeFor(demand)) {
      this.takeFrom(resource);
      deliverNow(this);
    } else if (onBusy === undefined) {
      this.setContext(currentContext());
      resource.check(demand); // the capture is foreign code
      resource.enqueue(this);
    } else {
      onBusy(String(resource));
    }
  }

  /** Commits that the waiter gets what it wants without waiting; appends the state. */
  takeFrom(resource: OwnResource): void {
    this.resource = resource;
    this.phase = GRANTED;
    resource.grant(this);
    resource.publish('grant', this);
  }

  deliver(): void {
    if (this.context === undefined) {
      this.accept();
    } else if (this.isPending()) {
      this.acceptIn(this.context);
    }
  }

  private acceptIn(context: Context): void {
    runIn(
      context,
      () => {
        this.accept();
      },
      (error) => {
        if (this.isPending()) {
          this.cancel(
            new Callback(() => {
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
   * Takes what was granted. Does nothing if the waiter was cancelled while it was in the wake list. Passes the grant on
   * if its subscriber is gone.
   */
  private accept(): void {
    if (this.phase !== GRANTED) {
      return;
    }
    if (isStopped(this.subscriber)) {
      this.unsubscribe();
      return;
    }
    this.phase = HELD;
    this.resource.grantEnded(this);
    this.granted();
  }

  /** The permit that the holder gets. */
  toPermit(): Permit {
    return this.resource.permitOf?.(this) ?? new GrantedPermit(this);
  }

  release(): void {
    this.commitRelease();
    deliver();
  }

  /** Commits and appends the release, if there is anything to release. */
  commitRelease(): void {
    if (this.phase === HELD) {
      this.phase = ENDED;
      this.resource.takeBack(this);
    } else {
      this.suspendedFor?.permitReleased();
    }
  }

  /**
   * Sets the context, unless it is set already. The capture is foreign code, and may have given the waiter a
   * value that arrived later.
   */
  setContext(context: Context | undefined): void {
    this.context ??= context;
  }

  /** Fails the subscriber, in its context. */
  fail(error: unknown): void {
    this.inContext(() => {
      this.failed(error);
    });
  }

  /** Runs a mandatory function in the context. If the context is broken, the function runs without it. */
  inContext(run: () => void): void {
    runIn(this.context, run, (broken) => {
      try {
        run();
      } finally {
        report(broken);
      }
    });
  }

  /** Ends what runs under the permit, because the permit is lost. Defined in a waiter that runs a task. */
  lose?(error: unknown): void;

  /** Whether the waiter still waits: in a queue, or in the wake list. */
  protected isPending(): boolean {
    return this.phase === QUEUED || this.phase === GRANTED;
  }

  protected failed(error: unknown): void {
    this.subscriber.error(error);
  }

  /** Cancels the waiter: this is the teardown of its subscriber. After the grant it does nothing. */
  unsubscribe(): void {
    if (this.isPending()) {
      try {
        this.cancel();
      } finally {
        deliver();
      }
    }
  }

  /** Commits and appends the cancel. A waiter in a queue is dequeued. A waiter with a grant passes the grant on. */
  protected cancel(failure?: Wakeable): void {
    const { phase, resource } = this;
    let notice = this.withdraw();
    if (failure !== undefined) {
      failure.behind = notice;
      notice = failure;
    }
    this.publishOthers();
    if (phase === QUEUED) {
      resource.dequeue(this, notice);
    } else {
      resource.grantEnded(this);
      resource.takeBack(this, notice, 'cancel');
    }
  }

  /**
   * Commits that the waiter gets nothing, or that its permit is lost. Returns an entry for another waiter that this
   * concerns, to append after the new state.
   */
  withdraw(): Wakeable | undefined {
    this.phase = ENDED;
    this.suspendedFor = undefined;
    return undefined;
  }

  /** Appends the state of any other primitive that {@link withdraw} changed. */
  publishOthers(): void {
    // A waiter of one primitive changes no other primitive.
  }
}

/**
 * The permit that a holder gets. It leads to its waiter only by a private field. So a store that freezes a permit to
 * check its state, or code that copies or prints the permit, does not reach the waiter.
 */
export class GrantedPermit implements Permit {
  readonly #holder: Waiter;

  constructor(holder: Waiter) {
    this.#holder = holder;
  }

  get released(): boolean {
    return this.#holder.released;
  }

  release(): void {
    this.#holder.release();
  }

  [Symbol.dispose](): void {
    this.#holder.release();
  }

  /** The primitive that granted the permit, for logs. */
  toString(): string {
    return `permit of ${String(this.#holder.resource)}`;
  }

  /** Whether the permit was released, for logs. */
  toJSON(): { readonly released: boolean } {
    return { released: this.released };
  }

  [inspectSymbol](_depth: number, options: unknown, inspect: Inspect): string {
    return inspected(this, options, inspect);
  }

  /** Returns the waiter behind a permit, or the permit itself if this library did not make it. */
  static waiterOf(permit: unknown): unknown {
    return typeof permit === 'object' && permit !== null && #holder in permit ? permit.#holder : permit;
  }
}

/**
 * Whether a subscriber ignores all notifications from now on. In the `complete` handler that `takeUntil` calls, the
 * subscriber is stopped but not yet closed. A permit that it got then would be lost.
 */
export function isStopped(subscriber: Subscriber<unknown>): boolean {
  return subscriber.closed || (subscriber as unknown as { readonly isStopped: boolean }).isStopped;
}

/** The entry that fails a waiter. */
export function failure(waiter: Waiter, error: unknown): Wakeable {
  return new Callback(() => {
    waiter.fail(error);
  });
}
