import type { ObservableInput, ObservedValueOf, OperatorFunction, Subscriber } from 'rxjs';

import { KeyedLock, type Acquirable } from '../lib/index.js';
import { doorOf } from '../lib/internal/admission.js';
import { checkOptions } from '../lib/internal/arguments.js';
import type { Door } from '../lib/internal/claim.js';
import { currentContext, type Context } from '../lib/internal/context.js';
import { isOfOtherCopy, refusal } from '../lib/internal/copy.js';
import type { Demand } from '../lib/internal/demand.js';
import { shown } from '../lib/internal/shown.js';
import { observing } from '../lib/internal/source-observer.js';
import { Work, Works, type WorkPlan } from '../lib/internal/works.js';
import { demandOfEach, type DemandOfEach } from './demand-of-each.js';

/** Which of the values of one key that wait are kept. */
export type KeepByKey = 'all' | 'latest';

/** The options of `concatMapByKey`. */
export interface ConcatMapByKeyOptions<K, T = never> {
  /**
   * Whose lines the values wait in, a `KeyedLock`: shared by all streams that are given the same one. Without it each
   * subscription has its own.
   */
  readonly locks?: {
    /** What is acquired for a key. */
    get(key: K): Acquirable;
  };
  /**
   * Of the values of one key of this stream that wait: keep them all, or the latest alone, which then takes the place in
   * line of the one that it replaces. `'all'` without it.
   */
  readonly keep?: KeepByKey;
  /** What a work that waits is called in a `trace` of `locks`. */
  readonly label?: string | ((value: T, index: number) => string);
}

/**
 * Runs the works of one key one after another, in order, and those of different keys side by side.
 *
 * It is `concatMap` for each key: `groupBy` and `concatMap` in each group does so for one stream, and keeps a group for
 * ever; this one forgets a key when no work of it is left, and can share the keys with other streams.
 *
 * ```
 * source            a-bcd----------|     of which b has a key of its own
 * project           ----x|
 * concatMapByKey    ----a-b--c----d|
 * keep: 'latest'    ----a-b--d-----|
 * ```
 *
 * **Order.** The values of one key wait in one line: first come, first served, across all streams that share `locks`. A
 * work that has ended is torn down and its key released; then downstream hears of it; then the next one is woken. With
 * `keep: 'latest'`, a value that comes while another one of its key waits replaces that one, in its place.
 *
 * **Cancel safety.** Unsubscribing lets go of the source first, then of the works, then of the places in line. A work
 * that is a promise cannot be torn down: its key is held until it has settled. When the source or a work fails, everything
 * is let go of, and the first error goes downstream.
 *
 * **Errors and retries.** One failure ends the stream: handle errors inside `project`. `retry` inside `project` keeps the order
 * of a key's values, and holds the key through its back-off.
 *
 * **Context.** A value runs in the async context in which it arrived, also where it replaces another one.
 *
 * **Python.** `async with locks[key]:` in each task of a `TaskGroup`.
 *
 * @example
 * const edits = of({ id: 1, text: 'a' }, { id: 2, text: 'b' }, { id: 1, text: 'c' });
 * const save = ({ id, text }: { id: number; text: string }) => of(`saved ${text} as ${id}`);
 *
 * edits.pipe(concatMapByKey(({ id }) => id, save)).subscribe(console.log);
 *
 * @param keyOf - returns the key of a value, two of which are the same where they are to a `Map`.
 * @param project - called when it is the value's turn; returns what to subscribe to: anything that `from` takes. `index`
 * counts all values of the source, those that were replaced too.
 * @param options - see {@link ConcatMapByKeyOptions}.
 * @throws TypeError at the call, for what is no function and for malformed options. What `keyOf` and `project` throw goes
 * downstream. {@link ClosedError}, {@link QueueFullError} and {@link CancelledError} downstream, from `locks`.
 */
export function concatMapByKey<T, K, O extends ObservableInput<unknown>>(
  keyOf: (value: T, index: number) => K,
  project: (value: T, index: number) => O,
  options: ConcatMapByKeyOptions<K, T> = {},
): OperatorFunction<T, ObservedValueOf<O>> {
  for (const given of [keyOf, project]) {
    if (typeof given !== 'function') {
      throw new TypeError(`concatMapByKey needs two functions, but got ${shown(given)}`);
    }
  }
  checkOptions('concatMapByKey', options, optionNames);
  const { locks, keep = 'all', label } = options;
  if (locks !== undefined) {
    checkLocks(locks);
  }
  if (!waysToKeep.includes(keep)) {
    throw new TypeError(`keep must be 'all' or 'latest', but is ${shown(keep)}`);
  }
  const demand = demandOfEach<T>(label === undefined ? {} : { label });
  const plan = { keyOf, project, locks, keepsLatest: keep === 'latest', demand };
  return observing((subscriber) => new ByKey(subscriber, plan as Plan<T, K, ObservedValueOf<O>>));
}

function checkLocks(locks: unknown): void {
  if (isOfOtherCopy(locks) || typeof (locks as Partial<KeyedLock> | null)?.get !== 'function') {
    throw refusal('concatMapByKey', 'locks with a get() method', locks);
  }
}

const optionNames: readonly string[] = ['locks', 'keep', 'label'] satisfies (keyof ConcatMapByKeyOptions<unknown>)[];

const waysToKeep: readonly string[] = ['all', 'latest'] satisfies KeepByKey[];

/** What all subscriptions to one use of the operator have in common. */
interface Plan<T, K, R> extends WorkPlan<T, R> {
  readonly keyOf: (value: T, index: number) => K;
  readonly locks: ConcatMapByKeyOptions<K>['locks'];
  readonly keepsLatest: boolean;
  readonly demand: DemandOfEach<T>;
}

/** One subscription: each value's work comes to the lock of its key. */
class ByKey<T, K, R> extends Works<T, R> {
  private readonly locks: NonNullable<ConcatMapByKeyOptions<K>['locks']>;
  private index = 0;

  // Where the latest value alone is kept: for each key the work that has come and not begun, if there is one.
  private readonly waiting: Map<K, KeyWork<T, K, R>> | undefined;

  constructor(
    subscriber: Subscriber<R>,
    private readonly plan: Plan<T, K, R>,
  ) {
    super(subscriber);
    this.locks = plan.locks ?? new KeyedLock<K>();
    this.waiting = plan.keepsLatest ? new Map() : undefined;
  }

  protected take(value: T): void {
    const index = this.index++;
    const task = this.prepare(() => this.taskOf(value, index));
    if (task === undefined) {
      return;
    }
    const { key, demand, door, context } = task;
    const earlier = this.waiting?.get(key);
    if (earlier !== undefined) {
      earlier.replace(value, index, demand, context);
      return;
    }
    const work = new KeyWork(demand, this.subscriber, this, this.plan, value, index, key);
    this.waiting?.set(key, work);
    this.add(work);
    work.start(door);
  }

  begins({ key }: KeyWork<T, K, R>): void {
    this.waiting?.delete(key);
  }

  /** All that user code and the capture of a context say of a value: who waits is looked up after them. */
  private taskOf(value: T, index: number): KeyTask<K> {
    const { plan, waiting } = this;
    const key = plan.keyOf(value, index);
    const demand = typeof plan.demand === 'function' ? plan.demand(value, index) : plan.demand;
    const door = doorOf('concatMapByKey', this.locks.get(key));
    const context = waiting?.has(key) && !this.isOver ? currentContext() : undefined;
    return { key, demand, door, context };
  }
}

/** What is to be done for a value, and where. */
interface KeyTask<K> {
  readonly key: K;
  readonly demand: Demand;
  readonly door: Door;
  readonly context: Context | undefined;
}

/** The work of one value, or of the latest of several. */
class KeyWork<T, K, R> extends Work<T, R> {
  declare protected readonly works: ByKey<T, K, R>;

  constructor(
    demand: Demand,
    subscriber: Subscriber<R>,
    works: ByKey<T, K, R>,
    plan: Plan<T, K, R>,
    value: T,
    index: number,
    readonly key: K,
  ) {
    super(demand, subscriber, works, plan, value, index);
  }

  /**
   * Goes on, in its place, with another value, in the context of that: unless that is an older one, whose `keyOf` made a
   * newer one come first.
   */
  replace(value: T, index: number, demand: Demand, context: Context | undefined): void {
    // Stryker disable next-line EqualityOperator: no two values have one index
    if (index > this.index) {
      this.value = value;
      this.index = index;
      this.demand = demand;
      this.context = context;
    }
  }

  /** It takes no other value any more: its context is restored now, and the task runs in that. */
  override deliver(): void {
    this.works.begins(this);
    super.deliver();
  }
}
