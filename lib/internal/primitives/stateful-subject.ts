/**
 * The base of all primitives: a `BehaviorSubject` of a snapshot that only the primitive's own methods change, and one
 * queue of waiters. It also implements the two ways to end all waits: to cancel the waiters, and to close the
 * primitive.
 *
 * A snapshot is made only when it is seen: for an observer, or when `value` is read.
 */
import { BehaviorSubject, type Observable, type Observer, type Subscription } from 'rxjs';

import { CancelledError, ClosedError, QueueFullError, ReadOnlyStateError } from '../../errors.js';
import { checkNotNegative, checkOptions, checkString } from '../checks/arguments.js';
import { mark, thisCopy } from '../checks/copy.js';
import { inspected, inspectSymbol, type Inspect } from '../checks/inspection.js';
import { Callback, append, chain, deliver, type Wakeable } from '../delivery/delivery.js';
import type { TraceEvent, TraceStep } from '../delivery/trace-event.js';
import { WaitQueue } from '../queue/wait-queue.js';
import { COMPLETED, failedWith, type Ending } from '../delivery/ending.js';
import type { Demand } from '../waiting/demand.js';
import { failure, GRANTED, QUEUED, type Resource, type Waiter } from '../waiting/waiter.js';

/** The options that every primitive takes, always as the last argument. */
export interface PrimitiveOptions {
  /** The name in error messages, logs and traces. */
  readonly name?: string;
  /**
   * The maximum number of waiters: the next one gets a `QueueFullError`. Without it there is no limit. At a `KeyedLock`
   * it limits the waiters of all keys together.
   */
  readonly maxWaiting?: number;
}

const optionNames: readonly string[] = ['name', 'maxWaiting'] satisfies (keyof PrimitiveOptions)[];

/** The part of a primitive that fails its waiters. */
export interface ClosableQueue {
  drain(): Waiter[];
  admitNext(notice?: Wakeable): void;
}

/** Gets the steps of a primitive as they are committed. Without a tracer, each step costs one check. */
export interface Tracer<S> {
  readonly events: Observable<TraceEvent<S>> & { readonly observed: boolean };
  note(step: TraceStep, waiter: Waiter | undefined): void;
  /** Appends the steps that were noted since the last call. They are committed, and `state` is the state after them. */
  committed(state: S): void;
}

// The class implements Resource. It does not declare so, because Resource is internal: its members are missing in the published
// declarations.
export abstract class StatefulSubject<S, W extends Waiter = Waiter> extends BehaviorSubject<S> {
  private readonly name: string | undefined;
  private readonly maxWaiting: number;

  // All fields that change are private at run time too, here and in the primitives. So a store that freezes, compares
  // or prints a primitive to check its state finds neither these fields nor the waiters.
  readonly #queue: WaitQueue<W>;

  /** How the primitive was closed: without an error, or with one that all later callers get. */
  private accessor ending: Ending | undefined = undefined;

  /** @internal Defined while the primitive is traced. */
  accessor tracer: Tracer<S> | undefined = undefined;

  // While the primitive is observed, or has a state under way, `latest` is true of the fields. It was published, or it
  // is the last state under way.
  private accessor latest: S;
  private accessor underWay = 0;

  /** @internal */
  protected constructor(initial: S, options: PrimitiveOptions = {}, queue = new WaitQueue<W>()) {
    super(Object.freeze(initial));
    checkOptions('a primitive', options, optionNames);
    const { name, maxWaiting = Infinity } = options;
    checkString('name', name);
    if (maxWaiting !== Infinity) {
      checkNotNegative('maxWaiting', maxWaiting);
    }
    this.latest = initial;
    this.name = name;
    this.maxWaiting = maxWaiting;
    this.#queue = queue;
  }

  /** @internal */
  get [mark](): typeof thisCopy {
    return thisCopy;
  }

  /** @internal */
  get queue(): WaitQueue<W> {
    return this.#queue;
  }

  /** The number of waiters in the queue. */
  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * The current state, as `value`.
   *
   * @throws the error with which `error(e)` closed the primitive, or RxJS's `ObjectUnsubscribedError` after
   * `unsubscribe()`.
   */
  override getValue(): S {
    if (this.ending?.failed) {
      throw this.ending.error;
    }
    super.getValue();
    return this.current();
  }

  /** Emits the current state, and then every change of it, in order. */
  override subscribe(observer?: Partial<Observer<S>> | ((value: S) => void) | null): Subscription;
  /** @deprecated Pass an observer, as RxJS wants it. */
  override subscribe(
    next?: ((value: S) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription;
  override subscribe(
    observer?: Partial<Observer<S>> | ((value: S) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    if (this.ending === undefined && !this.isObserved()) {
      this.bringUpToDate();
    }
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the caller of the deprecated form is warned
    return super.subscribe(observer as ((value: S) => void) | null, error, complete);
  }

  /**
   * Not for calling: only the primitive's methods change its state.
   *
   * @throws {@link ReadOnlyStateError} always.
   */
  override next(_value: never): never {
    throw new ReadOnlyStateError(`cannot set the state of ${String(this)}: only its methods change it`);
  }

  /**
   * Cancels all waiters: they get `reason`, or a {@link CancelledError}. The primitive stays in use.
   *
   * **Order.** The waiters are notified in the order of the queue, after the new state was published.
   *
   * **Python.** `task.cancel()` for every task that waits.
   */
  cancelWaiters(reason: unknown = new CancelledError(`gave up waiting for ${String(this)}: its waiters were cancelled`)): void {
    this.failWaiters([this], this.drain(), () => reason);
    deliver();
  }

  /**
   * Closes the primitive. All waiters, and all later callers, get a {@link ClosedError}; observers of the state get
   * `complete`. Holders keep what they hold until they release it.
   */
  override complete(): void {
    this.close(COMPLETED);
    deliver();
  }

  /** Closes the primitive with an error, which all waiters, all later callers and the observers of the state get. */
  override error(error: unknown): void {
    this.close(failedWith(error));
    deliver();
  }

  /**
   * Closes like {@link complete}, and then drops the observers. To read or to observe the state is an error from then
   * on.
   */
  override unsubscribe(): void {
    this.close(COMPLETED);
    append(
      new Callback(() => {
        if (!Object.isFrozen(this)) {
          super.unsubscribe();
        }
      }),
    );
    deliver();
  }

  /** The kind and the name, for messages. */
  override toString(): string {
    return this.name === undefined ? this.kind() : `${this.kind()} "${this.name}"`;
  }

  /** The current state, for logs. Unlike `value` it never throws, however the primitive was closed. */
  toJSON(): S {
    return this.snapshot(this.latest);
  }

  /** @internal */
  [inspectSymbol](_depth: number, options: unknown, inspect: Inspect): string {
    return inspected(this, options, inspect);
  }

  /** The kind of the primitive, for messages. */
  protected abstract kind(): string;

  /** What a caller tries to do, for messages. */
  protected verb(): string {
    return 'acquire';
  }

  /** The current state: `last` itself if it is still true. */
  protected abstract snapshot(last: S): S;

  /** @internal Throws the reason why this demand can never be granted. */
  check(_demand: Demand): void {
    this.checkOpen();
  }

  /**
   * @internal For resources that grant all or nothing, in the order of the waiters.
   *
   * @throws `RangeError` for any other weight than 1, and for any other priority than 0.
   */
  refuseWeightAndPriority({ weight, priority }: Demand, resource: Resource = this): void {
    if (weight !== 1) {
      throw new RangeError(`cannot acquire ${String(weight)} of ${String(resource)}: it has no weights`);
    }
    if (priority !== 0) {
      throw new RangeError(`cannot acquire ${String(resource)} with a priority: it has no priorities`);
    }
  }

  /** @internal By default a grant needs no release. A primitive whose grants do overrides this. */
  takeBack(waiter: W, notice?: Wakeable, step?: TraceStep): void {
    this.admitNext(notice, step, waiter);
  }

  /** @internal */
  grantEnded(_waiter: W): void {
    // Nothing here depends on whether a grant was delivered.
  }

  /** Commits the grants to the heads of the queue, as long as the head can go; returns them as a chain, in order. */
  protected grantNext(): W | undefined {
    const { queue } = this;
    let first: W | undefined;
    let last: W | undefined;
    for (let { head } = queue; head?.resource.headCanGo?.(head); { head } = queue) {
      queue.remove(head);
      head.phase = GRANTED;
      head.resource.grant?.(head);
      this.note('grant', head);
      if (last === undefined) {
        first = head;
      } else {
        last.behind = head;
      }
      last = head;
    }
    return first;
  }

  /** Puts a waiter at its place in the queue. */
  protected addToQueue(waiter: W): void {
    this.queue.push(waiter);
  }

  /** The queues whose waiters fail when this primitive is closed. */
  protected queuesToClose(): ClosableQueue[] {
    return [this];
  }

  /**
   * @internal The second half of every method: grants to the waiters that can go, publishes the new state, and appends the
   * grants.
   *
   * @param notice - entries to append after the new state, and before the grants.
   * @param step - what the first half did, and to which waiter, for the tracer.
   */
  admitNext(notice?: Wakeable, step?: TraceStep, waiter?: Waiter): void {
    if (this.tracer !== undefined && step !== undefined) {
      this.tracer.note(step, waiter);
    }
    const woken = this.grantNext();
    this.publish();
    append(notice);
    append(woken);
  }

  /** @internal */
  note(step: TraceStep, waiter?: Waiter): void {
    this.tracer?.note(step, waiter);
  }

  /** @internal Appends the new state, if it is new and the primitive is observed. */
  publish(step?: TraceStep, waiter?: Waiter): void {
    if (this.tracer !== undefined) {
      if (step !== undefined) {
        this.tracer.note(step, waiter);
      }
      this.tracer.committed(Object.freeze(this.snapshot(this.latest)));
    }
    if (this.ending === undefined && this.isObserved()) {
      this.appendState();
    }
  }

  /** Appends the state, if it is new. */
  private appendState(): void {
    const { latest } = this;
    const state = this.current();
    if (state !== latest) {
      this.underWay++;
      append(
        new Callback(() => {
          this.underWay--;
          if (!Object.isFrozen(this)) {
            super.next(state);
          }
        }),
      );
    }
  }

  /**
   * @internal Puts a waiter at its place in the queue. The context of the waiter must be captured already.
   *
   * @param resource - what the waiter wants: the primitive, or a part of it.
   */
  enqueue(waiter: W, resource: Resource = this): void {
    this.checkRoom(resource);
    if (waiter.subscriber.closed) {
      return;
    }
    waiter.attach();
    waiter.resource = resource;
    waiter.phase = QUEUED;
    this.addToQueue(waiter);
    this.admitNext(undefined, 'park', waiter);
    deliver();
  }

  /** @internal */
  checkRoom(resource: Resource = this): void {
    if (this.queue.length >= this.maxWaiting) {
      throw new QueueFullError(
        `cannot ${this.verb()} ${String(resource)}: ${String(this.queue.length)} are waiting, and it allows no more`,
      );
    }
  }

  /** @internal */
  checkOpen(resource: Resource = this, tried?: string): void {
    if (this.ending !== undefined) {
      throw this.refusal(this.ending, resource, tried);
    }
  }

  private refusal({ failed, error }: Ending, resource: Resource, tried = this.verb()): unknown {
    return failed ? error : new ClosedError(`cannot ${tried} ${String(resource)}: it is closed`);
  }

  /** @internal Dequeues all waiters. */
  drain(): W[] {
    return this.queue.drain();
  }

  /** @internal */
  dequeue(waiter: W, notice?: Wakeable): void {
    this.queue.remove(waiter);
    this.admitNext(notice, 'cancel', waiter);
  }

  private isObserved(): boolean {
    return (this.underWay > 0 || this.observed) && !Object.isFrozen(this);
  }

  private current(): S {
    return (this.latest = Object.freeze(this.snapshot(this.latest)));
  }

  /** @internal Notifies an observer how the primitive was closed. Returns whether it is closed. */
  notifyIfClosed(observer: Pick<Observer<unknown>, 'error' | 'complete'>): boolean {
    const { ending } = this;
    if (ending?.failed) {
      observer.error(ending.error);
    } else if (ending !== undefined) {
      observer.complete();
    }
    return ending !== undefined;
  }

  /** @internal Commits and appends that the primitive is closed. */
  close(ending: Ending): void {
    if (this.ending !== undefined) {
      return;
    }
    const error: unknown = ending.failed ? ending.error : new ClosedError(`gave up waiting for ${String(this)}: it was closed`);
    const end = new Callback(() => {
      if (Object.isFrozen(this)) {
        return;
      }
      if (ending.failed) {
        super.error(ending.error);
      } else {
        super.complete();
      }
    });
    const queues = this.queuesToClose();
    this.note('close');
    this.failWaiters(
      queues,
      queues.flatMap((queue) => queue.drain()),
      () => error,
      end,
    );
    if (!this.isObserved()) {
      this.bringUpToDate(); // for subscribers that subscribe before the end is delivered
    }
    this.ending = ending;
  }

  /** Once a store has frozen RxJS's own fields, they are unusable: no frozen Subject can be observed, ours or not. */
  private bringUpToDate(): void {
    if (!Object.isFrozen(this)) {
      super.next(this.current());
    }
  }

  /** Fails waiters that were dequeued from these queues. They are notified after the new states, and after `first`. */
  protected failWaiters<A extends Waiter>(
    queues: ClosableQueue[],
    waiters: A[],
    errorOf: (waiter: A) => unknown,
    first?: Wakeable,
  ): void {
    const notices = [first, ...waiters.flatMap((waiter) => [failure(waiter, errorOf(waiter)), waiter.withdraw()])];
    for (const waiter of waiters) {
      waiter.publishOthers();
      waiter.resource.note?.('cancel', waiter);
    }
    const last = queues.pop();
    for (const queue of queues) {
      queue.admitNext();
    }
    last?.admitNext(chain(notices));
  }
}

/**
 * Commits the grants to waiters that have left the queue; returns them as a chain, in order. It is a function, so that
 * only the bundles of primitives that use it contain it.
 */
export function grantAll<W extends Waiter>(
  primitive: { note(step: TraceStep, waiter: Waiter): void },
  waiters: readonly W[],
): W | undefined {
  for (const waiter of waiters) {
    waiter.phase = GRANTED;
    primitive.note('grant', waiter);
  }
  return chain(waiters);
}
