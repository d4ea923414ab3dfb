import { Observable, TimeoutError, type Subscriber } from 'rxjs';

import { LockLostError } from '../../index.js';
import { Caller, RemotePermit, startTimer } from '../../internal/remote/index.js';
import type { WebPermit } from '../web-permit.js';
import type { Claim, Way } from './claim.js';
import { joinPage, leavePage, pageSleeps, type Sleeper } from './page.js';
import type { UnitsClaimant } from './units-claim.js';

/** What a wait is for: a web lock, or units of a web semaphore. */
export interface Claimed {
  readonly timeout: number;
  /** Makes a claim, which is not started yet. */
  claim(way: Way, claimant: UnitsClaimant): Claim;
  toString(): string;
}

/** Makes an Observable of which each subscription is one claim. */
export function claiming(claimed: Claimed, way: 'wait' | 'steal'): Observable<WebPermit>;
export function claiming(claimed: Claimed, way: 'now'): Observable<WebPermit | null>;
export function claiming(claimed: Claimed, way: Way): Observable<WebPermit | null> {
  return new Observable((subscriber: Subscriber<WebPermit | null>) => {
    const wait = new WebWait(claimed, way, subscriber);
    wait.start();
    return () => {
      wait.leave();
    };
  });
}

/** A timer that fires later than this has slept, or the whole machine has. */
const SLEPT = 1000;
/**
 * What a wait gets when it has slept: the holder has slept too, or the grant is on its way. A wait gets it once: in a hidden tab,
 * every timer can be late by up to a minute.
 */
const EXTENSION = 1000;

/**
 * One subscription: it waits with its claim, and after the grant it stands behind the permit.
 *
 * ```
 *   asks ──► granted ──► the permit is released, lost, or given up before the page sleeps
 *    │ ▲
 *    ▼ │ the page wakes: a new claim, at the end of the queue
 *   the page sleeps: the claim is withdrawn
 * ```
 */
class WebWait implements UnitsClaimant, Sleeper {
  private readonly caller: Caller<WebPermit>;
  /** Undefined while the page sleeps. A wait never has two claims, though the loss of a permit can run code that wakes the page. */
  private claim: Claim | undefined = undefined;
  private permit: RemotePermit | undefined = undefined;
  private isAnswered = false;
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;

  constructor(
    private readonly claimed: Claimed,
    private readonly way: Way,
    subscriber: Subscriber<WebPermit | null>,
  ) {
    this.caller = new Caller(subscriber);
  }

  start(): void {
    if (this.caller.isGone) {
      return; // the capture of the context is foreign code
    }
    joinPage(this);
    if (this.way === 'wait') {
      this.failAt(performance.now() + this.claimed.timeout);
    }
    this.wake();
  }

  /** The subscriber has its answer, or has unsubscribed. */
  leave(): void {
    if (!this.isAnswered) {
      this.answered();
      leavePage(this);
      this.claim?.end();
    }
  }

  granted(): void {
    this.answered();
    this.permit = new RemotePermit(this.claimed, () => {
      this.giveBack();
    });
    this.caller.answer(this.permit);
  }

  busy(): void {
    this.answered();
    leavePage(this);
    this.caller.answer(null);
  }

  failed(error: unknown): void {
    this.answered();
    leavePage(this);
    this.caller.fail(error);
  }

  lost(cause: unknown): void {
    this.lose('it was stolen', { cause });
  }

  interrupted(): void {
    if (this.way === 'now') {
      this.busy();
    } else {
      this.claim = undefined;
      this.wake();
    }
  }

  sleep(why: string): void {
    if (this.isAnswered) {
      this.giveBack();
      this.lose(why);
    } else {
      const { claim } = this;
      this.claim = undefined; // first: where zone.js is loaded, an abort can run other microtasks
      claim?.end();
    }
  }

  wake(): void {
    if (this.claim === undefined && !this.isAnswered && !pageSleeps()) {
      this.claim = this.claimed.claim(this.way, this);
      this.claim.start();
    }
  }

  private lose(why: string, options?: { readonly cause: unknown }): void {
    leavePage(this);
    const reason = new LockLostError(`lost ${this.claimed.toString()}: ${why}`, options);
    if (this.isAnswered) {
      this.permit?.lose(reason);
    } else {
      this.failed(reason); // a victim of this thief was told first, and has stolen the lock back
    }
  }

  private giveBack(): void {
    leavePage(this);
    this.claim?.end();
  }

  private answered(): void {
    this.isAnswered = true;
    clearTimeout(this.timer);
  }

  private failAt(due: number, mayExtend = true): void {
    if (due === Infinity) {
      return;
    }
    this.timer = startTimer(() => {
      const late = performance.now() - due;
      if (late < 0) {
        this.failAt(due, mayExtend);
      } else if (late > SLEPT && mayExtend) {
        this.failAt(performance.now() + EXTENSION, false);
      } else {
        this.timedOut();
      }
    }, due - performance.now());
  }

  private timedOut(): void {
    this.leave();
    const { timeout } = this.claimed;
    const message = `cannot acquire ${this.claimed.toString()} within ${String(timeout)} ms: another tab, worker or task holds it`;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- RxJS's own class, so that one handler serves both
    this.failed(Object.assign(new TimeoutError(), { message }));
  }
}
