import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

import type { CaseResult, ContestantResult } from './measure.js';

/** What `--json` writes. */
export interface Report {
  readonly node: string;
  readonly processor: string;
  /** Of the packages that were measured. */
  readonly versions: Readonly<Record<string, string>>;
  readonly cases: readonly CaseResult[];
}

const packages = ['rxjs', 'async-mutex', 'p-limit'];

export function report(cases: readonly CaseResult[]): Report {
  return {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    versions: Object.fromEntries([
      ['rxjs-locks', versionIn('../../../package.json')],
      ...packages.map((name) => [name, versionIn(`../../../node_modules/${name}/package.json`)]),
    ]) as Record<string, string>,
    cases,
  };
}

/** A case as a table: the times, and ours / theirs with the half of the rounds that is nearest to the median. */
export function table({ name, size, rounds, contestants }: CaseResult): string {
  const title = `${name}, ${size.toLocaleString('en')}`.padEnd(44);
  const heading = `${title}${'µs each'.padStart(10)}${'ours / theirs'.padStart(26)}   ${String(rounds)} rounds`;
  return [heading, ...contestants.map(line)].join('\n');
}

/** Whether we are as fast as we want to be. */
export function isReached({ role, ratio, atMost }: ContestantResult): boolean {
  return role === 'ours' || ratio.median <= atMost;
}

function line(contestant: ContestantResult): string {
  const { name, role, time, ratio, atMost } = contestant;
  const spread = `${ratio.low.toFixed(2)} … ${ratio.high.toFixed(2)}`;
  const compared = role === 'ours' ? '' : `${ratio.median.toFixed(2)}  (${spread})`;
  const missed = isReached(contestant) ? '' : `   ABOVE ${String(atMost)}`;
  return `  ${name.padEnd(42)}${time.median.toFixed(3).padStart(10)}${compared.padStart(26)}${missed}`;
}

/** Of a package.json, relative to where this file is when it is built. */
function versionIn(path: string): string {
  const { version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string };
  return version;
}
