import { throwError, type Observable } from 'rxjs';

import { checkOptions, checkPositive } from '../internal/checks/arguments.js';
import { shown } from '../internal/checks/shown.js';
import { RemoteAcquirable } from '../internal/remote/index.js';
import type { Claim, Way } from './internal/claim.js';
import { UnitsClaim, type UnitsClaimant } from './internal/units-claim.js';
import { claiming, type Claimed } from './internal/web-wait.js';
import { WebLock, type WebLockOptions } from './web-lock.js';
import type { WebPermit } from './web-permit.js';

/**
 * Lets at most `value` units be held at a time, over all tabs, iframes and workers of an origin:
 * `throttleBySemaphore(new WebSemaphore('uploads', 4), upload)`.
 *
 * Its queue is the web lock `name`, and its units are the web locks `name#0`, `name#1`, … The head of the queue takes units alone.
 *
 * **Order.** First come, first served, over all tabs. A caller of many units is not overtaken, and `tryAcquire()` refuses while
 * anyone waits. Two callers of several units cannot wait for each other.
 *
 * **Cancel safety, lost permits, sleep.** As {@link WebLock}. A permit of several units is lost if one of them is stolen. A tab that crashes
 * gives its units back.
 *
 * **Another `value` elsewhere.** Tabs of two releases can disagree on `value`. Together they stay below the larger one.
 *
 * **Cost.** A grant costs about that of two web locks.
 *
 * **Python.** `asyncio.Semaphore`, within one process.
 *
 * @example
 * const slots = new WebSemaphore('uploads', 4, { timeout: Infinity }); // a long list of files waits longer than 30 seconds
 * const upload = (file: string) => of(`uploaded ${file}`);
 *
 * of('a.png', 'b.png').pipe(throttleBySemaphore(slots, upload)).subscribe(console.log);
 */
export class WebSemaphore extends RemoteAcquirable<WebPermit> {
  /** The name of the semaphore, in all tabs. */
  readonly name: string;
  /** How many units there are. */
  readonly value: number;
  private readonly queue: WebLock;
  private readonly fallback: 'none' | 'local';

  /**
   * @throws as {@link WebLock}. RangeError for a `value` that is not a positive integer.
   */
  constructor(name: string, value: number, options: Omit<WebLockOptions, 'mode'> = {}) {
    super();
    checkOptions('WebSemaphore', options, ['timeout', 'fallback']);
    this.queue = new WebLock(name, options);
    checkPositive('the value of a web semaphore', value);
    this.name = name;
    this.value = value;
    this.fallback = options.fallback ?? 'none';
  }

  /** How many milliseconds a caller waits at most. */
  get timeout(): number {
    return this.queue.timeout;
  }

  /**
   * Waits until `weight` units can be granted, emits one permit for all of them and completes. Cold: each subscription is one
   * request.
   *
   * @throws as {@link WebLock.acquire}. RangeError downstream for a weight above {@link value}.
   */
  acquire(weight = 1): Observable<WebPermit> {
    checkPositive('weight', weight);
    return weight > this.value ? throwError(() => this.tooMuch(weight)) : claiming(this.units(weight), 'wait');
  }

  /**
   * Emits a permit, or `null` where the caller would have to wait. That is also so while another tab takes units, which takes it a
   * moment.
   *
   * @throws as {@link acquire}.
   */
  tryAcquire(weight = 1): Observable<WebPermit | null> {
    checkPositive('weight', weight);
    return weight > this.value ? throwError(() => this.tooMuch(weight)) : claiming(this.units(weight), 'now');
  }

  toString(): string {
    return `web semaphore ${shown(this.name)}`;
  }

  private units(weight: number): Claimed {
    const { name, value, timeout, fallback } = this;
    return {
      timeout,
      claim: (way: Way, claimant: UnitsClaimant): Claim => new UnitsClaim({ name, value, weight, fallback }, way, claimant),
      toString: () => this.toString(),
    };
  }

  private tooMuch(weight: number): RangeError {
    return new RangeError(`cannot acquire ${String(weight)} of ${this.toString()}: it never has more than ${String(this.value)}`);
  }
}
