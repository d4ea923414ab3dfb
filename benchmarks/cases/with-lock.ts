import { AsyncSubject, catchError, concatMap, EMPTY, Subject, tap, type Observable } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import type { Case, Contestant } from '../harness/case.js';
import { Tally, untilFree, type When } from '../harness/work.js';
import { hold, mutexes, type RunnerKind } from '../peers/runners.js';
import { LEAVING, STATE } from '../peers/without.js';

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
    tally.checkUntouched();
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
          first.complete();
        },
      );
      await untilFree({ isFree: () => !lock.locked() });
    },
  };
}

function peer(when: When, { name, without, longest, make }: RunnerKind): Contestant {
  return {
    name,
    role: 'peer',
    without,
    longest,
    async run(size) {
      const runner = make(1);
      await inLine(
        size,
        when,
        (tally, index, answered, failed) => void runner.run(() => tally.asPromise(index)).then(answered, failed),
        await hold(runner),
      );
      await untilFree(runner);
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
    without: [LEAVING, STATE],
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
      queue.close();
    },
  };
}

const SIZES = [1_000, 10_000];

const contestants = (when: When): Contestant[] => [
  ours(when),
  ...mutexes.filter(({ onlyAtOnce }) => when === 'at once' || onlyAtOnce !== true).map((kind) => peer(when, kind)),
];

export const cases: readonly Case[] = [
  {
    // Without the Subject: its concatMap stops silently where a few hundred queued works complete synchronously.
    name: 'withLock: works at once',
    sizes: SIZES,
    of: 'works',
    contestants: contestants('at once'),
  },
  ...(['microtask', 'macrotask'] as const).map((when) => ({
    name: `withLock: ${when}s`,
    sizes: SIZES,
    of: 'works',
    contestants: [...contestants(when), subjectQueue(when)],
  })),
];
