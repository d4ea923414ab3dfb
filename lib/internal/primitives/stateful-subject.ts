/**
 * The base of all primitives: a `BehaviorSubject` of a snapshot that only the primitive's own methods change, and one
 * queue of waiters. It also implements the two ways to end all waits: to cancel the waiters, and to close the
 * primitive.
 *
 * A snapshot is made only when it is seen: for an observer, or when `value` is read.
 */
import { BehaviorSubject, type Observer, type Subscription } from 'rxjs';

import { CancelledError, ClosedError, QueueFullError, ReadOnlyStateError } from '../../errors.js';
import { checkNotNegative, checkOptions, checkString } from '../checks/arguments.js';
import { mark, thisCopy } from '../checks/copy.js';
import { COMPLETED, failedWith, type Ending } from '../tasks/ending.js';
import { inspected, inspectSymbol, type Inspect } from '../checks/inspection.js';
import type { Tracer, TraceStep } from '../delivery/tracer.js';
import { WaitQueue } from '../queue/wait-queue.js';
import { failure, PARKED, type Home, type Waiter } from '../waiting/waiter.js';
import { Announcement, append, chain, deliver, type Wakeable } from '../delivery/wake-list.js';

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

/** The part of a primitive that cancels its waiters. */
export interface Line {
  drain(): Waiter[];
  settle(told?: Wakeable): void;
}

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
    if (this.ending === undefined && !this.isSeen()) {
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
    throw new ReadOnlyStateError(`cannot set the state of ${String(this)}: it changes through its methods alone`);
  }

  /**
   * Cancels all waiters: they get `reason`, or a {@link CancelledError}. The primitive stays in use.
   *
   * **Order.** The waiters are notified in the order of the queue, after the new state was published.
   *
   * **Python.** `task.cancel()` for every task that waits.
   */
  cancelWaiters(reason: unknown = new CancelledError(`gave up waiting for ${String(this)}: its waiters were cancelled`)): void {
    this.sendAway([this], this.drain(), () => reason);
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
      new Announcement(() => {
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

  /** Commits that the waiters that can go now go; returns them as a chain, in order. */
  protected abstract admit(): W | undefined;

  /** Puts a waiter at the end of the queue. */
  protected enqueue(waiter: W): void {
    this.queue.push(waiter);
  }

  /** The queues whose waiters fail when this primitive is closed. */
  protected linesToClose(): Line[] {
    return [this];
  }

  /**
   * @internal The second half of every method. Dequeues the waiters that can go, and appends the new state, `told` and
   * the grants.
   *
   * @param step - what the first half did, and to which waiter, for the tracer.
   */
  settle(told?: Wakeable, step?: TraceStep, waiter?: Waiter): void {
    if (this.tracer !== undefined && step !== undefined) {
      this.tracer.note(step, waiter);
    }
    const woken = this.admit();
    this.publish();
    append(told);
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
    if (this.ending === undefined && this.isSeen()) {
      this.announce();
    }
  }

  /** Appends the state, if it is new. */
  private announce(): void {
    const { latest } = this;
    const state = this.current();
    if (state !== latest) {
      this.underWay++;
      append(
        new Announcement(() => {
          this.underWay--;
          if (!Object.isFrozen(this)) {
            super.next(state);
          }
        }),
      );
    }
  }

  /**
   * @internal Puts a waiter at the end of the queue. The context of the waiter must be captured already.
   *
   * @param home - the primitive, or its part, to which the waiter will release what it gets.
   * @param what - the part that the caller wants, for messages: without it, the whole primitive.
   */
  park(waiter: W, home: Home = this, what: Home = this): void {
    this.checkRoom(what);
    if (waiter.subscriber.closed) {
      return;
    }
    waiter.attach();
    waiter.home = home;
    waiter.phase = PARKED;
    this.enqueue(waiter);
    this.settle(undefined, 'park', waiter);
    deliver();
  }

  /** @internal */
  checkRoom(what: Home = this): void {
    if (this.queue.length >= this.maxWaiting) {
      throw new QueueFullError(
        `cannot ${this.verb()} ${String(what)}: ${String(this.queue.length)} are waiting, and it allows no more`,
      );
    }
  }

  /** @internal */
  checkOpen(what: Home = this, tried?: string): void {
    if (this.ending !== undefined) {
      throw this.refusal(this.ending, what, tried);
    }
  }

  private refusal({ failed, error }: Ending, what: Home, tried = this.verb()): unknown {
    return failed ? error : new ClosedError(`cannot ${tried} ${String(what)}: it is closed`);
  }

  /** @internal Dequeues all waiters. */
  drain(): W[] {
    return this.queue.drain();
  }

  /** @internal */
  cancel(waiter: W, told?: Wakeable): void {
    this.queue.remove(waiter);
    this.settle(told, 'cancel', waiter);
  }

  /** @internal By default a grant needs no release. A primitive whose grants do overrides this. */
  giveBack(waiter: W, told?: Wakeable, step?: TraceStep): void {
    this.settle(told, step, waiter);
  }

  /** @internal */
  unpromise(_waiter: W): void {
    // Nothing here depends on whether a promise was kept.
  }

  private isSeen(): boolean {
    return (this.underWay > 0 || this.observed) && !Object.isFrozen(this);
  }

  private current(): S {
    return (this.latest = Object.freeze(this.snapshot(this.latest)));
  }

  /** @internal Notifies an observer how the primitive was closed. Returns whether it is closed. */
  tellEnd(observer: Pick<Observer<unknown>, 'error' | 'complete'>): boolean {
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
    const end = new Announcement(() => {
      if (Object.isFrozen(this)) {
        return;
      }
      if (ending.failed) {
        super.error(ending.error);
      } else {
        super.complete();
      }
    });
    const lines = this.linesToClose();
    this.note('close');
    this.sendAway(
      lines,
      lines.flatMap((line) => line.drain()),
      () => error,
      end,
    );
    if (!this.isSeen()) {
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
  protected sendAway<A extends Waiter>(lines: Line[], waiters: A[], errorOf: (waiter: A) => unknown, first?: Wakeable): void {
    const told = [first, ...waiters.flatMap((waiter) => [failure(waiter, errorOf(waiter)), waiter.withdraw()])];
    for (const waiter of waiters) {
      waiter.announce();
      waiter.home.note?.('cancel', waiter);
    }
    const last = lines.pop();
    for (const line of lines) {
      line.settle();
    }
    last?.settle(chain(told));
  }
}
