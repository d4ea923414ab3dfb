/**
 * Measures the built locks at Redis and PostgreSQL, with real servers and several processes, beside redis-semaphore and redlock.
 *
 *   npm run bench:servers                           everything
 *   npm run bench:servers -- waiters                the figures whose names contain the word
 *   npm run bench:servers -- --json figures.json    writes the figures too
 *   npm run bench:servers -- --rounds 5             measures 5 rounds instead of 15
 *
 * In each round each contestant does the job once, so that noise of the machine affects all of them. The command fails if a job
 * was not done, and not if a target is missed.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { findServers } from '../../scripts/servers.mjs';
import { asJson } from '../harness/json.js';
import { inTurn } from '../harness/measure.js';
import { Arena } from './arena.js';
import { cases, checkChecks, type Case } from './cases.js';
import type { ContestantName } from './contestants.js';
import { report, resultsOf, table, type FigureResult, type Samples } from './report.js';

const WARM_UP_ROUNDS = 2;

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, rounds: { type: 'string', default: '15' } },
});
const rounds = Number(options.rounds);
if (!(rounds >= 1)) {
  throw new RangeError(`--rounds must be a number of at least 1, but is ${options.rounds}`);
}
const chosen = cases.filter(({ figures }) =>
  figures.some(({ name }) => words.length === 0 || words.some((word) => name.includes(word))),
);
if (chosen.length === 0) {
  const names = cases.flatMap(({ figures }) => figures.map(({ name }) => `  ${name}`));
  throw new Error(`no figure has such a name; the figures are:\n${names.join('\n')}`);
}

findServers();
const arena = await Arena.start();
try {
  await checkChecks(arena);
  const results: FigureResult[] = [];
  for (const each of chosen) {
    for (const result of resultsOf(each, await samplesOf(each))) {
      results.push(result);
      console.log(`${table(result)}\n`);
    }
  }
  const targets = results.flatMap((result) => result.targets);
  const reached = targets.filter(({ isReached }) => isReached);
  console.log(`${String(reached.length)} of ${String(targets.length)} targets reached`);
  if (options.json !== undefined) {
    writeFileSync(options.json, asJson(report(await arena.versions(), results)));
  }
} finally {
  await arena.stop();
}

async function samplesOf({ of, sample, samples: factor = 1 }: Case): Promise<Samples> {
  const samples = new Map<ContestantName, (readonly number[])[]>(of.map((name) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds * factor; round++) {
    for (const name of inTurn(of, round + WARM_UP_ROUNDS)) {
      const taken = await sample(arena, name);
      if (round >= 0) {
        samples.get(name)?.push(taken);
      }
    }
  }
  return samples;
}
