/**
 * Measures the built library against its peers.
 *
 *   npm run bench                           everything
 *   npm run bench -- withLock               the cases whose names contain the word, in upper or lower case
 *   npm run bench -- --json figures.json    writes the figures too
 *   npm run bench -- --drain                measures how long a long queue blocks the thread
 *   npm run bench -- --ablation             measures what the parts buy that exist for speed alone
 *   npm run bench -- --time 5000            measures each size of a case for 5000 milliseconds
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { cases } from './cases/index.js';
import { asJson } from './harness/json.js';
import { measure, type CaseResult, type GrowthResult } from './harness/measure.js';
import { name as bytes, measureBytes } from './harness/measure-bytes.js';
import { report, table, tableOfGrowth } from './harness/report.js';

const { values: options, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: {
    ablation: { type: 'boolean', default: false },
    drain: { type: 'boolean', default: false },
    json: { type: 'string' },
    time: { type: 'string', default: '3000' },
    rounds: { type: 'string', default: '20' },
  },
});

if (options.drain) {
  await import('./drain.js');
  process.exit();
}
if (options.ablation) {
  await import('./ablation.js');
  process.exit();
}

const limits = { time: atLeastOne('time'), rounds: atLeastOne('rounds') };
const isChosen = (name: string): boolean =>
  filters.length === 0 || filters.some((filter) => name.toLowerCase().includes(filter.toLowerCase()));
const names = [...cases.map(({ name }) => name), bytes];
if (!names.some(isChosen)) {
  throw new Error(`no case has such a name; the cases are:\n${names.map((name) => `  ${name}`).join('\n')}`);
}

const results: CaseResult[] = [];
const growths: GrowthResult[] = [];
for (const each of cases.filter(({ name }) => isChosen(name))) {
  const { cases: measured, growth } = await measure(each, limits);
  for (const result of measured) {
    results.push(result);
    console.log(`${table(result)}\n`);
  }
  if (growth !== undefined) {
    growths.push(growth);
    console.log(`${tableOfGrowth(growth)}\n`);
  }
}
if (isChosen(bytes)) {
  const result = await measureBytes();
  results.push(result);
  console.log(`${table(result)}\n`);
}

const reported = report(results, growths);
const reached = reported.targets.filter(({ isReached }) => isReached);
console.log(`${String(reached.length)} of ${String(reported.targets.length)} targets reached`);

if (options.json !== undefined) {
  writeFileSync(options.json, asJson(reported));
}

function atLeastOne(name: 'time' | 'rounds'): number {
  const value = Number(options[name]);
  if (!(value >= 1)) {
    throw new RangeError(`--${name} must be a number of at least 1, but is ${options[name]}`);
  }
  return value;
}
