/**
 * `npm run explore`: plays every script of every world, and says how many there were. `-- --faults`: puts one bug after
 * another into the library, and shows that the explorer finds each; with `--referees`, which of them the
 * referees find without the model. `-- --programs N`: plays N random programs instead, those of one `--seed` again.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { buildWorker } from './build.js';
import type { Exploration } from '../explore.js';
import { faults } from './faults.js';
import { playPrograms } from '../programs.js';
import type { Task } from './worker.js';
import { worlds } from '../worlds/index.js';
import { town } from '../worlds/town.js';

/** No fault needs a longer script. */
const hunted = 4;

const { values } = parseArgs({
  options: {
    faults: { type: 'boolean', default: false },
    referees: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    steps: { type: 'string' },
    programs: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});

function start(worker: string, task: Task): Promise<Exploration> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: task });
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}

/** Does one job after another, as many at once as there are cores. */
async function doAll(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const left = jobs.values();
  const lanes = Array.from({ length: availableParallelism() }, async () => {
    for (const job of left) {
      await job();
    }
  });
  await Promise.all(lanes);
}

async function exploreAll(): Promise<boolean> {
  const worker = await buildWorker('worker');
  const started = performance.now();
  let schedules = 0;
  let failed = 0;
  const chosen = worlds.flatMap((world, index) => (world.name.includes(values.only) ? [{ world, index }] : []));
  await doAll(
    chosen.map(({ world, index }) => async () => {
      const steps = values.steps === undefined ? world.steps : Number(values.steps);
      const explored = await start(worker, { world: index, steps });
      schedules += explored.schedules;
      console.log(`${format(explored.schedules)}  up to ${String(steps)} steps  ${world.name}`);
      if (explored.failure !== undefined) {
        failed++;
        console.error(`\n${explored.failure}\n`);
      }
    }),
  );
  console.log(`\n${format(schedules)} scripts in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  console.log(`${String(chosen.length - failed)} passed, ${String(failed)} failed`);
  return failed === 0;
}

async function huntAll(): Promise<boolean> {
  const { failure: unplanted } = await start(await buildWorker('worker'), { hunt: 2, first: '', withModel: true });
  if (unplanted !== undefined) {
    throw new Error(`without a fault, too:\n${unplanted}`);
  }
  let missed = 0;
  const chosen = faults.filter(({ name }) => name.includes(values.only));
  await doAll(
    chosen.map((fault, index) => async () => {
      const worker = await buildWorker(`fault-${String(index)}`, fault);
      const { failure, schedules } = await start(worker, { hunt: hunted, first: fault.shows ?? '', withModel: !values.referees });
      missed += failure === undefined ? 1 : 0;
      console.log(`\n${failure === undefined ? 'MISSED' : 'found'}, after ${format(schedules)} scripts: ${fault.name}`);
      console.log(failure ?? '');
    }),
  );
  console.log(`\n${String(chosen.length - missed)} passed, ${String(missed)} failed`);
  return missed === 0 || values.referees;
}

function playAll(runs: number, seed: number): boolean {
  console.log(`${String(runs)} random programs, of seed ${String(seed)}`);
  const failure = playPrograms(town, { seed, runs });
  console.log(failure ?? '');
  console.log(failure === undefined ? '1 passed, 0 failed' : '0 passed, 1 failed');
  return failure === undefined;
}

async function main(): Promise<boolean> {
  if (values.programs !== undefined) {
    return playAll(Number(values.programs), Number(values.seed));
  }
  return values.faults ? huntAll() : exploreAll();
}

function format(count: number): string {
  return count.toLocaleString('en').padStart(9);
}

process.exitCode = (await main()) ? 0 : 1;
