/**
 * One of the ways into a primitive that has several. It is acquired like a primitive, and its waiters stand in the
 * queue of the primitive. Its entrance decides what a grant takes, and is the home of the claims that enter by it.
 * Where each claim needs a home of its own, each claim has an entrance of its own.
 *
 * ```
 *   read  ──► entrance ──┐
 *                        ├──► one queue, one state
 *   write ──► entrance ──┘
 *
 *   get(key), all(keys) ──► an entrance for each claim ──► one queue, one state
 * ```
 *
 * The ancestors are the views of Java's `ReentrantReadWriteLock`, `readLock()` and `writeLock()`.
 */
import { Observable, type ObservableInput } from 'rxjs';

import type { LockState } from '../../lock.js';
import type { Acquirable, Permit } from '../../permit.js';
import { enter, type Busy, type Claim } from '../waiting/claim.js';
import { mark, thisCopy } from '../checks/copy.js';
import { demandOf, ONE, type AcquireOptions, type WaiterOptions } from '../waiting/demand.js';
import { comeIn, takeAtOnce, type Entrance } from '../waiting/entrance.js';
import { inspected, inspectSymbol, type Inspect } from '../checks/inspection.js';
import { run, use, type RunOptions, type UseOptions } from '../tasks/use.js';
import { waitsOf } from '../waiting/wait.js';

/** The observable part of a side. */
export interface SideView {
  readonly waiting: number;
  /** Emits the current state, and then every change of it. */
  states(): Observable<LockState>;
}

/**
 * One of the ways into a primitive that has several, such as `ReadWriteLock.read`. It is acquired as a lock is.
 *
 * Subscribe to it to see its state: a side is an Observable of `{ locked, waiting }`, as a lock is. Without a
 * subscriber, the state costs nothing.
 *
 * `P` is the type of the permits that its entrance grants by `take`.
 */
export class Side<P extends Permit = Permit> extends Observable<LockState> implements Acquirable<P> {
  private accessor waits: ((options?: WaiterOptions) => Observable<P>) | undefined = undefined;

  /** @internal @param entrance - returns the entrance for the next claim. */
  constructor(
    private readonly entrance: () => Entrance,
    private readonly view: SideView,
  ) {
    super((subscriber) => view.states().subscribe(subscriber));
  }

  /** The number of waiters for it. */
  get waiting(): number {
    return this.view.waiting;
  }

  /** @internal */
  get [mark](): typeof thisCopy {
    return thisCopy;
  }

  /** Whether a caller would have to wait. It is true too where only a waiter in the queue is in the way. */
  locked(): boolean {
    return !this.entrance().isFreeFor(ONE);
  }

  /**
   * Waits until it can be granted, and emits the permit. See {@link Lock.acquire}.
   *
   * Prefer {@link use}: a permit that travels as a value can be dropped on its way, and is then never released.
   */
  acquire(): Observable<P>;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- one signature would take a number, and not be Acquirable
  acquire(options: WaiterOptions): Observable<P>;
  acquire(options?: WaiterOptions): Observable<P> {
    this.waits ??= waitsOf((wait) => {
      this[enter](wait);
    });
    return this.waits(options);
  }

  /**
   * Returns a permit at once, or `null` if the caller would have to wait.
   *
   * @throws {@link ClosedError}, or the error with which the primitive was closed.
   */
  tryAcquire(): P | null;
  /** @internal What a side does not take is refused, not ignored. */
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- one signature would show the argument in the declaration
  tryAcquire(wanted?: number | AcquireOptions): P | null;
  tryAcquire(wanted?: number | AcquireOptions): P | null {
    return takeAtOnce(this.entrance(), demandOf(wanted)) as P | null;
  }

  /** Runs `work` while holding a permit: the safe form. See {@link Lock.use}. */
  use<T>(work: (permit: P) => ObservableInput<T>, options?: UseOptions): Observable<T> {
    return use(this, work as (permit: Permit) => ObservableInput<T>, options);
  }

  /** Runs `work` while holding a permit, for `async`/`await`. See {@link Lock.run}. */
  run<T>(work: (permit: P) => T | PromiseLike<T>, options?: RunOptions): Promise<T> {
    return run(this, work as (permit: Permit) => T | PromiseLike<T>, options);
  }

  /** The side and its primitive, for messages. */
  override toString(): string {
    return this.entrance().toString();
  }

  /** Whether it is locked, for logs. */
  toJSON(): { readonly locked: boolean } {
    return { locked: this.locked() };
  }

  /** @internal */
  [inspectSymbol](_depth: number, options: unknown, inspect: Inspect): string {
    return inspected(this, options, inspect);
  }

  /** @internal */
  [enter](claim: Claim, busy?: Busy): void {
    comeIn(this.entrance(), claim, busy);
  }
}
