import { concat, NEVER, Observable, of } from 'rxjs';
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  KeyedLock,
  Lock,
  ReadWriteLock,
  Semaphore,
  type Acquirable,
  type Permit,
} from 'rxjs-locks';
import { gateByEvent, throttleBySemaphore, waitForEvent, withCondition, withLock } from 'rxjs-locks/operators';

import type { Random } from './random.js';

/** One primitive of each kind, and the Observables that wait for them. Each holds what it is granted until it is unsubscribed. */
export class PrimitiveGroup {
  private readonly lock = new Lock();
  private readonly semaphore = new Semaphore(3);
  private readonly bounded = new BoundedSemaphore(3);
  private readonly event = new Event();
  private readonly condition = new Condition();
  private readonly barrier = new Barrier(3);
  private readonly readWriteLock = new ReadWriteLock();
  private readonly keyedLock = new KeyedLock<number>();
  private ready = false;

  private readonly all = [
    this.lock,
    this.semaphore,
    this.bounded,
    this.event,
    this.condition,
    this.condition.lock,
    this.barrier,
    this.readWriteLock,
    this.keyedLock,
  ];

  /** All ways to wait. The soak unsubscribes them while they are queued, while they hold, and while they are woken. */
  readonly waits: readonly Observable<unknown>[] = [
    holding(this.lock),
    holding(this.semaphore, 2),
    holding(this.bounded),
    this.lock.use(() => NEVER),
    this.bounded.use(() => NEVER, { weight: 2, until: NEVER }),
    NEVER.pipe(withLock(this.lock, { until: NEVER })),
    NEVER.pipe(throttleBySemaphore(this.semaphore)),
    of(1, 2, 3).pipe(throttleBySemaphore(this.semaphore, () => NEVER)),
    of(1, 2, 3).pipe(throttleBySemaphore(this.bounded, () => NEVER, { ordered: true })),
    concat(this.event.wait(), NEVER),
    NEVER.pipe(waitForEvent(this.event)),
    concat(of(1, 2, 3), NEVER).pipe(gateByEvent(this.event)),
    this.condition.use((permit) => concat(this.condition.wait({ permit }), NEVER)),
    this.condition.use((permit) =>
      concat(
        this.condition.waitFor(() => this.ready, { permit, until: NEVER }),
        NEVER,
      ),
    ),
    NEVER.pipe(withCondition(this.condition, () => this.ready, { notify: 'one' })),
    concat(this.barrier.wait(), NEVER),
    holding(this.readWriteLock.read),
    holding(this.readWriteLock.write),
    holding(this.keyedLock.get(1)),
    holding(this.keyedLock.all([1, 2])),
    this.lock,
    this.condition,
    this.keyedLock.get(1),
  ];

  private readonly actions: readonly (() => void)[] = [
    () => {
      this.event.set();
      this.event.clear();
    },
    () => {
      this.ready = !this.ready;
      if (this.condition.locked()) {
        this.condition.notify(2);
      }
    },
    () => {
      this.lock.tryAcquire()?.release();
      this.bounded.tryAcquire(2)?.release();
    },
    () => {
      this.all.forEach((primitive) => {
        primitive.cancelWaiters();
      });
    },
  ];

  /** Takes a random action that wakes some waiters, or cancels them. */
  act(random: Random): void {
    this.actions[random(this.actions.length)]?.();
  }

  get waiting(): number {
    return this.all.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Whether there are no waiters, no holders, and no observers. */
  isEmpty(): boolean {
    const free =
      !this.lock.locked() &&
      !this.condition.locked() &&
      this.semaphore.available === 3 &&
      this.bounded.available === 3 &&
      !this.readWriteLock.write.locked() &&
      this.keyedLock.keys === 0;
    return free && this.waiting === 0 && !this.all.some(({ observed }) => observed);
  }
}

/** Acquires a permit, and releases it when it is unsubscribed. */
function holding(acquirable: Acquirable, weight = 1): Observable<never> {
  return new Observable((subscriber) => {
    let permit: Permit | undefined;
    const wait = acquirable.acquire(weight).subscribe({
      next: (granted) => (permit = granted),
      error: (error) => {
        subscriber.error(error);
      },
    });
    return () => {
      wait.unsubscribe();
      permit?.release();
    };
  });
}
