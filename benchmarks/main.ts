/**
 * Measures the built library against its peers.
 *
 *   npm run bench                           everything
 *   npm run bench -- withLock               the cases whose names contain it, whatever its case
 *   npm run bench -- --json figures.json    writes the figures too
 *   npm run bench -- --time 5000            measures each size of a case for so many milliseconds
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { cases } from './cases/index.js';
import { measure, type CaseResult } from './harness/measure.js';
import { isReached, report, table } from './harness/report.js';

const { values: options, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    time: { type: 'string', default: '3000' },
    rounds: { type: 'string', default: '20' },
  },
});

const limits = { time: atLeastOne('time'), rounds: atLeastOne('rounds') };
const chosen = cases.filter(
  ({ name }) => filters.length === 0 || filters.some((filter) => name.toLowerCase().includes(filter.toLowerCase())),
);
if (chosen.length === 0) {
  throw new Error(`no case has such a name; there are:\n${cases.map(({ name }) => `  ${name}`).join('\n')}`);
}

const results: CaseResult[] = [];
for (const each of chosen) {
  for (const size of each.sizes) {
    const result = await measure(each, size, limits);
    results.push(result);
    console.log(`${table(result)}\n`);
  }
}

const compared = results.flatMap(({ contestants }) => contestants).filter(({ role }) => role !== 'ours');
const reached = compared.filter(isReached);
console.log(`${String(reached.length)} of ${String(compared.length)} targets reached`);

if (options.json !== undefined) {
  writeFileSync(options.json, `${JSON.stringify(report(results), undefined, 2)}\n`);
}

function atLeastOne(name: 'time' | 'rounds'): number {
  const value = Number(options[name]);
  if (!(value >= 1)) {
    throw new RangeError(`--${name} must be a number of at least 1, but is ${options[name]}`);
  }
  return value;
}
