import { Observable, ReplaySubject } from 'rxjs';
import { LockLostError, type Acquirable, type LeasedPermit } from 'rxjs-locks';

/** A lock that stands for one outside the process: its permits are lost at will. It grants first come, first served. */
export class LosableLock implements Acquirable<FakeLease> {
  /** All permits that it granted, in order. */
  readonly permits: FakeLease[] = [];
  private queue: ((permit: FakeLease) => void)[] = [];
  private holder: FakeLease | undefined;

  /**
   * @param record - gets a word for each release of a permit.
   * @param prepare - called with each permit before it is granted.
   */
  constructor(
    private readonly record: string[] = [],
    private readonly prepare: (permit: FakeLease) => void = () => undefined,
  ) {}

  get locked(): boolean {
    return this.holder !== undefined;
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** The permit that it granted last. */
  get last(): FakeLease {
    const last = this.permits.at(-1);
    if (last === undefined) {
      throw new Error('no permit was granted');
    }
    return last;
  }

  acquire(): Observable<FakeLease> {
    return new Observable((subscriber) => {
      const grant = (permit: FakeLease): void => {
        subscriber.next(permit);
        subscriber.complete();
      };
      this.queue.push(grant);
      this.grantNext();
      return () => {
        this.queue = this.queue.filter((each) => each !== grant);
      };
    });
  }

  tryAcquire(): FakeLease | null {
    return this.holder === undefined && this.queue.length === 0 ? this.grant() : null;
  }

  /** Gives the lock to another holder, which does not release it. The waiters keep their places. */
  steal(reason = new Error('stolen')): void {
    const robbed = this.holder;
    this.grant();
    robbed?.lose(reason);
  }

  toString(): string {
    return 'lease "orders"';
  }

  private grant(): FakeLease {
    const permit = new FakeLease(BigInt(this.permits.length + 1), this.record, () => {
      if (this.holder === permit) {
        this.holder = undefined;
        this.grantNext();
      }
    });
    this.holder = permit;
    this.permits.push(permit);
    this.prepare(permit);
    return permit;
  }

  private grantNext(): void {
    if (this.holder === undefined) {
      this.queue.shift()?.(this.grant());
    }
  }
}

/** A permit as DESIGN wants it. Its private fields are hard private: a wrapper that forgets the receiver fails. */
export class FakeLease implements LeasedPermit {
  /** How often `release()` was called. */
  releases = 0;
  readonly #news = new ReplaySubject<Error>(1);
  readonly #record: string[];
  readonly #free: () => void;
  #released = false;
  #lost = false;
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  constructor(
    readonly token: bigint,
    record: string[],
    free: () => void,
  ) {
    this.#record = record;
    this.#free = free;
  }

  get released(): boolean {
    return this.#released;
  }

  get lost(): boolean {
    return this.#lost;
  }

  get lost$(): Observable<Error> {
    return this.#news;
  }

  get observed(): boolean {
    return this.#news.observed;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    this.#abort();
    return this.#controller.signal;
  }

  /** A member that no interface of the library knows. */
  renew(): string {
    return `renewed ${String(this.token)}, lost: ${String(this.#lost)}`;
  }

  release(): void {
    this.releases++;
    this.#record.push('release');
    if (!this.#released) {
      this.#released = true;
      this.#news.complete();
      this.#free();
    }
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** The lock takes the permit away, tells its observers, and is free after that. */
  lose(reason = new Error('stolen')): void {
    this.loseSilently(reason);
    this.#news.next(reason);
    this.#news.complete();
    this.#free();
  }

  /** The lock takes the permit away, and its observers have yet to hear of it. */
  loseSilently(reason = new Error('stolen')): void {
    this.#released = this.#lost = true;
    this.#reason = reason;
    this.#abort();
  }

  /** The lock cannot say any more whether the permit is lost. */
  fail(error: Error): void {
    this.loseSilently(error);
    this.#news.error(error);
  }

  #abort(): void {
    if (this.#reason !== undefined && this.#controller?.signal.aborted === false) {
      this.#controller.abort(new LockLostError('lost lease "orders"', { cause: this.#reason }));
    }
  }
}
