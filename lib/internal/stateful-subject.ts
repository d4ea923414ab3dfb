/**
 * What all primitives are: a `BehaviorSubject` of a snapshot that only the primitive's own methods change, one line of
 * waiters, and the ways in which a line ends (its waiters are cancelled, the primitive is closed).
 *
 * A snapshot is made where somebody will see it, and nowhere else: for an observer, or when `value` is read.
 */
import { BehaviorSubject, type Observer, type Subscription } from 'rxjs';

import { CancelledError, ClosedError, QueueFullError, ReadOnlyStateError } from '../errors.js';
import { checkNotNegative, checkOptions, checkString } from './arguments.js';
import { mark, thisCopy } from './copy.js';
import { COMPLETED, failedWith, type Ending } from './ending.js';
import { inspected, inspectSymbol, type Inspect } from './inspection.js';
import type { Tracer, TraceStep } from './tracer.js';
import { WaitQueue } from './wait-queue.js';
import { failure, PARKED, type Home, type Waiter } from './waiter.js';
import { Announcement, append, chain, deliver, type Wakeable } from './wake-list.js';

/** The options that every primitive takes, always as the last argument. */
export interface PrimitiveOptions {
  /** Names it in error messages, logs and traces. */
  readonly name?: string;
  /**
   * How many may wait: the next one gets a `QueueFullError`. Without it there is no limit. At a `KeyedLock` it counts the waiters of
   * all keys together.
   */
  readonly maxWaiting?: number;
}

const optionNames: readonly string[] = ['name', 'maxWaiting'] satisfies (keyof PrimitiveOptions)[];

/** As much of a primitive as it takes to send its waiters away. */
export interface Line {
  drain(): Waiter[];
  settle(told?: Wakeable): void;
}

export abstract class StatefulSubject<S, W extends Waiter = Waiter> extends BehaviorSubject<S> {
  private readonly name: string | undefined;
  private readonly maxWaiting: number;

  // What changes is private to the engine too, here and in the primitives: whatever freezes, compares or prints a primitive, as
  // a store does that checks its state, finds neither that nor the waiters.
  readonly #queue: WaitQueue<W>;

  /** How it was closed: with an error, which all get from then on, or without. */
  private accessor ending: Ending | undefined = undefined;

  /** @internal Defined while somebody traces it. */
  accessor tracer: Tracer<S> | undefined = undefined;

  // While it is observed, or has a state under way: `latest` is true of the fields, and was published or is the last
  // state under way.
  private accessor latest: S;
  private accessor underWay = 0;

  /** @internal */
  protected constructor(
    initial: S,
    options: PrimitiveOptions = {},
    queue = new WaitQueue<W>(),
  ) {
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

  /** How many wait in line. */
  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * The state of this moment, as `value`.
   *
   * @throws what it was closed with by `error(e)`, or RxJS's `ObjectUnsubscribedError` after `unsubscribe()`.
   */
  override getValue(): S {
    if (this.ending?.failed) {
      throw this.ending.error;
    }
    super.getValue();
    return this.current();
  }

  /** Emits the state, and then every change of it, in order. */
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
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- whoever calls it so is told
    return super.subscribe(observer as ((value: S) => void) | null, error, complete);
  }

  /**
   * Not for calling: the state changes through the methods alone.
   *
   * @throws {@link ReadOnlyStateError} always.
   */
  override next(_value: never): never {
    throw new ReadOnlyStateError(`cannot set the state of ${String(this)}: it changes through its methods alone`);
  }

  /**
   * Sends away everyone who waits: they get `reason`, or a {@link CancelledError}. The primitive stays in use.
   *
   * **Order.** They are told in the order in which they waited, after the new state was published.
   *
   * **Python.** `task.cancel()` for every task that waits.
   */
  cancelWaiters(
    reason: unknown = new CancelledError(`gave up waiting for ${String(this)}: its waiters were cancelled`),
  ): void {
    this.sendAway([this], this.drain(), () => reason);
    deliver();
  }

  /**
   * Closes: those who wait, and all who come later, get a {@link ClosedError}; observers of the state hear that it is
   * complete. Who holds something finishes in peace.
   */
  override complete(): void {
    this.close(COMPLETED);
    deliver();
  }

  /** Closes with an error, which those who wait, all who come later, and the observers of the state get. */
  override error(error: unknown): void {
    this.close(failedWith(error));
    deliver();
  }

  /** Closes like {@link complete}, and then drops the observers: to read or observe the state is an error from then on. */
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

  /** The state of this moment, for logs: unlike `value`, it never throws, however the primitive was closed. */
  toJSON(): S {
    return this.snapshot(this.latest);
  }

  /** @internal */
  [inspectSymbol](_depth: number, options: unknown, inspect: Inspect): string {
    return inspected(this, options, inspect);
  }

  /** What it is, for messages. */
  protected abstract kind(): string;

  /** What one tries who comes, for messages. */
  protected verb(): string {
    return 'acquire';
  }

  /** The state of this moment: `last` itself where it is still true. */
  protected abstract snapshot(last: S): S;

  /** Commits that whoever can go now goes; returns them as a chain, in order. */
  protected abstract admit(): W | undefined;

  /** Puts one at the end of the line. */
  protected enqueue(waiter: W): void {
    this.queue.push(waiter);
  }

  /** The lines that end when this primitive is closed. */
  protected linesToClose(): Line[] {
    return [this];
  }

  /**
   * @internal The second half of every method: whoever can go goes; appends the new state, `told`, and the grants.
   *
   * @param step - what the first half did, and to whom, for those who trace it.
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

  /** @internal Appends the new state, if somebody will see it and it is new. */
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
   * @internal Puts a waiter, whose context is captured by now, at the end of the line.
   *
   * @param home - to whom it gives back what it will hold.
   * @param what - what of it one comes for, for messages: without it, the whole.
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

  /** @internal Takes everyone out of the line. */
  drain(): W[] {
    return this.queue.drain();
  }

  /** @internal */
  cancel(waiter: W, told?: Wakeable): void {
    this.queue.remove(waiter);
    this.settle(told, 'cancel', waiter);
  }

  /** @internal What a waiter gets here needs no giving back, unless a primitive says otherwise. */
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

  /** @internal Tells an observer how this was closed, if it was. */
  tellEnd(observer: Pick<Observer<unknown>, 'error' | 'complete'>): boolean {
    const { ending } = this;
    if (ending?.failed) {
      observer.error(ending.error);
    } else if (ending !== undefined) {
      observer.complete();
    }
    return ending !== undefined;
  }

  /** @internal Commits and appends that it is closed. */
  close(ending: Ending): void {
    if (this.ending !== undefined) {
      return;
    }
    const error: unknown = ending.failed
      ? ending.error
      : new ClosedError(`gave up waiting for ${String(this)}: it was closed`);
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
      this.bringUpToDate(); // for who subscribes before the end is delivered
    }
    this.ending = ending;
  }

  /** RxJS's own fields are out of use once a store has frozen them: nobody can observe a Subject any more, ours or not. */
  private bringUpToDate(): void {
    if (!Object.isFrozen(this)) {
      super.next(this.current());
    }
  }

  /** Fails those who were taken out of these lines; they are told after the new states, and after `first`. */
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
