import type { Subscriber } from 'rxjs';

import { LockLostError, UnavailableError } from '../../errors.js';
import type { LeasedPermit } from '../../permit.js';
import { Caller } from './caller.js';
import { Lease } from './lease.js';

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
export abstract class Place {
  permit: Lease | undefined = undefined;
  readonly arrivedAt = performance.now();
  private readonly caller: Caller<LeasedPermit>;
  private isOver = false;

  constructor(
    private readonly owner: PlaceOwner,
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

  /** Begins to ask. */
  abstract enter(): void;

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
    this.forget();
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

  /** The server does not have the place: nothing needs to be returned. */
  protected abstract forget(): void;

  /** The place is not needed any more. {@link settled} follows. */
  protected abstract return(): void;

  private end(): void {
    this.isOver = true;
    this.return();
  }
}
