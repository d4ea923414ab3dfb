import { distinctUntilChanged, map } from 'rxjs';

import { NotAcquiredError } from './errors.js';
import { deliver } from './internal/delivery/delivery.js';
import { Side, SideResource, type SideView } from './internal/primitives/side.js';
import { StatefulSubject, type PrimitiveOptions } from './internal/primitives/stateful-subject.js';
import { GrantedPermit, HELD, type Waiter } from './internal/waiting/waiter.js';
import type { Permit } from './permit.js';

/** The state that a {@link ReadWriteLock} publishes. */
export interface ReadWriteLockState {
  /** The number of readers that hold the lock or are granted it. */
  readonly readers: number;
  /** Whether a writer holds the lock or is granted it. */
  readonly writing: boolean;
  /** The number of waiters in the queue, readers and writers. */
  readonly waiting: number;
}

/** The permit to write. */
export interface WritePermit extends Permit {
  /**
   * Turns the permit into a permit to read, without a gap: no other writer enters between the holder's write and its read.
   *
   * **Order.** The readers at the head of the queue, up to the next writer, are granted the lock too. Their grants are
   * delivered before `downgrade()` returns. Inside a callback that a primitive is running, it returns first.
   *
   * Further calls do nothing. {@link release} then releases the permit to read.
   *
   * @throws {@link NotAcquiredError} when the permit was released.
   */
  downgrade(): void;
}

/**
 * Lets many readers hold the lock at a time, or one writer.
 *
 * Subscribe to the lock to see its state: a read-write lock is a `BehaviorSubject` of {@link ReadWriteLockState}. Its two
 * sides, {@link read} and {@link write}, can be acquired and passed to operators: `withLock(lock.read)`.
 *
 * **Order.** One queue, first come, first served. Adjacent readers in the queue enter together. A reader waits behind a
 * waiting writer, even while other readers hold the lock. So no waiter is overtaken, and a stream of new readers does not
 * starve a writer.
 *
 * **Cancel safety.** Unsubscribing while waiting removes the waiter from the queue, in constant time. Readers that waited
 * only behind a cancelled writer enter at once.
 *
 * **Not reentrant, and no upgrade.** A reader cannot become a writer while it reads: two readers that both tried would wait
 * for each other. Release the permit, and acquire again as a writer, through the queue. Then check the data again, since
 * other writers may have changed it meanwhile. In the other direction, {@link WritePermit.downgrade} leaves no gap.
 *
 * **Python.** `asyncio` has no counterpart. The counterparts elsewhere are `RwLock` in tokio, `ReentrantReadWriteLock` in
 * Java, and the Web Locks' `mode: 'shared'` and `'exclusive'`.
 *
 * @example
 * const lock = new ReadWriteLock({ name: 'settings' });
 * let settings = 'dark';
 *
 * const read = lock.read.use(() => of(settings));
 * const write = (next: string) => lock.write.use(() => of((settings = next)));
 *
 * read.subscribe(console.log);
 * write('light').subscribe(console.log);
 *
 * @see {@link Lock} if no task only reads.
 */
export class ReadWriteLock extends StatefulSubject<ReadWriteLockState> {
  // writing implies readers === 0. waiting > 0 implies that the lock has a holder: a writer, or readers while the head of
  // the queue is a writer.
  /** @internal */
  accessor readers = 0;
  /** @internal */
  accessor writing = false;

  private readonly readResource: LockResource;

  /**
   * The side for readers. A reader holds the lock together with all other readers.
   *
   * ```
   * a reads     (p|)
   * b reads     (p|)
   * c writes    -----(p|)
   * d reads     -------(p|)
   * a releases  ---x
   * b releases  -----x
   * c releases  -------x
   * ```
   *
   * **Order.** First come, first served: `d` waits behind `c`. If there is no writer and the queue is empty, the permit is
   * emitted inside `subscribe`.
   *
   * **Cancel safety.** Cold, as {@link Lock.acquire}. If the subscriber has unsubscribed before its grant is delivered, the
   * grant passes to the next waiter.
   *
   * @throws as {@link Lock.acquire}. RangeError downstream for a weight other than 1.
   */
  readonly read: Side;

  /**
   * The side for writers. A writer holds the lock alone.
   *
   * ```
   * a writes      (p|)
   * b reads       ---(p|)
   * c writes      --------(p|)
   * a downgrades  ---x
   * a releases    ------x
   * b releases    --------x
   * ```
   *
   * **Order.** First come, first served: `c` waits for all holders that entered before it. If the lock has no holder, the
   * permit is emitted inside `subscribe`.
   *
   * **Cancel safety.** Cold, as {@link Lock.acquire}. If the subscriber has unsubscribed before its grant is delivered, the
   * grant passes to all waiters behind it that can enter then.
   *
   * @throws as {@link Lock.acquire}. RangeError downstream for a weight other than 1.
   */
  readonly write: Side<WritePermit>;

  constructor(options?: PrimitiveOptions) {
    // Stryker disable next-line ObjectLiteral,BooleanLiteral: an outdated snapshot is replaced before an observer can see it
    super({ readers: 0, writing: false, waiting: 0 }, options);
    const toRead = (this.readResource = new ReadResource(this));
    const writeResource = new WriteResource(this);
    this.read = new Side(
      () => toRead,
      sideView(this, ({ writing, waiting }) => writing || waiting > 0),
    );
    this.write = new Side<WritePermit>(
      () => writeResource,
      sideView(this, ({ readers, writing }) => writing || readers > 0),
    );
  }

  /** @internal */
  downgrade(holder: Waiter): void {
    if (holder.phase !== HELD) {
      throw new NotAcquiredError(`cannot downgrade the permit of ${String(this)}: it was released`);
    }
    if (holder.resource !== this.readResource) {
      holder.resource = this.readResource;
      this.writing = false;
      this.readers++;
      this.admitNext(undefined, 'downgrade', holder);
      deliver();
    }
  }

  protected kind(): string {
    return 'read-write lock';
  }

  protected snapshot(last: ReadWriteLockState): ReadWriteLockState {
    const { readers, writing, waiting } = this;
    const isSame = last.readers === readers && last.writing === writing && last.waiting === waiting;
    return isSame ? last : { readers, writing, waiting };
  }
}

/** The published state of a side. While there are waiters, the lock has a holder. */
function sideView(lock: ReadWriteLock, isLocked: (state: ReadWriteLockState) => boolean): SideView {
  return {
    get waiting() {
      return lock.waiting;
    },
    states: () =>
      lock.pipe(
        map((state) => Object.freeze({ locked: isLocked(state), waiting: state.waiting })),
        distinctUntilChanged((one, other) => one.locked === other.locked && one.waiting === other.waiting),
      ),
  };
}

/** What the waiters of one side acquire. Both sides share one queue. */
abstract class LockResource extends SideResource {
  constructor(protected readonly lock: ReadWriteLock) {
    super(lock);
  }

  /** Whether a waiter could go if the queue were empty. */
  abstract isFree(): boolean;

  isFreeFor(): boolean {
    return this.lock.waiting === 0 && this.isFree();
  }

  headCanGo(): boolean {
    return this.isFree();
  }
}

class ReadResource extends LockResource {
  isFree(): boolean {
    return !this.lock.writing;
  }

  grant(): void {
    this.lock.readers++;
  }

  protected free(): void {
    this.lock.readers--;
  }

  toString(): string {
    return `${String(this.lock)} for reading`;
  }
}

class WriteResource extends LockResource {
  isFree(): boolean {
    return !this.lock.writing && this.lock.readers === 0;
  }

  grant(): void {
    this.lock.writing = true;
  }

  permitOf(holder: Waiter): Permit {
    return new GrantedWritePermit(holder, this.lock);
  }

  protected free(): void {
    this.lock.writing = false;
  }

  toString(): string {
    return `${String(this.lock)} for writing`;
  }
}

/** The permit of a writer, which adds `downgrade()`. */
class GrantedWritePermit extends GrantedPermit implements WritePermit {
  readonly #downgrade: () => void;

  constructor(holder: Waiter, lock: ReadWriteLock) {
    super(holder);
    this.#downgrade = () => {
      lock.downgrade(holder);
    };
  }

  downgrade(): void {
    this.#downgrade();
  }
}
