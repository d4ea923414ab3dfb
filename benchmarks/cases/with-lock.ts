import { Mutex } from 'async-mutex';
import pLimit from 'p-limit';
import { AsyncSubject, catchError, concatMap, EMPTY, Subject, tap, type Observable } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import type { Case, Contestant } from '../harness/case.js';
import { must, Tally, type When } from '../harness/work.js';

/** Queues `size` works behind one that is under way, then lets that one go, and waits until each caller has its answer. */
function inLine(
  size: number,
  when: When,
  queue: (tally: Tally, index: number, answered: (value: number) => void, failed: (error: unknown) => void) => void,
  go: () => void,
): Promise<void> {
  const tally = new Tally(when);
  return new Promise<void>((resolve, reject) => {
    const answered = (value: number): void => {
      if (tally.answer(value) === size) {
        resolve();
      }
    };
    for (let i = 0; i < size; i++) {
      queue(tally, i, answered, reject);
    }
    go();
  }).then(() => {
    tally.check(size, 1);
  });
}

function ours(when: When): Contestant {
  return {
    name: 'withLock',
    role: 'ours',
    async run(size) {
      const lock = new Lock();
      const first = new Subject<never>();
      first.pipe(withLock(lock)).subscribe();
      await inLine(
        size,
        when,
        (tally, index, next, error) => tally.asObservable(index).pipe(withLock(lock)).subscribe({ next, error }),
        () => {
          must(lock.waiting === size, 'not everyone was in line');
          first.complete();
        },
      );
      await settle();
      must(!lock.locked(), 'the lock was not released');
    },
  };
}

function asyncMutex(when: When): Contestant {
  return {
    name: 'async-mutex runExclusive',
    role: 'peer',
    async run(size) {
      const mutex = new Mutex();
      const release = await mutex.acquire();
      await inLine(
        size,
        when,
        (tally, index, answered, failed) => void mutex.runExclusive(() => tally.asPromise(index)).then(answered, failed),
        release,
      );
      await settle();
      must(!mutex.isLocked(), 'the mutex was not released');
    },
  };
}

function limitOfOne(when: When): Contestant {
  return {
    name: 'p-limit(1)',
    role: 'peer',
    async run(size) {
      const limit = pLimit(1);
      let release: () => void = () => undefined;
      void limit(
        () =>
          new Promise<void>((resolve) => {
            release = resolve;
          }),
      );
      await settle(); // it starts what it runs in a later microtask
      await inLine(
        size,
        when,
        (tally, index, answered, failed) => void limit(() => tally.asPromise(index)).then(answered, failed),
        () => {
          must(limit.pendingCount === size, 'not everyone was in line');
          release();
        },
      );
      await settle();
      must(limit.activeCount === 0, 'the limit was not released');
    },
  };
}

/** What people write by hand: one stream of jobs, each of which answers its own caller. */
class JobQueue {
  private readonly jobs = new Subject<Observable<unknown>>();
  private readonly running = this.jobs.pipe(concatMap((job) => job)).subscribe();

  run<T>(work: Observable<T>): Observable<T> {
    const answer = new AsyncSubject<T>();
    this.jobs.next(
      work.pipe(
        tap(answer),
        catchError(() => EMPTY), // or one failure would end the queue
      ),
    );
    return answer;
  }

  close(): void {
    this.running.unsubscribe();
  }
}

function subjectQueue(when: When): Contestant {
  return {
    name: 'Subject + concatMap',
    role: 'peer',
    async run(size) {
      const queue = new JobQueue();
      const first = new Subject<never>();
      queue.run(first);
      await inLine(
        size,
        when,
        (tally, index, next, error) => queue.run(tally.asObservable(index)).subscribe({ next, error }),
        () => {
          first.complete();
        },
      );
      await settle();
      queue.close();
    },
  };
}

/** Whatever follows the last answer. */
async function settle(): Promise<void> {
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
}

const SIZES = [1_000, 10_000];

export const cases: readonly Case[] = [
  {
    // Without the Subject: its concatMap stops silently where a few hundred queued works complete synchronously.
    name: 'withLock: works at once',
    sizes: SIZES,
    contestants: [ours('at once'), asyncMutex('at once'), limitOfOne('at once')],
  },
  ...(['microtask', 'macrotask'] as const).map((when) => ({
    name: `withLock: ${when}s`,
    sizes: SIZES,
    contestants: [ours(when), asyncMutex(when), limitOfOne(when), subjectQueue(when)],
  })),
];
