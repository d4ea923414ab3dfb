import { mergeMap, range, type ObservableInput, type OperatorFunction } from 'rxjs';
import { Semaphore } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';

import type { Case, Contestant } from '../harness/case.js';
import { must, Tally, type When } from '../harness/work.js';
import { semaphores, type RunnerKind } from '../peers/runners.js';
import { STATE, WEIGHTS } from '../peers/without.js';

const PERMITS = 6;

type Project = (value: number) => ObservableInput<number>;

/** `project` gives what a contestant is to run: a promise for all, or an Observable for those who take them. */
function works(when: When, project: (tally: Tally) => Project): Contestant[] {
  /** Runs the values through an operator, in one stream. */
  const stream = async (size: number, operator: (project: Project) => OperatorFunction<number, number>): Promise<void> => {
    const tally = new Tally(when);
    await new Promise<void>((resolve, reject) => {
      range(0, size)
        .pipe(operator(project(tally)))
        .subscribe({ next: (value) => tally.answer(value), error: reject, complete: resolve });
    });
    tally.check(size, PERMITS);
  };

  return [
    {
      name: 'throttleBySemaphore',
      role: 'ours',
      async run(size) {
        const semaphore = new Semaphore(PERMITS);
        await stream(size, (work) => throttleBySemaphore(semaphore, work));
        must(semaphore.available === PERMITS && semaphore.waiting === 0, 'a permit was not given back');
      },
    },
    {
      name: 'mergeMap(f, n)',
      role: 'peer',
      without: ['sharing between streams', STATE, WEIGHTS],
      run: (size) => stream(size, (work) => mergeMap(work, PERMITS)),
    },
    ...semaphores.filter(({ onlyAtOnce }) => onlyAtOnce !== true).map((kind) => peer(when, kind)),
  ];
}

function peer(when: When, { name, without, longest, make }: RunnerKind): Contestant {
  return {
    name,
    role: 'peer',
    without,
    longest,
    async run(size) {
      const tally = new Tally(when);
      const runner = make(PERMITS);
      const jobs: Promise<number>[] = [];
      for (let i = 0; i < size; i++) {
        jobs.push(runner.run(() => tally.asPromise(i)));
      }
      for (const value of await Promise.all(jobs)) {
        tally.answer(value);
      }
      tally.check(size, PERMITS);
    },
  };
}

const SIZES = [1_000, 20_000];

const asObservable =
  (tally: Tally): Project =>
  (value) =>
    tally.asObservable(value);

const asPromise =
  (tally: Tally): Project =>
  (value) =>
    Promise.resolve(tally.asPromise(value)); // which is that promise itself

export const cases: readonly Case[] = [
  { name: 'throttleBySemaphore: promises', sizes: SIZES, of: 'values', contestants: works('microtask', asPromise) },
  { name: 'throttleBySemaphore: microtasks', sizes: SIZES, of: 'values', contestants: works('microtask', asObservable) },
  { name: 'throttleBySemaphore: macrotasks', sizes: SIZES, of: 'values', contestants: works('macrotask', asObservable) },
];
