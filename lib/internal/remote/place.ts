import type { Subscriber } from 'rxjs';

import { LockLostError, UnavailableError } from '../../errors.js';
import type { LeasedPermit } from '../../permit.js';
import { Caller } from './caller.js';
import { Lease } from './lease.js';

/** What a place is in: a session. */
export interface PlaceHome {
  enter(place: Place): void;
  /** Forgets a place that the server does not have. */
  forget(place: Place): void;
  /** The place is not needed any more: its permit has ended, or its caller has left. {@link Place.settled} follows. */
  return(place: Place): void;
  /** A place did not enter. A session that was made for it ends. */
  endIfUnused(): void;
}

/** What a place belongs to: a lock or a semaphore of the user. */
export interface PlaceOwner {
  /** The place has ended, and the server has heard of it, or its lease is over. */
  settled(place: Place): void;
  toString(): string;
}

/**
 * One call of `acquire()` or `tryAcquire()` of a lock at a server, from the question until the return.
 *
 * ```
 *   asks ──► waits ──► holds ──► released, or lost
 *    │         └──► its caller leaves, or it fails
 *    └──► busy, if it must not wait
 * ```
 */
export class Place {
  permit: Lease | undefined = undefined;
  readonly arrivedAt = performance.now();
  private readonly caller: Caller<LeasedPermit>;
  private isOver = false;

  constructor(
    private readonly owner: PlaceOwner,
    private readonly home: PlaceHome,
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

  /** Begins to ask, unless its caller has left meanwhile: the capture of a context is foreign code. */
  enter(): void {
    if (this.isGone) {
      this.isOver = true;
      this.home.endIfUnused();
      this.owner.settled(this);
    } else {
      this.home.enter(this);
    }
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
    this.home.forget(this);
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

  /** The server has not answered, or has refused. */
  failUnavailable(cause: unknown, reason = 'the server does not answer'): () => void {
    return this.fail(new UnavailableError(`cannot acquire ${this.toString()}: ${reason}`, { cause }));
  }

  /** The server has taken the permit away. */
  lose(reason: string, cause?: unknown): void {
    this.permit?.lose(new LockLostError(`lost ${this.owner.toString()}: ${reason}`, { cause }));
  }

  settled(): void {
    this.owner.settled(this);
  }

  toString(): string {
    return this.owner.toString();
  }

  private end(): void {
    this.isOver = true;
    this.home.return(this);
  }
}
