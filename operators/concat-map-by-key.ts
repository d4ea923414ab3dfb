import type { ObservableInput, ObservedValueOf, OperatorFunction, Subscriber } from 'rxjs';

import { KeyedLock, type Acquirable } from '../lib/index.js';
import { ownAcquirable } from '../lib/internal/tasks/admission.js';
import { checkOptions } from '../lib/internal/checks/arguments.js';
import { currentContext, type Context } from '../lib/internal/delivery/delivery.js';
import type { OwnAcquirable } from '../lib/internal/waiting/waiter.js';
import { isOfOtherCopy, refusal } from '../lib/internal/checks/copy.js';
import type { Demand } from '../lib/internal/waiting/demand.js';
import { shown } from '../lib/internal/checks/shown.js';
import { observing } from '../lib/internal/streams/source-observer.js';
import { ValueTask, ManyAtATime, type TaskPlan } from '../lib/internal/streams/many-at-a-time.js';
import { demandOfEach, type DemandOfEach } from './demand-of-each.js';

/** Which waiting values of a key are kept. */
export type KeepByKey = 'all' | 'latest';

/** The options of `concatMapByKey`. */
export interface ConcatMapByKeyOptions<K, T = never> {
  /**
   * The `KeyedLock` in whose queues the values wait. Streams that are given the same one share its keys. By default, each
   * subscription has a lock of its own.
   */
  readonly locks?: {
    /** Returns the primitive that is acquired for a key. */
    get(key: K): Acquirable;
  };
  /**
   * Which waiting values of a key this stream keeps: all of them, or the latest only. The latest value takes the queue
   * position of the value that it replaces. The default is `'all'`.
   */
  readonly keep?: KeepByKey;
  /** The name of a waiting task in a `trace` of `locks`. */
  readonly label?: string | ((value: T, index: number) => string);
}

/**
 * Runs the tasks of one key one after another, in order, and the tasks of different keys concurrently.
 *
 * This is `concatMap` for each key. `groupBy` with a `concatMap` in each group does the same for one stream, but keeps each
 * group for ever. This operator forgets a key when its last task has ended, and can share the keys with other streams.
 *
 * ```
 * source            a-bcd----------|     of which b has a key of its own
 * project           ----x|
 * concatMapByKey    ----a-b--c----d|
 * keep: 'latest'    ----a-b--d-----|
 * ```
 *
 * **Order.** The values of one key wait in one queue: first come, first served, across all streams that share `locks`. When
 * a task ends, it is torn down and its key is released. Then downstream is notified, and then the next waiter is woken. With
 * `keep: 'latest'`, a value replaces the waiting value of its key and takes its queue position.
 *
 * **Cancel safety.** Unsubscribing unsubscribes from the source first, then tears down the tasks, and then cancels the
 * waiters. A task that is a promise cannot be torn down: its key is held until the promise has settled. When the source or a
 * task fails, the operator tears down everything in the same order, and the first error goes downstream.
 *
 * **Errors and retries.** One failure ends the stream: handle errors inside `project`. `retry` inside `project` keeps the order
 * of a key's values, and holds the key during its back-off.
 *
 * **Lost permits.** If `locks` grants permits that can be lost, such as a lock over tabs for each key, a lost permit is an error of
 * its task: the stream ends with a {@link LockLostError}.
 *
 * **Context.** The task of a value runs in the async context in which the value arrived, even if it replaced another value.
 *
 * **Python.** `async with locks[key]:` in each task of a `TaskGroup`.
 *
 * @example
 * const edits = of({ id: 1, text: 'a' }, { id: 2, text: 'b' }, { id: 1, text: 'c' });
 * const save = ({ id, text }: { id: number; text: string }) => of(`saved ${text} as ${id}`);
 *
 * edits.pipe(concatMapByKey(({ id }) => id, save)).subscribe(console.log);
 *
 * @param keyOf - returns the key of a value. Keys are compared as a `Map` compares them.
 * @param project - returns the task of a value: anything that `from` takes. It is called when the key is granted to the value.
 * `index` counts all values of the source, including replaced values.
 * @param options - see {@link ConcatMapByKeyOptions}.
 * @throws TypeError at the call, for an argument that is not a function and for malformed options. Errors that `keyOf` and
 * `project` throw go downstream. {@link ClosedError}, {@link QueueFullError}, {@link CancelledError} and {@link LockLostError}
 * downstream, from `locks`.
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
  const plan = {
    keyOf,
    project: (value: T, index: number) => project(value, index), // without the permit
    locks,
    keepsLatest: keep === 'latest',
    demand,
  };
  return observing((subscriber) => new ByKey(subscriber, plan as Plan<T, K, ObservedValueOf<O>>));
}

function checkLocks(locks: unknown): void {
  if (isOfOtherCopy(locks) || typeof (locks as Partial<KeyedLock> | null)?.get !== 'function') {
    throw refusal('concatMapByKey', 'locks with a get() method', locks);
  }
}

const optionNames: readonly string[] = ['locks', 'keep', 'label'] satisfies (keyof ConcatMapByKeyOptions<unknown>)[];

const waysToKeep: readonly string[] = ['all', 'latest'] satisfies KeepByKey[];

/** What all subscriptions to one call of the operator share. */
interface Plan<T, K, R> extends TaskPlan<T, R> {
  readonly keyOf: (value: T, index: number) => K;
  readonly locks: ConcatMapByKeyOptions<K>['locks'];
  readonly keepsLatest: boolean;
  readonly demand: DemandOfEach<T>;
}

/** One subscription: the task of each value acquires the lock of its key. */
class ByKey<T, K, R> extends ManyAtATime<T, R> {
  private readonly locks: NonNullable<ConcatMapByKeyOptions<K>['locks']>;
  private index = 0;

  // With `keep: 'latest'`: for each key, the task that has arrived and has not begun, if there is one.
  private readonly waiting: Map<K, KeyTask<T, K, R>> | undefined;

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
    const prepared = this.prepare(() => this.prepareTask(value, index));
    if (prepared === undefined) {
      return;
    }
    const { key, demand, acquirable, context } = prepared;
    const earlier = this.waiting?.get(key);
    if (earlier !== undefined) {
      earlier.replace(value, index, demand, context);
      return;
    }
    const task = new KeyTask(demand, this.subscriber, this, this.plan, value, index, key);
    this.waiting?.set(key, task);
    this.add(task);
    task.start(acquirable);
  }

  taskStarts({ key }: KeyTask<T, K, R>): void {
    this.waiting?.delete(key);
  }

  /**
   * Runs the user code for a value and captures its context. `take()` looks up the waiting task of the key afterwards, since
   * that code may change it.
   */
  private prepareTask(value: T, index: number): PreparedTask<K> {
    const { plan, waiting } = this;
    const key = plan.keyOf(value, index);
    const demand = typeof plan.demand === 'function' ? plan.demand(value, index) : plan.demand;
    const acquirable = ownAcquirable('concatMapByKey', this.locks.get(key));
    const context = waiting?.has(key) && !this.isOver ? currentContext() : undefined;
    return { key, demand, acquirable, context };
  }
}

/** What user code and the capture of a context return for one value. */
interface PreparedTask<K> {
  readonly key: K;
  readonly demand: Demand;
  readonly acquirable: OwnAcquirable;
  readonly context: Context | undefined;
}

/** The task of one value, or of the latest of several values. */
class KeyTask<T, K, R> extends ValueTask<T, R> {
  declare protected readonly stream: ByKey<T, K, R>;

  constructor(
    demand: Demand,
    subscriber: Subscriber<R>,
    stream: ByKey<T, K, R>,
    plan: Plan<T, K, R>,
    value: T,
    index: number,
    readonly key: K,
  ) {
    super(demand, subscriber, stream, plan, value, index);
  }

  /**
   * Takes another value and its context, and keeps its queue position. An older value is ignored: its `keyOf` caused a newer
   * value to arrive first.
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

  /** From here on, no value can replace this one: its context is restored now, and the task runs in that context. */
  override deliver(): void {
    this.stream.taskStarts(this);
    super.deliver();
  }
}
