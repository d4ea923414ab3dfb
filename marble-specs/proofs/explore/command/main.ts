/**
 * `npm run explore` plays every script of every world, and prints their number.
 *
 * - `-- --only NAME`: only worlds (or faults) with NAME in their names. `-- --steps N`: scripts of up to N steps.
 * - `-- --faults`: plants one bug after another into the library; the explorer must find each. With `--referees`, the library
 *   is compared with itself, which shows what the referees find without the model.
 * - `-- --programs N`: plays N random programs instead. `--seed S` plays those of one seed again.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { buildWorker } from './build.js';
import type { Exploration } from '../explore.js';
import { faults } from './faults.js';
import { playPrograms } from '../programs.js';
import type { Job } from './worker.js';
import { worlds } from '../worlds/index.js';
import { allPrimitives } from '../worlds/all-primitives.js';

/** The length of the longest script that a fault needs. */
const mostSteps = 4;

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

function start(worker: string, job: Job): Promise<Exploration> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: job });
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}

/** Does all jobs in order, as many at a time as there are cores. */
async function runAll(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const left = jobs.values();
  const runners = Array.from({ length: availableParallelism() }, async () => {
    for (const job of left) {
      await job();
    }
  });
  await Promise.all(runners);
}

async function exploreAll(): Promise<boolean> {
  const worker = await buildWorker('worker');
  const started = performance.now();
  let scripts = 0;
  let failed = 0;
  const chosen = worlds.flatMap((world, index) => (world.name.includes(values.only) ? [{ world, index }] : []));
  await runAll(
    chosen.map(({ world, index }) => async () => {
      const steps = values.steps === undefined ? world.steps : Number(values.steps);
      const explored = await start(worker, { world: index, steps });
      scripts += explored.scripts;
      console.log(`${format(explored.scripts)}  up to ${String(steps)} steps  ${world.name}`);
      if (explored.failure !== undefined) {
        failed++;
        console.error(`\n${explored.failure}\n`);
      }
    }),
  );
  console.log(`\n${format(scripts)} scripts in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  console.log(`${String(chosen.length - failed)} passed, ${String(failed)} failed`);
  return failed === 0;
}

async function findAll(): Promise<boolean> {
  const { failure: withoutFault } = await start(await buildWorker('worker'), { maxSteps: 2, first: '', withModel: true });
  if (withoutFault !== undefined) {
    throw new Error(`fails without a fault too:\n${withoutFault}`);
  }
  let missed = 0;
  const chosen = faults.filter(({ name }) => name.includes(values.only));
  await runAll(
    chosen.map((fault, index) => async () => {
      const worker = await buildWorker(`fault-${String(index)}`, fault);
      const { failure, scripts } = await start(worker, {
        maxSteps: mostSteps,
        first: fault.shows ?? '',
        withModel: !values.referees,
      });
      missed += failure === undefined ? 1 : 0;
      console.log(`\n${failure === undefined ? 'MISSED' : 'found'}, after ${format(scripts)} scripts: ${fault.name}`);
      console.log(failure ?? '');
    }),
  );
  console.log(`\n${String(chosen.length - missed)} passed, ${String(missed)} failed`);
  if (values.referees && missed > 0) {
    console.log('Without the model, a missed bug is no failure: the referees cannot see every bug.');
  }
  return missed === 0 || values.referees;
}

function playAll(runs: number, seed: number): boolean {
  console.log(`${String(runs)} random programs, of seed ${String(seed)}`);
  const failure = playPrograms(allPrimitives, { seed, runs });
  console.log(failure ?? '');
  console.log(failure === undefined ? '1 passed, 0 failed' : '0 passed, 1 failed');
  return failure === undefined;
}

async function main(): Promise<boolean> {
  if (values.programs !== undefined) {
    return playAll(Number(values.programs), Number(values.seed));
  }
  return values.faults ? findAll() : exploreAll();
}

function format(count: number): string {
  return count.toLocaleString('en').padStart(9);
}

process.exitCode = (await main()) ? 0 : 1;
