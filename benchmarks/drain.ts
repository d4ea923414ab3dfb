/**
 * `npm run bench -- --drain`: for how long does the `release()` that lets a long line go block the thread? The works end at once
 * and do nothing; first all go in one piece, and then in slices, by the recipe of the README.
 */
import { asyncScheduler, concat, defer, EMPTY, subscribeOn, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { must } from './harness/work.js';

const WORKS = 100_000;
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
  /** The longest time for which nothing else could run. */
  readonly blocked: number;
  readonly sum: number;
}

/** Lets a line of works go, while a task that comes back in every turn of the event loop looks how long it was kept waiting. */
async function drain(works: readonly Observable<never>[]): Promise<Drained> {
  const lock = new Lock();
  const first = lock.tryAcquire();
  let left = works.length;
  for (const work of works) {
    work.pipe(withLock(lock)).subscribe({ complete: () => left-- });
  }
  must(lock.waiting === works.length, 'not everyone was in line');
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

console.log(`${WORKS.toLocaleString('en')} works, the median of 7 runs after one to warm up`);
for (const [name, kind] of kinds) {
  const runs: Drained[] = [];
  for (let run = 0; run < 8; run++) {
    const operator = kind();
    runs.push(await drain(Array.from({ length: WORKS }, () => operator(EMPTY))));
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
