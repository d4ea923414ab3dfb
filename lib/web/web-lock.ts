import { throwError, type Observable } from 'rxjs';

import { checkOptions, checkPositive, checkTime } from '../internal/checks/arguments.js';
import { shown } from '../internal/checks/shown.js';
import { RemoteAcquirable } from '../internal/remote/index.js';
import { checkOneOf, checkWebName } from './internal/arguments.js';
import { LockClaim, type Claim, type Claimant, type Way } from './internal/claim.js';
import { claiming } from './internal/web-wait.js';
import type { WebPermit } from './web-permit.js';

/** The options of a {@link WebLock}. */
export interface WebLockOptions {
  /** `'exclusive'`: one holder at a time. `'shared'`: any number of shared holders, or one exclusive holder. `'exclusive'`. */
  readonly mode?: 'exclusive' | 'shared';
  /**
   * How many milliseconds a caller waits at most, before it gets RxJS's `TimeoutError`; `Infinity` for no bound. 30,000. It never
   * bounds the task. The holder can be a tab that hangs, that stands in a debugger, or that runs another version of the
   * application.
   */
  readonly timeout?: number;
  /**
   * What to do where the platform has no Web Locks, or refuses them. `'none'`: fail with {@link WebLocksUnavailableError}.
   * `'local'`: exclude within this page alone, by name. `'none'`.
   */
  readonly fallback?: 'none' | 'local';
}

const lockOptionNames: readonly string[] = ['mode', 'timeout', 'fallback'] satisfies (keyof WebLockOptions)[];

/**
 * A lock over all tabs, iframes and workers of an origin. It is what {@link Lock} is in one of them, and goes wherever a lock goes:
 * `withLock(new WebLock('token-refresh'))`.
 *
 * The engine is the lock manager of the platform, `navigator.locks`. Two web locks of one name are one lock, in whatever tab they are. Other
 * programs of the origin that use the name share it too. Names are used as they are. Browser profiles, private windows and
 * third-party partitions have locks of their own.
 *
 * **Order.** First come, first served, by the order in which the platform gets the requests. Shared callers behind a waiting
 * exclusive caller wait. A tab that is closed, reloaded or navigated, that crashes, or whose worker is terminated, passes its
 * locks on and leaves the queue.
 *
 * **Cancel safety.** Unsubscribing while waiting withdraws the request. A grant that finds its subscriber gone returns at once.
 *
 * **Lost permits.** A permit is lost if somebody steals the lock, and before the page sleeps: before it enters the back/forward
 * cache or is frozen. Then a {@link LockLostError} goes downstream. A caller that waits while the page falls asleep waits on
 * when it wakes, at the end of the queue.
 *
 * **Not reentrant**, and neither is the same flow in a second tab: a popup that needs the lock of its opener waits for it.
 *
 * **Cost.** A grant takes the way to another process, which costs hundreds of times what a {@link Lock} costs: not for hot paths. In
 * Node 24, all threads of the process share the locks. So on a server a web lock is one lock for all users: use `Lock` there.
 *
 * **Python.** `asyncio` has no counterpart; elsewhere it is a file lock.
 *
 * @example
 * const lock = new WebLock('token-refresh');
 * const refresh = (tab: string) => of(`refreshed by ${tab}`).pipe(withLock(lock));
 *
 * refresh('this tab').subscribe(console.log);
 *
 * @see {@link WebReadWriteLock}, {@link WebKeyedLock}, {@link WebSemaphore}.
 */
export class WebLock extends RemoteAcquirable<WebPermit> {
  /** The name of the lock, in all tabs. */
  readonly name: string;
  /** Whether its callers exclude each other, or share the lock. */
  readonly mode: 'exclusive' | 'shared';
  /** How many milliseconds a caller waits at most. */
  readonly timeout: number;
  private readonly fallback: 'none' | 'local';

  /**
   * @param name - the name of the lock, in all tabs.
   * @throws TypeError for a name that is no string, and for options that are unknown. RangeError for a name that starts with
   * `-`, which the platform reserves, and for a malformed `timeout`.
   */
  constructor(name: string, options: WebLockOptions = {}) {
    super();
    checkWebName('the name of a web lock', name);
    checkOptions('WebLock', options, lockOptionNames);
    const { mode = 'exclusive', timeout = 30_000, fallback = 'none' } = options;
    checkOneOf('mode', mode, ['exclusive', 'shared']);
    checkTime('timeout', timeout);
    checkOneOf('fallback', fallback, ['none', 'local']);
    this.name = name;
    this.mode = mode;
    this.timeout = timeout;
    this.fallback = fallback;
  }

  /**
   * Waits until the lock can be granted, emits the permit and completes. Cold: each subscription is one request.
   *
   * ```
   * a in one tab      (p|)
   * b in another tab  -----(p|)
   * a releases        ---x
   * ```
   *
   * **Order, cancel safety.** As the class says.
   *
   * Prefer {@link use}: a permit that travels as a value can be dropped on its way, and is then never released.
   *
   * @throws RxJS's `TimeoutError` downstream, after {@link timeout} milliseconds. {@link WebLocksUnavailableError} downstream.
   * RangeError downstream for a weight other than 1.
   */
  acquire(weight = 1): Observable<WebPermit> {
    checkPositive('weight', weight);
    return weight === 1 ? claiming(this, 'wait') : throwError(() => this.noWeights(weight));
  }

  /**
   * Emits a permit, or `null` where the caller would have to wait.
   *
   * What this page has released a moment ago is not busy: the request waits until the platform has heard of it.
   *
   * @throws as {@link acquire}.
   */
  tryAcquire(weight = 1): Observable<WebPermit | null> {
    checkPositive('weight', weight);
    return weight === 1 ? claiming(this, 'now') : throwError(() => this.noWeights(weight));
  }

  /**
   * An alarm, not a way to acquire: takes the lock from its holders, which lose their permits, and emits a permit. Their work
   * ends by a {@link LockLostError}, but what they began may still be on its way. The callers in the queue keep their places, and get the
   * lock afterwards. Nothing in this library steals by itself.
   *
   * In Node, the holder must be in the same thread.
   *
   * @throws TypeError at the call, for a shared lock. {@link WebLocksUnavailableError} downstream.
   */
  steal(): Observable<WebPermit> {
    if (this.mode === 'shared') {
      throw new TypeError(`cannot steal ${this.toString()}: only an exclusive lock can be stolen`);
    }
    return claiming(this, 'steal');
  }

  /** @internal */
  claim(way: Way, claimant: Claimant): Claim {
    const { name, mode, fallback } = this;
    return new LockClaim({ name, mode, fallback }, way, claimant);
  }

  toString(): string {
    return `web lock ${shown(this.name)}`;
  }

  private noWeights(weight: number): RangeError {
    return new RangeError(`cannot acquire ${String(weight)} of ${this.toString()}: it has no weights`);
  }
}
