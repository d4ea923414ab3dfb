/**
 * `npm run bench -- --drain` measures how long the `release()` before a long queue blocks the thread. The tasks are empty and complete
 * synchronously. They run first in one piece, and then in slices, by the recipe in docs/recipes.md.
 */
import { asyncScheduler, concat, defer, EMPTY, subscribeOn, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { must } from './harness/task.js';

const TASKS = 100_000;
/** Milliseconds. */
const SLICE = 8;

function inSlices(length: number): MonoTypeOperatorFunction<never> {
  let end = 0;
  const begin = defer(() => {
    end = performance.now() + length;
    return EMPTY;
  });
  return (source) => defer(() => (performance.now() < end ? source : concat(begin.pipe(subscribeOn(asyncScheduler)), source)));
}

interface Drained {
  /** The longest time in milliseconds for which the thread was blocked. */
  readonly blocked: number;
  readonly sum: number;
}

/** Drains a queue of tasks, and measures the time between any two turns of the event loop. */
async function drain(tasks: readonly Observable<never>[]): Promise<Drained> {
  const lock = new Lock();
  const first = lock.tryAcquire();
  let left = tasks.length;
  for (const task of tasks) {
    task.pipe(withLock(lock)).subscribe({ complete: () => left-- });
  }
  must(lock.waiting === tasks.length, 'not all tasks were enqueued');
  const start = performance.now();
  let [blocked, last] = [0, start];
  first?.release();
  do {
    await new Promise((resolve) => setImmediate(resolve));
    const now = performance.now();
    blocked = Math.max(blocked, now - last);
    last = now;
  } while (left > 0);
  must(!lock.locked(), 'the lock was not released');
  return { blocked, sum: last - start };
}

const kinds: readonly (readonly [string, () => MonoTypeOperatorFunction<never>])[] = [
  ['in one piece', () => (source) => source],
  [`in slices of ${String(SLICE)} ms`, () => inSlices(SLICE)],
];

console.log(`${TASKS.toLocaleString('en')} tasks, the median of 7 runs after one to warm up`);
for (const [name, kind] of kinds) {
  const runs: Drained[] = [];
  for (let run = 0; run < 8; run++) {
    const operator = kind();
    runs.push(await drain(Array.from({ length: TASKS }, () => operator(EMPTY))));
  }
  const median = (of: (drained: Drained) => number): string =>
    `${(
      runs
        .slice(1)
        .map(of)
        .sort((a, b) => a - b)[3] ?? NaN
    ).toFixed(1)} ms`;
  console.log(`  ${name}: blocked for ${median(({ blocked }) => blocked)} at most, done after ${median(({ sum }) => sum)}`);
}
