import { isObservable, Subscription, type Observable, type Subscriber } from 'rxjs';

import { LockLostError, NotAcquiredError } from '../../errors.js';
import type { Acquirable, LosablePermit, Permit } from '../../permit.js';
import { shown } from '../checks/shown.js';
import { append, currentContext, deliverNow, report, type Wakeable } from '../delivery/delivery.js';
import { innerSubscriber } from '../delivery/inner-subscriber.js';
import { permitOfTask } from './foreign-permit.js';
import { ENDED, GRANTED, HELD, QUEUED, admit, type OnBusy, type OwnAcquirable, type Resource, type Waiter } from './waiter.js';

/** Tells an Observable from a promise: a lock of promises has an `acquire()` too. */
function isSubscribable(answer: unknown): boolean {
  return typeof (answer as { readonly subscribe?: unknown } | null | undefined)?.subscribe === 'function';
}

/** An `Acquirable` that this library did not make. It gives each waiter a resource of its own. */
export class ForeignAcquirable implements OwnAcquirable {
  constructor(private readonly acquirable: Acquirable) {}

  [admit](waiter: Waiter, onBusy?: OnBusy): void {
    new ForeignResource(this.acquirable).enter(waiter, onBusy);
  }
}

/**
 * An `Acquirable` that this library did not make, for one waiter. While the waiter waits, it has subscribed to
 * `acquire()`, and after the grant it has the permit. So the operators need only one way to acquire.
 *
 * A permit of other code can be lost. From the grant to the release, the resource has subscribed to `lost$`:
 *
 * ```
 *   granted ──► lost$ is subscribed to ──► the task runs ──► lost$ is unsubscribed from ──► release()
 *                          │                     │                        ▲
 *                          └──────── emits ──────┴──► the section ends ───┘  and downstream gets a LockLostError
 * ```
 */
class ForeignResource implements Resource {
  /** The subscriptions to `acquire()` or `tryAcquire()`, and to `lost$` while the permit is held. */
  private readonly subscriptions = new Subscription();

  /** Set when the waiter is granted the permit. */
  private permit!: Permit;

  constructor(private readonly acquirable: Acquirable) {}

  enter(waiter: Waiter, onBusy?: OnBusy): void {
    waiter.setContext(currentContext());
    if (waiter.subscriber.closed) {
      return;
    }
    const { weight, priority, label } = waiter.demand;
    if (priority !== 0 || label !== undefined) {
      const unknown = priority === 0 ? 'label' : 'priority';
      throw new RangeError(`cannot acquire ${this.toString()} with a ${unknown}: its acquire() takes only a weight`);
    }
    if (onBusy === undefined) {
      this.subscribe(waiter, this.acquirable.acquire(weight), () => {
        this.failWithoutPermit(waiter);
      });
      return;
    }
    const notGranted = (): void => {
      waiter.inContext(() => {
        onBusy(this.toString()); // a `tryAcquire()` may answer late, in the context of other code
      });
    };
    // Stryker disable next-line OptionalChaining: an acquirable without tryAcquire() was refused at the call
    const answer = this.acquirable.tryAcquire?.(weight) ?? null;
    if (answer === null) {
      notGranted();
    } else if (isObservable(answer)) {
      this.subscribe(waiter, answer, notGranted);
    } else {
      if (!isPermit(answer)) {
        throw this.noPermit(answer);
      }
      waiter.resource = this;
      this.grantPermit(waiter, answer);
    }
  }

  dequeue(_waiter: Waiter, notice?: Wakeable): void {
    append(notice);
    this.subscriptions.unsubscribe();
  }

  takeBack(_waiter: Waiter, notice?: Wakeable): void {
    append(notice);
    try {
      this.subscriptions.unsubscribe();
    } finally {
      this.permit.release();
    }
  }

  /**
   * Called just before the task begins: watches the permit. If the permit is lost already, the task does not begin.
   *
   * What a teardown or downstream throws is reported. So the other observers of `lost$` get their loss too.
   */
  grantEnded(waiter: Waiter): void {
    if (waiter.phase !== HELD) {
      return; // the waiter was cancelled
    }
    const { permit } = this;
    const lose = (reason?: unknown): void => {
      const error = reason instanceof LockLostError ? reason : new LockLostError(`lost ${this.toString()}`, { cause: reason });
      try {
        waiter.inContext(() => {
          waiter.lose?.(error);
        });
      } catch (thrown) {
        report(thrown);
      }
    };
    this.subscribeTo(permit.lost$, innerSubscriber<Error>({ next: lose, error: lose, complete: () => undefined }));
    if ((permit as Partial<LosablePermit>).lost && !waiter.released) {
      lose(); // its `lost$` will emit later
    }
  }

  permitOf(holder: Waiter): Permit {
    return permitOfTask(holder, this.permit);
  }

  /** The name that the acquirable has for itself, for messages. */
  toString(): string {
    const name = shown(this.acquirable);
    return name.startsWith('[object ') ? 'the acquirable' : name;
  }

  private subscribe(waiter: Waiter, answer: Observable<Permit | null>, notGranted: () => void): void {
    if (!isSubscribable(answer)) {
      throw new TypeError(`cannot acquire ${this.toString()}: its acquire() returned ${shown(answer)}, not an Observable`);
    }
    if (waiter.subscriber.closed) {
      return; // `acquire()` or `tryAcquire()` is foreign code
    }
    waiter.resource = this;
    waiter.phase = QUEUED;
    const subscriber = innerSubscriber<Permit | null>({
      next: (permit) => {
        if (waiter.phase !== QUEUED) {
          permit?.release(); // the waiter wanted one permit only
        } else if (permit === null) {
          subscriber.unsubscribe();
          notGranted();
        } else if (isPermit(permit)) {
          this.grantPermit(waiter, permit);
        } else {
          subscriber.error(this.noPermit(permit));
        }
      },
      error: (error: unknown) => {
        if (waiter.phase === QUEUED) {
          waiter.phase = ENDED;
          waiter.fail(error);
        }
      },
      complete: () => {
        if (waiter.phase === QUEUED) {
          notGranted();
        }
      },
    });
    this.subscribeTo(answer, subscriber);
  }

  /** Subscribes to an Observable of other code, whose `subscribe()` may throw. */
  private subscribeTo<T>(source: Observable<T> | undefined, subscriber: Subscriber<T>): void {
    this.subscriptions.add(subscriber);
    try {
      source?.subscribe(subscriber);
    } catch (error) {
      subscriber.error(error);
    }
  }

  private noPermit(given: unknown): TypeError {
    return new TypeError(`cannot acquire ${this.toString()}: it gave ${shown(given)}, which is not a permit`);
  }

  private grantPermit(waiter: Waiter, permit: Permit): void {
    this.permit = permit;
    waiter.phase = GRANTED;
    deliverNow(waiter);
  }

  /** Fails the waiter: the foreign `acquire()` completed without a permit, so the waiter would wait for ever. */
  private failWithoutPermit(waiter: Waiter): void {
    const error = new NotAcquiredError(`cannot acquire ${this.toString()}: it emitted no permit`);
    waiter.phase = ENDED;
    waiter.fail(error);
  }
}

/** Checks that a permit can be released. Otherwise it would be held for ever, and fail only after the task has run. */
function isPermit(given: unknown): given is Permit {
  return typeof (given as Partial<Permit> | undefined)?.release === 'function';
}
