import { mergeMap, range, type ObservableInput, type OperatorFunction } from 'rxjs';
import { Semaphore } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';

import type { Case, Contestant } from '../harness/case.js';
import { must, Tally, type Completion } from '../harness/task.js';
import { semaphores, type RunnerKind } from '../peers/runners.js';
import { STATE, WEIGHTS } from '../peers/without.js';

const PERMITS = 6;

type Project = (value: number) => ObservableInput<number>;

/** `project` makes the inner source for the operators: a promise or an Observable. The other contestants always get promises. */
function contestants(completion: Completion, project: (tally: Tally) => Project): Contestant[] {
  /** Runs the values through an operator, in one stream. */
  const stream = async (size: number, operator: (project: Project) => OperatorFunction<number, number>): Promise<void> => {
    const tally = new Tally(completion);
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
        await stream(size, (project) => throttleBySemaphore(semaphore, project));
        must(semaphore.available === PERMITS && semaphore.waiting === 0, 'a permit was not released');
      },
    },
    {
      name: 'mergeMap(f, n)',
      role: 'peer',
      without: ['sharing between streams', STATE, WEIGHTS],
      run: (size) => stream(size, (project) => mergeMap(project, PERMITS)),
    },
    ...semaphores.filter(({ onlySynchronous }) => onlySynchronous !== true).map((kind) => peer(completion, kind)),
  ];
}

function peer(completion: Completion, { name, without, longest, make }: RunnerKind): Contestant {
  return {
    name,
    role: 'peer',
    without,
    longest,
    async run(size) {
      const tally = new Tally(completion);
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
    Promise.resolve(tally.asPromise(value)); // returns the same promise, not a copy

export const cases: readonly Case[] = [
  { name: 'throttleBySemaphore: promises', sizes: SIZES, of: 'values', contestants: contestants('microtask', asPromise) },
  { name: 'throttleBySemaphore: microtasks', sizes: SIZES, of: 'values', contestants: contestants('microtask', asObservable) },
  { name: 'throttleBySemaphore: macrotasks', sizes: SIZES, of: 'values', contestants: contestants('macrotask', asObservable) },
];
