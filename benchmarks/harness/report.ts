import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

import type { CaseResult, GrowthResult } from './measure.js';
import type { Summary } from './statistics.js';
import { targetOfGrowth, targetsOf, type Target } from './targets.js';

/** Where a run took place, and of what. */
export interface Environment {
  readonly node: string;
  readonly processor: string;
  /** The versions of the measured packages. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The contents of the file that `--json` writes. The tables are made from it. */
export interface Report extends Environment {
  readonly cases: readonly CaseResult[];
  readonly growth: readonly GrowthResult[];
  readonly targets: readonly Target[];
}

const packages = ['rxjs', 'async-mutex', 'async-sema', '@esfx/async-mutex', 'p-limit', 'p-queue', 'effect', 'cockatiel'];

export function report(cases: readonly CaseResult[], growth: readonly GrowthResult[]): Report {
  return { ...environment(packages), cases, growth, targets: [...cases.flatMap(targetsOf), ...growth.map(targetOfGrowth)] };
}

export function environment(packages: readonly string[]): Environment {
  return {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    versions: Object.fromEntries([
      ['rxjs-locks', versionIn('../../../package.json')],
      ...packages.map((name) => [name, versionIn(`../../../node_modules/${name}/package.json`)]),
    ]) as Record<string, string>,
  };
}

/** A case as a table: the cost of one operation, and the ratio ours / theirs with its middle half of the rounds. */
export function table(result: CaseResult): string {
  const { unit, rounds, contestants } = result;
  const missed = targetsOf(result).filter(({ isReached }) => !isReached);
  const heading = `${title(result)}${`${unit} each`.padStart(10)}${'ours / theirs'.padStart(26)}   ${String(rounds)} rounds`;
  const lines = contestants.map(({ name, amount, ratio }, index) => {
    const target = missed.find(({ against }) => against === name);
    return line(name, amount.median.toFixed(unit === 'µs' ? 3 : 0), index === 0 ? undefined : ratio, target);
  });
  return [heading, ...lines].join('\n');
}

/** The growth of a case as a table. */
export function tableOfGrowth(result: GrowthResult): string {
  const { from, contestants } = result;
  const target = targetOfGrowth(result);
  const heading = `${title(target)}${`from ${from.toLocaleString('en')}`.padStart(36)}`;
  const lines = contestants.map(({ name, role, growth }) =>
    line(name, '', growth, role === 'ours' && !target.isReached ? target : undefined),
  );
  return [heading, ...lines].join('\n');
}

function title({ name, size, of }: { name: string; size: number; of: string }): string {
  return `${name}, ${size.toLocaleString('en')} ${of}`.padEnd(44);
}

function line(name: string, amount: string, ratio: Summary | undefined, missed: Target | undefined): string {
  const compared = ratio === undefined ? '' : `${ratio.median.toFixed(2)}  (${ratio.low.toFixed(2)} … ${ratio.high.toFixed(2)})`;
  const above = missed === undefined ? '' : `   ABOVE ${String(missed.atMost)}`;
  return `  ${name.padEnd(42)}${amount.padStart(10)}${compared.padStart(26)}${above}`;
}

/** The version in a package.json. The path is relative to the built file. */
function versionIn(path: string): string {
  const { version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string };
  return version;
}
