import { distinctUntilChanged, map } from 'rxjs';

import { NotAcquiredError } from './errors.js';
import { ClaimPermit } from './internal/claim-permit.js';
import type { Claim } from './internal/claim.js';
import type { Demand } from './internal/demand.js';
import { refuseAllButOne, type Entrance } from './internal/entrance.js';
import { Side, type SideView } from './internal/side.js';
import { promiseHeads } from './internal/promise.js';
import { StatefulSubject, type PrimitiveOptions } from './internal/stateful-subject.js';
import type { TraceStep } from './internal/tracer.js';
import { HELD } from './internal/waiter.js';
import { deliver, type Wakeable } from './internal/wake-list.js';
import type { Permit } from './permit.js';

/** What one sees when one subscribes to a {@link ReadWriteLock}. */
export interface ReadWriteLockState {
  /** How many read, or have been promised to. */
  readonly readers: number;
  /** Whether somebody writes, or has been promised to. */
  readonly writing: boolean;
  /** How many wait in line, to read or to write. */
  readonly waiting: number;
}

/** The permit to write. */
export interface WritePermit extends Permit {
  /**
   * Makes it a permit to read, without a gap: nobody writes between what one has written and what one reads.
   *
   * **Order.** Those in line who want to read, up to the next who wants to write, go in with it. They are told before it
   * returns; inside a handler that a primitive is just calling, it returns first.
   *
   * From the second time on it does nothing. {@link release} then gives back the permit to read.
   *
   * @throws {@link NotAcquiredError} when the permit was released.
   */
  downgrade(): void;
}

/**
 * Lets many read at a time, or one write.
 *
 * Subscribe to it to see its state: a read-write lock is a `BehaviorSubject` of {@link ReadWriteLockState}. Its two sides,
 * {@link read} and {@link write}, are what one acquires, and what the operators take: `withLock(lock.read)`.
 *
 * **Order.** One line, first come, first served: neighbours who want to read go in together, and who wants to read waits
 * behind one who waits to write, though others are reading. So nobody overtakes, and readers that keep coming do not
 * shut a writer out.
 *
 * **Cancel safety.** Unsubscribing while waiting gives up the place in line, in constant time; where it was that of a
 * writer whom readers waited behind, they go in at once.
 *
 * **Not reentrant, and no upgrade.** Who reads cannot become a writer while it reads: two who both wanted to would wait
 * for each other to leave. Release the permit, and come again through the line, as a writer; look again then, since
 * others may have written meanwhile. The other way round, {@link WritePermit.downgrade} leaves no gap.
 *
 * **Python.** `asyncio` has none. Its counterparts are `RwLock` in tokio, `ReentrantReadWriteLock` in Java, and the Web
 * Locks' `mode: 'shared'` and `'exclusive'`.
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
 * @see {@link Lock} where nobody only reads.
 */
export class ReadWriteLock extends StatefulSubject<ReadWriteLockState, Claim> {
  // writing implies readers === 0. waiting > 0 implies that somebody is inside: a writer, or readers while the head of the
  // line wants to write.
  /** @internal */
  accessor readers = 0;
  /** @internal */
  accessor writing = false;

  private readonly toRead: LockEntrance;
  private readonly toWrite: LockEntrance;

  /**
   * To be inside together with all others who read.
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
   * **Order.** First come, first served: `d` waits behind `c`. Nobody writes and nobody is in line: the permit is emitted
   * inside `subscribe`.
   *
   * **Cancel safety.** Cold, as {@link Lock.acquire}. A grant that finds its subscriber gone passes on.
   *
   * @throws as {@link Lock.acquire}. RangeError downstream for a weight other than 1.
   */
  readonly read: Side;

  /**
   * To be inside alone.
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
   * **Order.** First come, first served: `c` waits for all who went in before it. Nobody is inside: the permit is emitted
   * inside `subscribe`.
   *
   * **Cancel safety.** Cold, as {@link Lock.acquire}. A grant that finds its subscriber gone passes on, to all behind it who
   * can go in then.
   *
   * @throws as {@link Lock.acquire}. RangeError downstream for a weight other than 1.
   */
  readonly write: Side<WritePermit>;

  constructor(options?: PrimitiveOptions) {
    // Stryker disable next-line ObjectLiteral,BooleanLiteral: a snapshot that is not true is made anew before anybody sees it
    super({ readers: 0, writing: false, waiting: 0 }, options);
    const toRead = (this.toRead = new ReadEntrance(this));
    const toWrite = (this.toWrite = new WriteEntrance(this));
    this.read = new Side(() => toRead, sideView(this, ({ writing, waiting }) => writing || waiting > 0));
    this.write = new Side<WritePermit>(() => toWrite, sideView(this, ({ readers, writing }) => writing || readers > 0));
  }

  /** @internal */
  downgrade(permit: Claim): void {
    if (permit.phase !== HELD) {
      throw new NotAcquiredError(`cannot downgrade the permit of ${String(this)}: it was released`);
    }
    if (permit.home !== this.toRead) {
      permit.home = this.toRead;
      this.writing = false;
      this.readers++;
      this.settle(undefined, 'downgrade', permit);
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

  protected override admit(): Claim | undefined {
    return promiseHeads(this);
  }

  /** @internal */
  canGo(head: Claim): boolean {
    return this.entranceOf(head).isFree();
  }

  /** @internal */
  take(claim: Claim): void {
    this.entranceOf(claim).take(claim);
  }

  private entranceOf({ home }: Claim): LockEntrance {
    return home === this.toRead ? this.toRead : this.toWrite;
  }
}

/** What is seen of a side. While somebody waits, somebody is inside. */
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

/** A way into the lock, and the home of who goes in by it. Both lead to one line. */
abstract class LockEntrance implements Entrance {
  constructor(protected readonly lock: ReadWriteLock) {}

  /** Whether one could go in here, were it not for the line. */
  abstract isFree(): boolean;

  abstract take(claim: Claim): void;

  abstract giveBack(claim: Claim, told?: Wakeable, step?: TraceStep): void;

  abstract toString(): string;

  check(demand: Demand): void {
    this.lock.checkOpen();
    refuseAllButOne(this, demand);
  }

  isFreeFor(): boolean {
    return this.lock.waiting === 0 && this.isFree();
  }

  publish(step: TraceStep, claim: Claim): void {
    this.lock.publish(step, claim);
  }

  park(claim: Claim): void {
    this.lock.park(claim, this);
  }

  cancel(claim: Claim, told?: Wakeable): void {
    this.lock.cancel(claim, told);
  }

  note(step: TraceStep, claim: Claim): void {
    this.lock.note(step, claim);
  }

  unpromise(): void {
    // Nothing here depends on whether a promise was kept.
  }
}

/** Who writes can do one thing more. */
class ClaimWritePermit extends ClaimPermit implements WritePermit {
  readonly #downgrade: () => void;

  constructor(claim: Claim, lock: ReadWriteLock) {
    super(claim);
    this.#downgrade = () => {
      lock.downgrade(claim);
    };
  }

  downgrade(): void {
    this.#downgrade();
  }
}

class ReadEntrance extends LockEntrance {
  isFree(): boolean {
    return !this.lock.writing;
  }

  take(): void {
    this.lock.readers++;
  }

  giveBack(claim: Claim, told?: Wakeable, step: TraceStep = 'release'): void {
    this.lock.readers--;
    this.lock.settle(told, step, claim);
  }

  toString(): string {
    return `${String(this.lock)} for reading`;
  }
}

class WriteEntrance extends LockEntrance {
  isFree(): boolean {
    return !this.lock.writing && this.lock.readers === 0;
  }

  take(): void {
    this.lock.writing = true;
  }

  permitOf(claim: Claim): Permit {
    return new ClaimWritePermit(claim, this.lock);
  }

  giveBack(claim: Claim, told?: Wakeable, step: TraceStep = 'release'): void {
    this.lock.writing = false;
    this.lock.settle(told, step, claim);
  }

  toString(): string {
    return `${String(this.lock)} for writing`;
  }
}
