/**
 * One of the ways into a primitive that has several. It is acquired like a primitive, and who waits for it stands in the
 * line of the primitive; what it takes to go in by it, its entrance knows, which is the home of whoever goes in there. Where
 * each who comes needs a home of its own, each has an entrance of its own.
 *
 * ```
 *   read  ──► entrance ──┐
 *                        ├──► one line, one state
 *   write ──► entrance ──┘
 *
 *   get(key), all(keys) ──► an entrance for each who comes ──► one line, one state
 * ```
 *
 * The ancestors are the views of Java's `ReentrantReadWriteLock`, `readLock()` and `writeLock()`.
 */
import { Observable, type ObservableInput } from 'rxjs';

import type { LockState } from '../lock.js';
import type { Acquirable, Permit } from '../permit.js';
import { enter, type Busy, type Claim } from './claim.js';
import { mark, thisCopy } from './copy.js';
import { demandOf, ONE, type AcquireOptions, type WaiterOptions } from './demand.js';
import { comeIn, takeAtOnce, type Entrance } from './entrance.js';
import { inspected, inspectSymbol, type Inspect } from './inspection.js';
import { run, use, type RunOptions, type UseOptions } from './use.js';
import { waitsOf } from './wait.js';

/** What is seen of a side. */
export interface SideView {
  readonly waiting: number;
  /** Its state, and then every change of it. */
  states(): Observable<LockState>;
}

/**
 * One of the ways into a primitive that has several, such as `ReadWriteLock.read`: acquired as a lock is.
 *
 * Subscribe to it to see its state: a side is an Observable of `{ locked, waiting }`, as a lock is. It costs nothing where
 * nobody subscribes.
 *
 * `P` is what permits are that its entrance has let in by `take`.
 */
export class Side<P extends Permit = Permit> extends Observable<LockState> implements Acquirable<P> {
  private accessor waits: ((options?: WaiterOptions) => Observable<P>) | undefined = undefined;

  /** @internal @param entrance - returns the entrance of who comes now. */
  constructor(
    private readonly entrance: () => Entrance,
    private readonly view: SideView,
  ) {
    super((subscriber) => view.states().subscribe(subscriber));
  }

  /** How many wait in line for it. */
  get waiting(): number {
    return this.view.waiting;
  }

  /** @internal */
  get [mark](): typeof thisCopy {
    return thisCopy;
  }

  /** Whether one who comes would have to wait: also where only somebody in line is in the way. */
  locked(): boolean {
    return !this.entrance().isFreeFor(ONE);
  }

  /**
   * Waits until it can go in, and emits the permit. See {@link Lock.acquire}.
   *
   * Prefer {@link use}: a permit that travels as a value can be dropped on its way, and is then never given back.
   */
  acquire(): Observable<P>;
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- in one, a number would not do, and it were no Acquirable
  acquire(options: WaiterOptions): Observable<P>;
  acquire(options?: WaiterOptions): Observable<P> {
    this.waits ??= waitsOf((wait) => {
      this[enter](wait);
    });
    return this.waits(options);
  }

  /**
   * A permit at once, or `null` where one would have to wait.
   *
   * @throws {@link ClosedError}, or what the primitive was closed with.
   */
  tryAcquire(): P | null;
  /** @internal What a side does not take is refused, not ignored. */
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- in one, the declaration would show the argument
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

  /** Which side of what it is, for messages. */
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
