import type { Claim } from './internal/claim.js';
import type { Ending } from './internal/ending.js';
import { KeyLines, type Seat } from './internal/key-lines.js';
import { KeySeat } from './internal/key-seat.js';
import { KeyView } from './internal/key-view.js';
import { promiseAll } from './internal/promise.js';
import { shown } from './internal/shown.js';
import { Side } from './internal/side.js';
import { StatefulSubject, type PrimitiveOptions } from './internal/stateful-subject.js';
import type { TraceStep } from './internal/tracer.js';
import type { Waiter } from './internal/waiter.js';

/** What one sees when one subscribes to a {@link KeyedLock}. */
export interface KeyedLockState {
  /** How many keys somebody has or waits for. */
  readonly keys: number;
  /** How many wait in line, for whatever key. */
  readonly waiting: number;
}

/**
 * A lock for each key: who wants the same key goes one after another, and those who want different keys do not wait for
 * each other.
 *
 * Subscribe to it to see its state: a keyed lock is a `BehaviorSubject` of {@link KeyedLockState}.
 *
 * **Keys.** Whatever a `Map` takes; two are the same key where they are to a `Map`, so that `NaN` is one key and an object
 * is only itself. A key costs something for as long as somebody has it or waits for it, and nothing before or after.
 *
 * **Order.** First come, first served, at each key and across `get` and `all`.
 *
 * **Cancel safety.** Unsubscribing while waiting gives up the place in line, at each of its keys, and those go who can go
 * because of it: in as many steps as it names keys, however long the lines are.
 *
 * **Not reentrant.** Who has a key and acquires it again, by `get` or `all`, waits for itself. Who needs several keys
 * takes them by one `all`, not one inside another: only then nobody can wait for somebody who waits for it.
 *
 * **Python.** None in asyncio: a `defaultdict(asyncio.Lock)`, which never forgets a key.
 *
 * @example
 * const documents = new KeyedLock<number>({ name: 'documents' });
 * const save = (id: number, text: string) => documents.get(id).use(() => of(`saved ${text} as ${id}`));
 *
 * save(1, 'a letter').subscribe(console.log);
 *
 * @see the operators `withLock(documents.get(id))` and `concatMapByKey` for a pipe.
 */
export class KeyedLock<K = unknown> extends StatefulSubject<KeyedLockState, Claim> {
  // Who is parked misses one of its keys at least. So nobody is parked who could go.
  /** @internal */
  readonly #lines = new KeyLines<K>();

  constructor(options?: PrimitiveOptions) {
    // Stryker disable next-line ObjectLiteral: a snapshot that is not true is made anew before anybody sees it
    super({ keys: 0, waiting: 0 }, options);
  }

  /** @internal */
  get lines(): KeyLines<K> {
    return this.#lines;
  }

  /** How many keys somebody has or waits for. */
  get keys(): number {
    return this.lines.size;
  }

  /**
   * The lock of one key: it can be acquired, used and given to operators as a {@link Lock} can. It is made anew by each
   * call, and is nothing but a name: all that are made for one key are the same lock.
   *
   * Subscribe to it to see the state of the key, `{ locked, waiting }`. That costs nothing where nobody subscribes.
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
   * **Order**, **cancel safety**: as {@link Lock.acquire}, among those who want this key. A key that somebody waits for
   * with {@link all} goes to no one who comes later, though nobody has it yet.
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
   * The lock of several keys at once: who acquires it gets all of them or waits for all of them, and never has some while
   * it waits for others that somebody has who waits for those. So no two `all` can wait for each other, in whatever order
   * they name their keys.
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
   * **Order.** It comes to all of its keys in the same moment, and is served at each in the order in which it came: the
   * fourth waits behind the third, though nobody has key 2 meanwhile. Those who can go because it has left go in the order
   * in which they came.
   *
   * **Cancel safety.** Unsubscribing while waiting gives up its place at each of its keys at once.
   *
   * @example
   * const accounts = new KeyedLock<string>();
   * const move = (from: string, to: string) => accounts.all([from, to]).use(() => of(`from ${from} to ${to}`));
   *
   * move('alice', 'bob').subscribe(console.log);
   * move('bob', 'alice').subscribe(console.log);
   *
   * @param keys - read at the call. One that is named twice counts once. Without any, it is always free.
   * @throws TypeError for what cannot be iterated, and for a string: it would be a key for each of its letters.
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

  /** @internal The last one leaves first, so that nobody moves up who is to leave too. */
  override drain(): Claim[] {
    const claims = super.drain();
    for (const { home } of [...claims].reverse()) {
      this.lines.leave(home as Seat<K>);
    }
    return claims;
  }

  /** @internal */
  override publish(step?: TraceStep, waiter?: Waiter): void {
    super.publish(step, waiter);
    for (const state of this.lines.takeChanged()) {
      state.publish();
    }
  }

  /** @internal */
  override close(ending: Ending): void {
    super.close(ending);
    for (const state of this.lines.allShown()) {
      state.close(ending);
    }
  }

  /** It keeps no line alive: the lines of its keys are looked up when one comes. */
  private sideOf(keys: readonly K[]): Side {
    return new Side(() => new KeySeat(this, keys), new KeyView(this, keys));
  }

  protected override enqueue(claim: Claim): void {
    super.enqueue(claim);
    this.lines.park(claim.home as Seat<K>, claim);
  }

  protected kind(): string {
    return 'keyed lock';
  }

  protected snapshot(last: KeyedLockState): KeyedLockState {
    const { keys, waiting } = this;
    return last.keys === keys && last.waiting === waiting ? last : { keys, waiting };
  }

  protected override admit(): Claim | undefined {
    const claims = this.lines.takeReady().map(({ claim }) => claim);
    for (const claim of claims) {
      this.queue.remove(claim);
    }
    return promiseAll(this, claims);
  }
}
