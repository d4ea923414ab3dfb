/**
 * What a program does to the primitives that runs for weeks. The two runs know neither clock nor heap: the command measures,
 * and a spec plays short ones.
 */
import { retry, type Observable, type Subscription } from 'rxjs';
import { Lock } from 'rxjs-locks';

import { Quarter } from './quarter.js';
import { randomOf } from './random.js';

/** How many visitors share the primitives of a quarter: enough for lines, few enough that most get in. */
const perQuarter = 100;

/** One cycle in so many stirs a quarter. */
const stirred = 100;

export interface CyclesOptions {
  readonly seed: number;
  readonly cycles: number;
  /** How many wait or hold at any time. */
  readonly live: number;
  /** Hears after each tenth how many wait; says whether to go on. */
  readonly tenth?: (waiting: number) => boolean;
}

/** Somebody leaves, waiting or holding, and somebody else comes, again and again; then all leave. Says whether all is empty then. */
export function playCycles({ seed, cycles, live, tenth }: CyclesOptions): boolean {
  const random = randomOf(seed);
  const quarters = Array.from({ length: Math.ceil(live / perQuarter) }, () => new Quarter());
  const anywhere = (): Quarter => pick(quarters, random(quarters.length));
  // A place has one kind of visit for ever, so that the heap is of the same make at each look.
  const come = (place: number): Subscription => {
    const { visits } = anywhere();
    return pick<Observable<unknown>>(visits, place % visits.length)
      .pipe(retry())
      .subscribe();
  };
  const visitors = Array.from({ length: live }, (_, place) => come(place));
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const place = random(live);
    visitors[place]?.unsubscribe();
    visitors[place] = come(place);
    if (cycle % stirred === 0) {
      anywhere().stir(random);
    }
    if (tenth !== undefined && Math.floor((cycle * 10) / cycles) > Math.floor(((cycle - 1) * 10) / cycles)) {
      if (!tenth(quarters.reduce((sum, { waiting }) => sum + waiting, 0))) {
        return false;
      }
    }
  }
  for (const visitor of visitors) {
    visitor.unsubscribe();
  }
  return quarters.every((quarter) => quarter.isEmpty());
}

export interface LineOptions {
  readonly seed: number;
  readonly length: number;
  /** Runs the cancelling of all, which may be timed. */
  readonly cancelling?: (cancelAll: () => void) => void;
}

/** One holds a lock, and a long line of those who wait leaves it in random order. Returns how many wait at the end. */
export function playLine({ seed, length, cancelling = run }: LineOptions): number {
  const random = randomOf(seed);
  const lock = new Lock();
  lock.tryAcquire();
  const line = Array.from({ length }, () => lock.acquire().subscribe());
  for (let left = length; left > 1; left--) {
    const other = random(left);
    [line[left - 1], line[other]] = [pick(line, other), pick(line, left - 1)];
  }
  cancelling(() => {
    for (const waiter of line) {
      waiter.unsubscribe();
    }
  });
  return lock.waiting;
}

function run(task: () => void): void {
  task();
}

function pick<T>(list: readonly T[], index: number): T {
  const picked = list[index];
  if (picked === undefined) {
    throw new RangeError(`there is no ${String(index)} among ${String(list.length)}`);
  }
  return picked;
}
