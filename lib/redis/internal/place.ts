import type { Subscriber } from 'rxjs';

import { LockLostError, type LeasedPermit } from '../../index.js';
import { Caller, Lease } from '../../internal/remote/index.js';

/** What a place is in: a session. */
export interface PlaceHome {
  /** Forgets a place that the server does not have. */
  forget(place: Place): void;
  /** The place is not needed any more: its permit has ended, or its caller has left. */
  return(place: Place): void;
}

/** What a place belongs to: a lock or a semaphore of the user. */
export interface PlaceOwner {
  /** The place has ended, and the server has heard of it, or its lease is over. */
  settled(place: Place): void;
  toString(): string;
}

/**
 * One call of `acquire()` or `tryAcquire()`, from the question until the return.
 *
 * ```
 *   asks ──► waits ──► holds ──► released, or lost
 *    │         └──► its caller leaves, or it fails
 *    └──► busy, if it must not wait
 * ```
 */
export class Place {
  /** When the server has said last that it waits: when that was asked, and the last token of then. A grant is newer. */
  waitsSince: { readonly sentAt: number; readonly token: bigint } | undefined = undefined;
  /** A grant of which a message came before the answer to the request that entered the place. */
  hint = 0n;
  permit: Lease | undefined = undefined;
  readonly arrivedAt = performance.now();
  private readonly caller: Caller<LeasedPermit>;
  private isOver = false;

  constructor(
    private readonly owner: PlaceOwner,
    private readonly session: PlaceHome,
    /** The number and the weight, as the script has them in an id. */
    readonly label: string,
    readonly mustNotWait: boolean,
    subscriber: Subscriber<LeasedPermit | null>,
  ) {
    this.caller = new Caller(subscriber);
  }

  /** Whether its subscriber takes no answer any more. */
  get isGone(): boolean {
    return this.caller.isGone;
  }

  /** Whether its caller still waits for an answer. */
  get isOpen(): boolean {
    return !this.isOver && this.permit === undefined;
  }

  /** Its caller waits no more. After an answer there is nothing to leave. */
  leave(): void {
    if (this.isOpen) {
      this.end();
    }
  }

  /** Commits the grant. What is returned tells the caller. */
  hold(token: bigint, deadline: number): () => void {
    const permit = new Lease(this.owner, token, deadline, () => {
      this.end();
    });
    this.permit = permit;
    return () => {
      this.caller.answer(permit);
    };
  }

  busy(): () => void {
    this.isOver = true;
    this.session.forget(this);
    this.owner.settled(this);
    return () => {
      this.caller.answer(null);
    };
  }

  fail(error: unknown): () => void {
    this.end();
    return () => {
      this.caller.fail(error);
    };
  }

  /** The server does not know the grant any more. */
  lose(): void {
    this.permit?.lose(new LockLostError(`lost ${this.owner.toString()}: the server does not know it any more`));
  }

  settled(): void {
    this.owner.settled(this);
  }

  toString(): string {
    return this.owner.toString();
  }

  private end(): void {
    this.isOver = true;
    this.session.return(this);
  }
}
