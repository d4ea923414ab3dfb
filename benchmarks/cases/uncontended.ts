import { Observable, of } from 'rxjs';
import { Lock, type Permit } from 'rxjs-locks';

import type { Case, Contestant } from '../harness/case.js';
import { must, untilFree } from '../harness/work.js';
import { asyncSema, esfx, EsfxLockable, lockables, SemaLockable, type LockableKind } from '../peers/lockables.js';
import { mutexes } from '../peers/runners.js';

/** Goes in and out, again and again; `goingIn` makes what does it once, and calls `visit` inside. */
function ours(name: string, goingIn: (lock: Lock, visit: () => void) => () => void): Contestant {
  return {
    name,
    role: 'ours',
    // eslint-disable-next-line @typescript-eslint/require-await -- all of it is synchronous, and the others' is not
    async run(size) {
      const lock = new Lock();
      let visits = 0;
      const goIn = goingIn(lock, () => {
        visits++;
      });
      for (let i = 0; i < size; i++) {
        goIn();
      }
      must(visits === size && !lock.locked(), 'the lock was not taken and released');
    },
  };
}

/** The same for peers that say at once whether one is in. */
function atOnce({ name, without }: LockableKind, make: () => { tryIn(): boolean; leave(): void; isFree(): boolean }): Contestant {
  return {
    name,
    role: 'peer',
    without,
    // eslint-disable-next-line @typescript-eslint/require-await -- as ours
    async run(size) {
      const lock = make();
      let visits = 0;
      for (let i = 0; i < size; i++) {
        if (lock.tryIn()) {
          visits++;
          lock.leave();
        }
      }
      must(visits === size && lock.isFree(), 'it was not taken and released');
    },
  };
}

/** What it takes RxJS alone to tell one who subscribes, with nothing to take and nothing to release. */
const bareObservable: Contestant = {
  name: 'bare Observable (floor)',
  role: 'floor',
  atMost: 3,
  // eslint-disable-next-line @typescript-eslint/require-await -- as ours
  async run(size) {
    const told = new Observable<true>((subscriber) => {
      subscriber.next(true);
      subscriber.complete();
    });
    let visits = 0;
    for (let i = 0; i < size; i++) {
      told.subscribe(() => {
        visits++;
      });
    }
    must(visits === size, 'not everyone was told');
  },
};

const common = { sizes: [10_000], of: 'times', perSample: 100_000 };

export const cases: readonly Case[] = [
  {
    // async-mutex has a tryAcquire too, which answers in a promise; the rest have none.
    ...common,
    name: 'uncontended: tryAcquire',
    contestants: [
      ours('Lock.tryAcquire', (lock, visit) => () => {
        const permit = lock.tryAcquire();
        if (permit !== null) {
          visit();
          permit.release();
        }
      }),
      atOnce(asyncSema, () => {
        const lockable = new SemaLockable();
        const { sema } = lockable;
        return {
          tryIn: () => sema.tryAcquire() !== undefined,
          leave: () => {
            sema.release();
          },
          isFree: () => lockable.isFree(),
        };
      }),
      atOnce(esfx, () => {
        const { mutex } = new EsfxLockable();
        return { tryIn: () => mutex.tryLock(), leave: () => mutex.unlock(), isFree: () => !mutex.isLocked };
      }),
    ],
  },
  {
    ...common,
    name: 'uncontended: acquire',
    contestants: [
      ours('Lock.acquire', (lock, visit) => {
        const enter = (permit: Permit): void => {
          visit();
          permit.release();
        };
        return () => lock.acquire().subscribe(enter);
      }),
      bareObservable,
      ...lockables.map(({ name, without, make }): Contestant => ({
        name,
        role: 'peer',
        without,
        async run(size) {
          const lockable = make();
          let visits = 0;
          for (let i = 0; i < size; i++) {
            const taken = await lockable.acquire();
            visits++;
            lockable.release(taken);
          }
          must(visits === size && lockable.isFree(), 'it was not taken and released');
        },
      })),
    ],
  },
  {
    ...common,
    name: 'uncontended: use',
    contestants: [
      ours('Lock.use', (lock, visit) => {
        const used = lock.use(() => nothing);
        return () => used.subscribe(visit);
      }),
      ...mutexes.map(({ name, without, make }): Contestant => ({
        name,
        role: 'peer',
        without,
        async run(size) {
          const runner = make(1);
          let visits = 0;
          for (let i = 0; i < size; i++) {
            visits += await runner.run(() => 1);
          }
          must(visits === size, 'it was not taken');
          await untilFree(runner);
        },
      })),
    ],
  },
];

const nothing = of(undefined);
