/**
 * A door through which one goes at a time. Whoever has joined the line calls the same `visit` when let in, and leaves: so
 * that queueing, draining and parking are written once, and a contestant says only how one joins and leaves.
 */
import { Observable, type Subscriber } from 'rxjs';
import { Lock, type Permit } from 'rxjs-locks';

import type { Role } from '../harness/case.js';
import { asyncMutex, asyncSema, esfx, type LockableKind } from './lockables.js';
import { hold, queues, type RunnerKind } from './runners.js';

export interface Door {
  join(): void;
  /** Goes in and stays; resolves to what lets the line go. */
  hold(): Promise<() => void>;
  /** Whether nobody is inside, or in line, as far as it says so. */
  isFree(): boolean;
}

export interface DoorKind {
  readonly name: string;
  readonly role: Role;
  readonly without?: readonly string[];
  readonly atMost?: number;
  readonly longest?: number | undefined;
  readonly open: (visit: () => void) => Door;
}

export const ours: DoorKind = {
  name: 'Lock.acquire',
  role: 'ours',
  open: (visit) => ofLock(new Lock(), visit),
};

export function ofLock(lock: Lock, visit: () => void): Door {
  const enter = (permit: Permit): void => {
    visit();
    permit.release();
  };
  return {
    join: () => {
      lock.acquire().subscribe(enter);
    },
    hold: () => Promise.resolve(held(lock)),
    isFree: () => !lock.locked() && lock.waiting === 0,
  };
}

/** Takes a free lock; the rest is what releases it. */
export function held(lock: Lock): () => void {
  const permit = lock.tryAcquire();
  return () => permit?.release();
}

export const peers: readonly DoorKind[] = [
  { ...ofLockable(asyncMutex), longest: 20_000 },
  ofLockable(asyncSema),
  ofLockable(esfx),
  ...queues.map(ofRunner),
];

/** What it takes RxJS alone to let somebody wait and to tell them: nobody is kept out of anything. */
export const bareObservable: DoorKind = {
  name: 'bare Observable (floor)',
  role: 'floor',
  atMost: 3,
  open(visit) {
    const parked: Subscriber<number>[] = [];
    const waiting = new Observable<number>((subscriber) => {
      parked.push(subscriber);
    });
    let left = 0;
    return {
      join: () => {
        waiting.subscribe(visit);
      },
      hold: () =>
        Promise.resolve(() => {
          parked.forEach((subscriber, index) => {
            subscriber.next(index);
            subscriber.complete();
            left++;
          });
        }),
      isFree: () => left === parked.length,
    };
  },
};

function ofLockable({ name, without, make }: LockableKind): DoorKind {
  return {
    name,
    role: 'peer',
    without,
    open(visit) {
      const lockable = make();
      const enter = (taken: unknown): void => {
        visit();
        lockable.release(taken);
      };
      return {
        join: () => {
          void lockable.acquire().then(enter);
        },
        hold: async () => {
          const taken = await lockable.acquire();
          return () => {
            lockable.release(taken);
          };
        },
        isFree: () => lockable.isFree(),
      };
    },
  };
}

function ofRunner({ name, without, longest, make }: RunnerKind): DoorKind {
  return {
    name,
    role: 'peer',
    without,
    longest,
    open(visit) {
      const runner = make(1);
      return {
        join: () => {
          void runner.run(visit);
        },
        hold: () => hold(runner),
        isFree: () => runner.isFree(),
      };
    },
  };
}
