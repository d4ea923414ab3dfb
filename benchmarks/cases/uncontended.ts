import { Observable, of } from 'rxjs';
import { Lock, type Permit } from 'rxjs-locks';

import type { Case, Contestant } from '../harness/case.js';
import { must, untilFree } from '../harness/task.js';
import { asyncSema, esfx, EsfxLockable, lockables, SemaLockable, type LockableKind } from '../peers/lockables.js';
import { mutexes } from '../peers/runners.js';

/** Acquires and releases repeatedly. `makeCycle` returns a function that does one cycle, and calls `onGrant` while it holds the lock. */
function ours(name: string, makeCycle: (lock: Lock, onGrant: () => void) => () => void): Contestant {
  return {
    name,
    role: 'ours',
    // eslint-disable-next-line @typescript-eslint/require-await -- ours is synchronous, and the peers are not
    async run(size) {
      const lock = new Lock();
      let grants = 0;
      const cycle = makeCycle(lock, () => {
        grants++;
      });
      for (let i = 0; i < size; i++) {
        cycle();
      }
      must(grants === size && !lock.locked(), 'the lock was not acquired and released each time');
    },
  };
}

/** The same for the peers that have a synchronous `tryAcquire`. */
function trying(
  { name, without }: LockableKind,
  make: () => { tryAcquire(): boolean; release(): void; isFree(): boolean },
): Contestant {
  return {
    name,
    role: 'peer',
    without,
    // eslint-disable-next-line @typescript-eslint/require-await -- as ours
    async run(size) {
      const lock = make();
      let grants = 0;
      for (let i = 0; i < size; i++) {
        if (lock.tryAcquire()) {
          grants++;
          lock.release();
        }
      }
      must(grants === size && lock.isFree(), 'the lock was not acquired and released each time');
    },
  };
}

/** The cost of a notification in RxJS alone, without a lock. */
const bareObservable: Contestant = {
  name: 'bare Observable (floor)',
  role: 'floor',
  atMost: 3,
  // eslint-disable-next-line @typescript-eslint/require-await -- as ours
  async run(size) {
    const granted = new Observable<true>((subscriber) => {
      subscriber.next(true);
      subscriber.complete();
    });
    let grants = 0;
    for (let i = 0; i < size; i++) {
      granted.subscribe(() => {
        grants++;
      });
    }
    must(grants === size, 'not all subscribers were notified');
  },
};

const common = { sizes: [10_000], of: 'times', perSample: 100_000 };

export const cases: readonly Case[] = [
  {
    // The tryAcquire of async-mutex returns a promise, and the other peers have none.
    ...common,
    name: 'uncontended: tryAcquire',
    contestants: [
      ours('Lock.tryAcquire', (lock, onGrant) => () => {
        const permit = lock.tryAcquire();
        if (permit !== null) {
          onGrant();
          permit.release();
        }
      }),
      trying(asyncSema, () => {
        const lockable = new SemaLockable();
        const { sema } = lockable;
        return {
          tryAcquire: () => sema.tryAcquire() !== undefined,
          release: () => {
            sema.release();
          },
          isFree: () => lockable.isFree(),
        };
      }),
      trying(esfx, () => {
        const { mutex } = new EsfxLockable();
        return { tryAcquire: () => mutex.tryLock(), release: () => mutex.unlock(), isFree: () => !mutex.isLocked };
      }),
    ],
  },
  {
    ...common,
    name: 'uncontended: acquire',
    contestants: [
      ours('Lock.acquire', (lock, onGrant) => {
        const enter = (permit: Permit): void => {
          onGrant();
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
          let grants = 0;
          for (let i = 0; i < size; i++) {
            const permit = await lockable.acquire();
            grants++;
            lockable.release(permit);
          }
          must(grants === size && lockable.isFree(), 'the lock was not acquired and released each time');
        },
      })),
    ],
  },
  {
    ...common,
    name: 'uncontended: use',
    contestants: [
      ours('Lock.use', (lock, onGrant) => {
        const used = lock.use(() => nothing);
        return () => used.subscribe(onGrant);
      }),
      ...mutexes.map(({ name, without, make }): Contestant => ({
        name,
        role: 'peer',
        without,
        async run(size) {
          const runner = make(1);
          let grants = 0;
          for (let i = 0; i < size; i++) {
            grants += await runner.run(() => 1);
          }
          must(grants === size, 'the lock was not acquired each time');
          await untilFree(runner);
        },
      })),
    ],
  },
];

const nothing = of(undefined);
