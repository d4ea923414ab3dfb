/**
 * `npm run soak`: millions of visitors come to mixed primitives and leave them, and then a long line is left in random order;
 * the heap must be flat. `-- --cycles N --live N --line N` makes it longer or shorter; `--seed` plays one again.
 */
import { parseArgs } from 'node:util';

import { playCycles, playLine } from '../soak.js';

/** How much the heap may grow: what is leaked once a cycle or once a waiter is many times that. */
const mostGrowth = 1.05;

/** Cycles after which the code that runs is compiled. */
const warmUp = 200_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    cycles: { type: 'string', default: '10000000' },
    live: { type: 'string', default: '10000' },
    line: { type: 'string', default: '1000000' },
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
  // What has a finalizer, or is held by what has one, goes at a second look.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'passed' : 'FAILED'}: ${what}`);
  failed += holds ? 0 : 1;
}

function soakCycles(cycles: number, live: number): void {
  console.log(`${format(cycles)} cycles, ${format(live)} visitors at any time`);
  playCycles({ seed, cycles: Math.min(cycles, warmUp), live }); // compiled by then, so that code is not taken for a leak
  const heaps: number[] = [];
  const started = performance.now();
  const growth = (): number => (heaps.at(-1) ?? 0) / (heaps[0] ?? 0);
  const empty = playCycles({
    seed,
    cycles,
    live,
    tenth: (waiting) => {
      heaps.push(heap());
      console.log(`  ${String(heaps.length * 10)} %: heap ${megabytes(heaps.at(-1))}, ${format(waiting)} wait`);
      return growth() <= mostGrowth; // else a leak would fill the memory first
    },
  });
  const seconds = (performance.now() - started) / 1000;
  console.log(`  ${seconds.toFixed(0)} s, ${((seconds / cycles) * 1e6).toFixed(2)} µs a cycle`);
  check(`the heap grew by at most ${String(mostGrowth)} from the first tenth on: ${growth().toFixed(3)}`, growth() <= mostGrowth);
  if (growth() <= mostGrowth) {
    check('nobody waits, holds or looks at the end', empty);
  }
}

function soakLine(length: number): void {
  console.log(`\na line of ${format(length)}, left in random order`);
  playLine({ seed, length: Math.min(length, 10_000) }); // as above
  const before = heap();
  let within = 0;
  let spent = 0;
  const waiting = playLine({
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
  console.log(`  heap ${megabytes(before)} before, ${megabytes(within)} with the line, ${megabytes(after)} after`);
  console.log(
    `  ${((spent / length) * 1000).toFixed(0)} ns of CPU a cancel, ${((within - before) / length).toFixed(0)} bytes a waiter`,
  );
  check(`${format(waiting)} wait at the end`, waiting === 0);
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
soakLine(integer('line', 1));
process.exitCode = failed === 0 ? 0 : 1;
