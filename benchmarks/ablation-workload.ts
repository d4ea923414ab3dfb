/** `node --expose-gc ablation-workload.js library.cjs uncontended` prints the best time of a workload in milliseconds. */
import { createRequire } from 'node:module';

import { of, range } from 'rxjs';
import type * as Locks from 'rxjs-locks';
import type * as Operators from 'rxjs-locks/operators';

const [file = '', name = ''] = process.argv.slice(2);
const library = createRequire(import.meta.url)(file) as typeof Locks & typeof Operators;
const { Barrier, Condition, Event, Lock, ReadWriteLock, Semaphore, throttleBySemaphore } = library;

const workloads: Readonly<Record<string, () => void>> = {
  'queue-and-drain': () => {
    const lock = new Lock();
    const first = lock.tryAcquire();
    for (let waiter = 0; waiter < 100_000; waiter++) {
      lock.acquire().subscribe((permit) => {
        permit.release();
      });
    }
    first?.release();
  },
  uncontended: () => {
    const lock = new Lock();
    for (let turn = 0; turn < 200_000; turn++) {
      lock.acquire().subscribe((permit) => {
        permit.release();
      });
    }
  },
  throttle: () => {
    range(0, 100_000)
      .pipe(throttleBySemaphore(new Semaphore(8), (value) => of(value)))
      .subscribe();
  },
  'throttle-queue': () => {
    const semaphore = new Semaphore(8);
    semaphore.tryAcquire(8);
    range(0, 100_000)
      .pipe(throttleBySemaphore(semaphore, (value) => of(value)))
      .subscribe();
    semaphore.release(8);
  },
};

/** Uses all kinds of primitives, as an application does: then an engine cannot specialize its code for one of them. */
function useAllPrimitives(): void {
  for (const acquirable of [new Lock(), new Semaphore(), new Condition(), new ReadWriteLock().read, new ReadWriteLock().write]) {
    const first = acquirable.tryAcquire();
    acquirable.acquire().subscribe((permit) => {
      permit.release();
    });
    first?.release();
  }
  const event = new Event();
  event.wait().subscribe();
  event.set();
  const barrier = new Barrier(2);
  barrier.wait().subscribe();
  barrier.wait().subscribe();
}

const run = workloads[name];
if (run === undefined || globalThis.gc === undefined) {
  throw new Error(`no workload is named ${name}, or --expose-gc is missing`);
}
for (let turn = 0; turn < 2_000; turn++) {
  useAllPrimitives();
}
let best = Infinity;
for (let turn = 0; turn < 8; turn++) {
  globalThis.gc();
  const start = performance.now();
  run();
  best = Math.min(best, performance.now() - start);
}
console.log(best);
