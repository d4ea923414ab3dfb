import { Mutex } from 'async-mutex';
import { Observable, type Subscriber } from 'rxjs';
import { Lock, type Permit } from 'rxjs-locks';

import type { Case } from '../harness/case.js';
import { must } from '../harness/work.js';

export const cases: readonly Case[] = [
  {
    name: 'acquire: queue and drain',
    sizes: [1_000, 10_000],
    perSample: 100_000,
    contestants: [
      {
        name: 'Lock.acquire',
        role: 'ours',
        async run(size: number): Promise<void> {
          const lock = new Lock();
          const first = lock.tryAcquire();
          await new Promise<void>((resolve) => {
            let told = 0;
            const enter = (permit: Permit): void => {
              permit.release();
              if (++told === size) {
                resolve();
              }
            };
            for (let i = 0; i < size; i++) {
              lock.acquire().subscribe(enter);
            }
            must(lock.waiting === size, 'not everyone was in line');
            first?.release();
          });
          must(!lock.locked(), 'the lock was not released');
        },
      },
      {
        name: 'async-mutex acquire',
        role: 'peer',
        async run(size: number): Promise<void> {
          const mutex = new Mutex();
          const first = await mutex.acquire();
          await new Promise<void>((resolve) => {
            let told = 0;
            const enter = (release: () => void): void => {
              release();
              if (++told === size) {
                resolve();
              }
            };
            for (let i = 0; i < size; i++) {
              void mutex.acquire().then(enter);
            }
            first();
          });
          must(!mutex.isLocked(), 'the mutex was not released');
        },
      },
      {
        // What it takes RxJS alone to let somebody wait and to tell them: nobody is kept out of anything.
        name: 'bare Observable (floor)',
        role: 'floor',
        atMost: 3,
        async run(size: number): Promise<void> {
          const parked: Subscriber<number>[] = [];
          const waiting = new Observable<number>((subscriber) => {
            parked.push(subscriber);
          });
          await new Promise<void>((resolve) => {
            let told = 0;
            const enter = (): void => {
              if (++told === size) {
                resolve();
              }
            };
            for (let i = 0; i < size; i++) {
              waiting.subscribe(enter);
            }
            must(parked.length === size, 'not everyone was parked');
            parked.forEach((subscriber, index) => {
              subscriber.next(index);
              subscriber.complete();
            });
          });
        },
      },
    ],
  },
];
