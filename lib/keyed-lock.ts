import { shown } from './internal/checks/shown.js';
import type { Ending } from './internal/delivery/ending.js';
import type { TraceStep } from './internal/delivery/trace-event.js';
import { KeyRequest } from './internal/primitives/key-request.js';
import { KeyView } from './internal/primitives/key-state.js';
import { Side } from './internal/primitives/side.js';
import { grantAll, StatefulSubject, type PrimitiveOptions } from './internal/primitives/stateful-subject.js';
import { KeyQueues, type Request } from './internal/queue/key-queues.js';
import type { Resource, Waiter } from './internal/waiting/waiter.js';

/** What each waiter in the queue of a keyed lock wants. */
type KeyResource<K> = Resource & Request<K, Waiter>;

/** The state that a {@link KeyedLock} publishes. */
export interface KeyedLockState {
  /** The number of keys that have a holder or a waiter. */
  readonly keys: number;
  /** The number of waiters for all keys together. */
  readonly waiting: number;
}

/**
 * A lock for each key. Tasks with the same key run one after another. Tasks with different keys do not wait for each
 * other.
 *
 * Subscribe to the keyed lock to see its state: a keyed lock is a `BehaviorSubject` of {@link KeyedLockState}.
 *
 * **Keys.** Every value that a `Map` takes is a key. Keys are compared as in a `Map`: `NaN` is one key, and an object is
 * equal only to itself. A key uses memory only while it has a holder or a waiter.
 *
 * **Order.** First come, first served, at each key and across `get` and `all`.
 *
 * **Cancel safety.** Unsubscribing while waiting removes the waiter from the queue of each of its keys. Waiters that can go
 * as a result are granted their keys. The cost depends on the number of the waiter's keys, not on the length of the queues.
 *
 * **Not reentrant.** A holder that acquires its key again, by `get` or `all`, waits for itself. Acquire several keys by one
 * `all`, not by one acquisition inside another: only `all` prevents a deadlock.
 *
 * **Python.** None in asyncio. The counterpart is a `defaultdict(asyncio.Lock)`, which never forgets a key.
 *
 * @example
 * const documents = new KeyedLock<number>({ name: 'documents' });
 * const save = (id: number, text: string) => documents.get(id).use(() => of(`saved ${text} as ${id}`));
 *
 * save(1, 'a letter').subscribe(console.log);
 *
 * @see the operators `withLock(documents.get(id))` and `concatMapByKey` for a pipe.
 */
export class KeyedLock<K = unknown> extends StatefulSubject<KeyedLockState> {
  // Each waiter in the queue lacks at least one of its keys. So no waiter in the queue could be granted.
  readonly #keyQueues = new KeyQueues<K, Waiter>();

  constructor(options?: PrimitiveOptions) {
    // Stryker disable next-line ObjectLiteral: an outdated snapshot is replaced before an observer can see it
    super({ keys: 0, waiting: 0 }, options);
  }

  /** The number of keys that have a holder or a waiter. */
  get keys(): number {
    return this.#keyQueues.size;
  }

  /**
   * Returns the lock of one key. It can be acquired, used and passed to operators like a {@link Lock}. Each call returns a
   * new object, which only names the key: all objects for one key are the same lock.
   *
   * Subscribe to it to see the state of the key, `{ locked, waiting }`. The state costs nothing without a subscriber.
   *
   * ```
   * first               --a--b--|
   * second                      --c--|
   * third               ---d--|
   * first with key 1    --a--b--|
   * second with key 1   ----------c--|
   * third with key 2    ---d--|
   * ```
   *
   * **Order**, **cancel safety**: as {@link Lock.acquire}, among the waiters for this key. A key that a waiter of {@link all}
   * waits for is not granted to later subscribers, even if the key has no holder yet.
   *
   * @example
   * const accounts = new KeyedLock<string>();
   *
   * of('paid').pipe(withLock(accounts.get('alice'))).subscribe(console.log);
   */
  get(key: K): Side {
    return this.sideOf([key]);
  }

  /**
   * Returns the lock of several keys at once. A waiter acquires all of its keys together, or waits for all of them. It never
   * holds one of its keys while it waits for a key whose holder waits for that one. So two calls of `all` cannot wait for
   * each other, in whatever order they name their keys.
   *
   * ```
   * first                      ----|
   * second                     --|
   * third                          --c|
   * fourth                            -d|
   * first with key 1           ----|
   * second with key 2          --|
   * third with keys 2 and 1    ------c|
   * fourth with key 2          --------d|
   * ```
   *
   * **Order.** A waiter is enqueued at all of its keys at the same moment, and each key is granted in queue order. The
   * fourth waits behind the third, though key 2 has no holder meanwhile. When a waiter leaves, the waiters that can go as a
   * result are granted in the order in which they subscribed.
   *
   * **Cancel safety.** Unsubscribing while waiting removes the waiter from the queues of all of its keys at once.
   *
   * @example
   * const accounts = new KeyedLock<string>();
   * const move = (from: string, to: string) => accounts.all([from, to]).use(() => of(`from ${from} to ${to}`));
   *
   * move('alice', 'bob').subscribe(console.log);
   * move('bob', 'alice').subscribe(console.log);
   *
   * @param keys - read at the call. A key that is named twice counts once. Without keys, the lock is always free.
   * @throws TypeError for a value that is not iterable, and for a string, since each of its letters would be a key.
   */
  all(keys: Iterable<K>): Side {
    if (typeof keys === 'string') {
      throw new TypeError(`all needs an iterable of keys, but got the string "${String(keys)}", whose letters would be keys`);
    }
    if (typeof (keys as Partial<Iterable<K>> | null | undefined)?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`all needs an iterable of keys, but got ${shown(keys)}`);
    }
    return this.sideOf([...new Set(keys)]);
  }

  /** @internal The waiters leave from last to first, so that no waiter moves up that is about to leave too. */
  override drain(): Waiter[] {
    const waiters = super.drain();
    for (const { resource } of [...waiters].reverse()) {
      this.#keyQueues.leave(resource as KeyResource<K>);
    }
    return waiters;
  }

  /** @internal */
  override publish(step?: TraceStep, waiter?: Waiter): void {
    super.publish(step, waiter);
    for (const state of this.#keyQueues.takeChanged()) {
      state.publish();
    }
  }

  /** @internal */
  override close(ending: Ending): void {
    super.close(ending);
    for (const state of this.#keyQueues.allObserved()) {
      state.close(ending);
    }
  }

  /** A side keeps no queue alive: the queues of its keys are looked up when a subscriber arrives. */
  private sideOf(keys: readonly K[]): Side {
    const queues = this.#keyQueues;
    return new Side(() => new KeyRequest(this, queues, keys), new KeyView(this, queues, keys));
  }

  protected override addToQueue(waiter: Waiter): void {
    super.addToQueue(waiter);
    this.#keyQueues.enqueue(waiter.resource as KeyResource<K>, waiter);
  }

  protected kind(): string {
    return 'keyed lock';
  }

  protected snapshot(last: KeyedLockState): KeyedLockState {
    const { keys, waiting } = this;
    return last.keys === keys && last.waiting === waiting ? last : { keys, waiting };
  }

  protected override grantNext(): Waiter | undefined {
    const waiters = this.#keyQueues.takeReady().map(({ waiter }) => waiter);
    for (const waiter of waiters) {
      this.queue.remove(waiter);
    }
    return grantAll(this, waiters);
  }
}
