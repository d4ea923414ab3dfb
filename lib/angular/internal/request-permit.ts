/**
 * The permit of a limit, which a request gives back while it waits for a key or a lock behind that limit.
 *
 * ```
 *   limit of a lazy route ──► serialize of the root ──► waits for its key ──► granted ──► takes the permit again ──► backend
 *   holds the permit          holds it                  given back                        waits, and holds the key
 * ```
 *
 * A limit of a lazy route stands before the interceptors of the root. If a request kept its permit there while it waits for a key, the
 * holder of the key could wait for that permit, and both for ever. So all requests wait for keys first, and then for permits.
 */
import { map, share, type Observable } from 'rxjs';

import type { Acquirable, Permit, Semaphore } from '../../index.js';
import type { RequestNotes, ReturnablePermit } from './request-notes.js';

/** How many units a request takes, and when it goes first. */
export interface PermitDemand {
  readonly weight?: number;
  readonly priority?: number;
}

/** The limit that took the permit: the passage of the request through it. */
interface Limit {
  readonly notes: RequestNotes;
  readonly label: string;
  /** A wait that fails when the injector is destroyed. */
  whileAlive(wait: Observable<unknown>, what: string): Observable<unknown>;
}

export class RequestPermit implements Acquirable, Permit, ReturnablePermit {
  released = false;

  /** The permit of the semaphore, unless it is given back. */
  private permit: Permit | undefined = undefined;

  /** Notes that the request does not hold it any more. */
  private forget: (() => void) | undefined = undefined;

  /** One wait for all copies of the request that an interceptor in between has sent. */
  private readonly wait: Observable<this>;

  constructor(
    private readonly semaphore: Semaphore,
    demand: PermitDemand,
    private readonly limit: Limit,
  ) {
    const { label, notes } = limit;
    this.wait = semaphore.acquire({ ...demand, label }).pipe(
      map((permit) => {
        this.permit = permit;
        this.forget = notes.hold(semaphore);
        notes.permits.add(this);
        if (this.released) {
          this.release(); // an interceptor in between has kept a copy of the request waiting
        }
        return this;
      }),
      share(),
    );
  }

  get isHeld(): boolean {
    return this.permit !== undefined;
  }

  acquire(): Observable<this> {
    return this.wait;
  }

  again(): Observable<unknown> {
    return this.limit.whileAlive(this.wait, String(this));
  }

  giveBack(): Permit | undefined {
    const { permit, forget } = this;
    this.permit = this.forget = undefined;
    forget?.();
    return permit;
  }

  readonly release = (): void => {
    this.released = true;
    this.limit.notes.permits.delete(this);
    this.giveBack()?.release();
  };

  readonly [Symbol.dispose] = this.release;

  toString(): string {
    return String(this.semaphore);
  }
}
