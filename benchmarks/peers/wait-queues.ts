/**
 * A lock with a queue whose waiters share one callback: each granted waiter calls `onGrant`, and releases. So each case is
 * written once for all contestants, and a contestant defines only how to enqueue a waiter and how to hold the lock.
 */
import { Observable, type Subscriber } from 'rxjs';
import { Lock, type Permit } from 'rxjs-locks';

import type { Role } from '../harness/case.js';
import { asyncMutex, asyncSema, esfx, type LockableKind } from './lockables.js';
import { hold, taskQueues, type RunnerKind } from './runners.js';

export interface WaitQueue {
  enqueue(): void;
  /** Acquires the lock, and resolves to the function that releases it. */
  hold(): Promise<() => void>;
  /** Whether there is no holder and no waiter, as far as the contestant tells. */
  isFree(): boolean;
}

export interface WaitQueueKind {
  readonly name: string;
  readonly role: Role;
  readonly without?: readonly string[];
  readonly atMost?: number;
  readonly longest?: number | undefined;
  readonly create: (onGrant: () => void) => WaitQueue;
}

export const ours: WaitQueueKind = {
  name: 'Lock.acquire',
  role: 'ours',
  create: (onGrant) => ofLock(new Lock(), onGrant),
};

export function ofLock(lock: Lock, onGrant: () => void): WaitQueue {
  const enter = (permit: Permit): void => {
    onGrant();
    permit.release();
  };
  return {
    enqueue: () => {
      lock.acquire().subscribe(enter);
    },
    hold: () => Promise.resolve(acquireNow(lock)),
    isFree: () => !lock.locked() && lock.waiting === 0,
  };
}

/** Acquires a free lock, and returns the function that releases it. */
export function acquireNow(lock: Lock): () => void {
  const permit = lock.tryAcquire();
  return () => permit?.release();
}

export const peers: readonly WaitQueueKind[] = [
  { ...ofLockable(asyncMutex), longest: 20_000 },
  ofLockable(asyncSema),
  ofLockable(esfx),
  ...taskQueues.map(ofRunner),
];

/** The cost of a wait and a notification in RxJS alone. It grants all waiters together, so it is not a lock. */
export const bareObservable: WaitQueueKind = {
  name: 'bare Observable (floor)',
  role: 'floor',
  atMost: 3,
  create(onGrant) {
    const waiters: Subscriber<number>[] = [];
    const wait = new Observable<number>((subscriber) => {
      waiters.push(subscriber);
    });
    let granted = 0;
    return {
      enqueue: () => {
        wait.subscribe(onGrant);
      },
      hold: () =>
        Promise.resolve(() => {
          waiters.forEach((subscriber, index) => {
            subscriber.next(index);
            subscriber.complete();
            granted++;
          });
        }),
      isFree: () => granted === waiters.length,
    };
  },
};

function ofLockable({ name, without, make }: LockableKind): WaitQueueKind {
  return {
    name,
    role: 'peer',
    without,
    create(onGrant) {
      const lockable = make();
      const enter = (permit: unknown): void => {
        onGrant();
        lockable.release(permit);
      };
      return {
        enqueue: () => {
          void lockable.acquire().then(enter);
        },
        hold: async () => {
          const permit = await lockable.acquire();
          return () => {
            lockable.release(permit);
          };
        },
        isFree: () => lockable.isFree(),
      };
    },
  };
}

function ofRunner({ name, without, longest, make }: RunnerKind): WaitQueueKind {
  return {
    name,
    role: 'peer',
    without,
    longest,
    create(onGrant) {
      const runner = make(1);
      return {
        enqueue: () => {
          void runner.run(onGrant);
        },
        hold: () => hold(runner),
        isFree: () => runner.isFree(),
      };
    },
  };
}
