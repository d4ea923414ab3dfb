import { AsyncSubject, catchError, concatMap, EMPTY, Subject, tap, type Observable } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import type { Case, Contestant } from '../harness/case.js';
import { Tally, untilFree, type Completion } from '../harness/task.js';
import { hold, mutexes, type RunnerKind } from '../peers/runners.js';
import { CANCELLING, STATE } from '../peers/without.js';

/** Enqueues `size` tasks behind a running one, ends that one, and resolves when each caller has its result. */
function enqueueAndRun(
  size: number,
  completion: Completion,
  enqueue: (tally: Tally, index: number, answered: (value: number) => void, failed: (error: unknown) => void) => void,
  release: () => void,
): Promise<void> {
  const tally = new Tally(completion);
  return new Promise<void>((resolve, reject) => {
    const answered = (value: number): void => {
      if (tally.answer(value) === size) {
        resolve();
      }
    };
    for (let i = 0; i < size; i++) {
      enqueue(tally, i, answered, reject);
    }
    tally.checkUntouched();
    release();
  }).then(() => {
    tally.check(size, 1);
  });
}

function ours(completion: Completion): Contestant {
  return {
    name: 'withLock',
    role: 'ours',
    async run(size) {
      const lock = new Lock();
      const first = new Subject<never>();
      first.pipe(withLock(lock)).subscribe();
      await enqueueAndRun(
        size,
        completion,
        (tally, index, next, error) => tally.asObservable(index).pipe(withLock(lock)).subscribe({ next, error }),
        () => {
          first.complete();
        },
      );
      await untilFree({ isFree: () => !lock.locked() });
    },
  };
}

function peer(completion: Completion, { name, without, longest, make }: RunnerKind): Contestant {
  return {
    name,
    role: 'peer',
    without,
    longest,
    async run(size) {
      const runner = make(1);
      await enqueueAndRun(
        size,
        completion,
        (tally, index, answered, failed) => void runner.run(() => tally.asPromise(index)).then(answered, failed),
        await hold(runner),
      );
      await untilFree(runner);
    },
  };
}

/** A common solution without a library: one stream of jobs. Each job passes its result to its own caller. */
class JobQueue {
  private readonly jobs = new Subject<Observable<unknown>>();
  private readonly running = this.jobs.pipe(concatMap((job) => job)).subscribe();

  run<T>(task: Observable<T>): Observable<T> {
    const answer = new AsyncSubject<T>();
    this.jobs.next(
      task.pipe(
        tap(answer),
        catchError(() => EMPTY), // otherwise one error would end the queue
      ),
    );
    return answer;
  }

  close(): void {
    this.running.unsubscribe();
  }
}

function subjectQueue(completion: Completion): Contestant {
  return {
    name: 'Subject + concatMap',
    role: 'peer',
    without: [CANCELLING, STATE],
    async run(size) {
      const queue = new JobQueue();
      const first = new Subject<never>();
      queue.run(first);
      await enqueueAndRun(
        size,
        completion,
        (tally, index, next, error) => queue.run(tally.asObservable(index)).subscribe({ next, error }),
        () => {
          first.complete();
        },
      );
      queue.close();
    },
  };
}

const SIZES = [1_000, 10_000];

const contestants = (completion: Completion): Contestant[] => [
  ours(completion),
  ...mutexes
    .filter(({ onlySynchronous }) => completion === 'synchronous' || onlySynchronous !== true)
    .map((kind) => peer(completion, kind)),
];

export const cases: readonly Case[] = [
  {
    // Without the Subject: its concatMap stops silently after a few hundred queued tasks that complete synchronously.
    name: 'withLock: synchronous tasks',
    sizes: SIZES,
    of: 'tasks',
    contestants: contestants('synchronous'),
  },
  ...(['microtask', 'macrotask'] as const).map((completion) => ({
    name: `withLock: ${completion}s`,
    sizes: SIZES,
    of: 'tasks',
    contestants: [...contestants(completion), subjectQueue(completion)],
  })),
];
