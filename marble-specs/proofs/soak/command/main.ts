/**
 * `npm run soak`: millions of waiters subscribe to mixed primitives and unsubscribe, and then a long queue is cancelled in random
 * order. The heap must not grow. `-- --cycles N --live N --queue N` sets the sizes; `--seed` repeats a run.
 */
import { parseArgs } from 'node:util';

import { playCycles, playQueue } from '../soak.js';

/** How much the heap may grow. A leak in each cycle or for each waiter is many times larger. */
const mostGrowth = 1.05;

/** The cycles after which the engine has compiled the code. */
const warmUp = 200_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    cycles: { type: 'string', default: '10000000' },
    live: { type: 'string', default: '10000' },
    queue: { type: 'string', default: '1000000' },
  },
});

const seed = integer('seed', 0);
let failed = 0;

function integer(option: keyof typeof values, least: number): number {
  const value = Number(values[option]);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`--${option} must be an integer of at least ${String(least)}, but is ${values[option]}`);
  }
  return value;
}

/** Bytes in use, with the garbage collected. */
function heap(): number {
  if (globalThis.gc === undefined) {
    throw new Error('needs node --expose-gc');
  }
  // Objects with a finalizer, and the objects that they hold, are collected the second time.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'passed' : 'FAILED'}: ${what}`);
  failed += holds ? 0 : 1;
}

function soakCycles(cycles: number, live: number): void {
  console.log(`${format(cycles)} cycles, ${format(live)} waiters and holders at any time`);
  playCycles({ seed, cycles: Math.min(cycles, warmUp), live }); // compiles the code, which would look like a leak
  const heaps: number[] = [];
  const started = performance.now();
  const growth = (): number => (heaps.at(-1) ?? 0) / (heaps[0] ?? 0);
  const empty = playCycles({
    seed,
    cycles,
    live,
    tenth: (waiting) => {
      heaps.push(heap());
      console.log(`  ${String(heaps.length * 10)} %: heap ${megabytes(heaps.at(-1))}, ${format(waiting)} waiters`);
      return growth() <= mostGrowth; // stops before a leak fills the memory
    },
  });
  const seconds = (performance.now() - started) / 1000;
  console.log(`  ${seconds.toFixed(0)} s, ${((seconds / cycles) * 1e6).toFixed(2)} µs a cycle`);
  check(`the heap grew by at most ${String(mostGrowth)} from the first tenth on: ${growth().toFixed(3)}`, growth() <= mostGrowth);
  if (growth() <= mostGrowth) {
    check('no waiters, holders or observers are left', empty);
  }
}

function soakQueue(length: number): void {
  console.log(`\na queue of ${format(length)} waiters, cancelled in random order`);
  playQueue({ seed, length: Math.min(length, 10_000) }); // as above
  const before = heap();
  let within = 0;
  let spent = 0;
  const waiting = playQueue({
    seed,
    length,
    cancelling: (cancelAll) => {
      within = heap();
      const start = process.cpuUsage();
      cancelAll();
      const { user, system } = process.cpuUsage(start);
      spent = user + system;
    },
  });
  const after = heap();
  console.log(`  heap ${megabytes(before)} before, ${megabytes(within)} with the queue, ${megabytes(after)} after`);
  console.log(
    `  ${((spent / length) * 1000).toFixed(0)} ns of CPU a cancel, ${((within - before) / length).toFixed(0)} bytes a waiter`,
  );
  check(`${format(waiting)} waiters are left`, waiting === 0);
  check(`the heap is at most ${String(mostGrowth)} of what it was: ${(after / before).toFixed(3)}`, after / before <= mostGrowth);
}

function megabytes(bytes = 0): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MB`;
}

function format(count: number): string {
  return count.toLocaleString('en');
}

console.log(`seed ${String(seed)}`);
soakCycles(integer('cycles', 10), integer('live', 1));
soakQueue(integer('queue', 1));
process.exitCode = failed === 0 ? 0 : 1;
