/**
 * One side of a primitive that has several, or some keys of it. A side is acquired like a primitive. Its waiters are in
 * the queue of the primitive, and its resource decides what a grant takes.
 *
 * ```
 *   read  ──► resource ──┐
 *                        ├──► one queue, one state
 *   write ──► resource ──┘
 *
 *   get(key), all(keys) ──► a resource for each waiter ──► one queue, one state
 * ```
 *
 * The ancestors are the views of Java's `ReentrantReadWriteLock`, `readLock()` and `writeLock()`.
 */
import { Observable, type ObservableInput, type Observer } from 'rxjs';

import type { LockState } from '../../lock.js';
import type { Acquirable, Permit } from '../../permit.js';
import { mark, thisCopy } from '../checks/copy.js';
import { inspected, inspectSymbol, type Inspect } from '../checks/inspection.js';
import type { Wakeable } from '../delivery/delivery.js';
import type { TraceStep } from '../delivery/trace-event.js';
import { run, use, type RunOptions, type UseOptions } from '../tasks/use.js';
import { ONE, type AcquireOptions, type Demand, type WaiterOptions } from '../waiting/demand.js';
import { acquireNow, makeWaits } from '../waiting/wait.js';
import { admit, type OnBusy, type OwnResource, type Resource, type Waiter } from '../waiting/waiter.js';

/** What a side needs of its primitive. `Pick` cannot say it: these members are missing in the published declarations. */
export interface SidedPrimitive {
  checkOpen(resource: Resource): void;
  refuseWeightAndPriority(demand: Demand, resource: Resource): void;
  publish(step: TraceStep, waiter: Waiter): void;
  enqueue(waiter: Waiter, resource: Resource): void;
  dequeue(waiter: Waiter, notice?: Wakeable): void;
  admitNext(notice: Wakeable | undefined, step: TraceStep, waiter: Waiter): void;
  note(step: TraceStep, waiter: Waiter): void;
  /** Notifies an observer how the primitive was closed. Returns whether it is closed. */
  notifyIfClosed(observer: Pick<Observer<unknown>, 'error' | 'complete'>): boolean;
  toString(): string;
}

/** What the waiters of one side acquire: a part of a primitive, which shares the queue of the primitive. */
export abstract class SideResource implements OwnResource {
  constructor(private readonly primitive: SidedPrimitive) {}

  abstract isFreeFor(demand: Demand): boolean;

  abstract grant(waiter: Waiter): void;

  /** Commits that what `waiter` held is free again. */
  protected abstract free(waiter: Waiter): void;

  abstract toString(): string;

  check(demand: Demand): void {
    this.primitive.checkOpen(this);
    this.primitive.refuseWeightAndPriority(demand, this);
  }

  publish(step: TraceStep, waiter: Waiter): void {
    this.primitive.publish(step, waiter);
  }

  enqueue(waiter: Waiter): void {
    this.primitive.enqueue(waiter, this);
  }

  dequeue(waiter: Waiter, notice?: Wakeable): void {
    this.primitive.dequeue(waiter, notice);
  }

  takeBack(waiter: Waiter, notice?: Wakeable, step: TraceStep = 'release'): void {
    this.free(waiter);
    this.primitive.admitNext(notice, step, waiter);
  }

  grantEnded(): void {
    // The state of these primitives does not distinguish delivered grants from others.
  }

  note(step: TraceStep, waiter: Waiter): void {
    this.primitive.note(step, waiter);
  }
}

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
 * `P` is the type of the permits that its resource grants.
 */
export class Side<P extends Permit = Permit> extends Observable<LockState> implements Acquirable<P> {
  private accessor waits: ((options?: WaiterOptions) => Observable<P>) | undefined = undefined;

  /** @internal @param resource - returns the resource for the next waiter. */
  constructor(
    private readonly resource: () => OwnResource,
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
    return !this.resource().isFreeFor(ONE);
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
    this.waits ??= makeWaits((wait) => {
      this[admit](wait);
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
    return acquireNow(this.resource(), wanted) as P | null;
  }

  /** Runs `task` while holding a permit: the safe form. See {@link Lock.use}. */
  use<T>(task: (permit: P) => ObservableInput<T>, options?: UseOptions): Observable<T> {
    return use(this, task as (permit: Permit) => ObservableInput<T>, options);
  }

  /** Runs `task` while holding a permit, for `async`/`await`. See {@link Lock.run}. */
  run<T>(task: (permit: P) => T | PromiseLike<T>, options?: RunOptions): Promise<T> {
    return run(this, task as (permit: Permit) => T | PromiseLike<T>, options);
  }

  /** The side and its primitive, for messages. */
  override toString(): string {
    return this.resource().toString();
  }

  /** Whether it is locked, for logs. */
  toJSON(): Pick<LockState, 'locked'> {
    return { locked: this.locked() };
  }

  /** @internal */
  [inspectSymbol](_depth: number, options: unknown, inspect: Inspect): string {
    return inspected(this, options, inspect);
  }

  /** @internal */
  [admit](waiter: Waiter, onBusy?: OnBusy): void {
    waiter.enter(this.resource(), onBusy);
  }
}
