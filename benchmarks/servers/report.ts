import { cpus } from 'node:os';

import { compared, type ContestantResult } from '../harness/measure.js';
import { environment, type Environment } from '../harness/report.js';
import type { Bound, Case, Figure } from './cases.js';
import { contestants, type ContestantName } from './contestants.js';

/** The contents of the file that `--json` writes. The tables are made from it. */
export interface Report extends Environment {
  /** How many processors the servers and all processes share. */
  readonly processors: number;
  /** The versions of the servers. */
  readonly servers: Readonly<Record<string, string>>;
  readonly figures: readonly FigureResult[];
}

export interface FigureResult {
  readonly name: string;
  readonly unit: string;
  readonly rounds: number;
  readonly contestants: readonly ContestantResult[];
  readonly targets: readonly Target[];
}

interface Target extends Bound {
  readonly isReached: boolean;
}

/** For each contestant, what a case has measured in each round. */
export type Samples = ReadonlyMap<ContestantName, readonly (readonly number[])[]>;

const packages = ['rxjs', 'ioredis', 'pg', 'redis-semaphore', 'redlock'];

export function report(servers: Report['servers'], figures: readonly FigureResult[]): Report {
  return { ...environment(packages), processors: cpus().length, servers, figures };
}

/** Compares the contestants in each figure of a case. */
export function resultsOf({ figures, of: all }: Case, samples: Samples): FigureResult[] {
  return figures.map(({ name, unit, of = all, bounds }: Figure, index) => {
    const runs = of.map((contestant) => ({
      contestant: { name: contestant, role: contestants[contestant].role },
      samples: (samples.get(contestant) ?? []).map((sample) => sample[index] ?? NaN),
    }));
    const results = compared(runs);
    const targets = bounds.map((bound) => targetOf(bound, results));
    return { name, unit, rounds: runs[0]?.samples.length ?? 0, contestants: results, targets };
  });
}

function targetOf(bound: Bound, results: readonly ContestantResult[]): Target {
  const { against, atMost = Infinity, atLeast = -Infinity } = bound;
  const value = against === undefined ? results[0]?.amount : results.find(({ name }) => name === against)?.ratio;
  const { median } = value ?? { median: NaN };
  return { ...bound, isReached: median <= atMost && median >= atLeast };
}

/** A figure as a table, in plain text. */
export function table({ name, unit, rounds, contestants: results, targets }: FigureResult): string {
  const lines = results.map(({ name: contestant, amount, ratio }, index) => {
    const missed = targets.filter(({ against = results[0]?.name, isReached }) => against === contestant && !isReached);
    const compared = index === 0 ? '' : `${ratio.median.toFixed(3)}  (${ratio.low.toFixed(3)} … ${ratio.high.toFixed(3)})`;
    const amounts = `${amount.median.toFixed(2)}  (${amount.low.toFixed(2)} … ${amount.high.toFixed(2)})`;
    return `  ${contestant.padEnd(18)}${amounts.padStart(36)}${compared.padStart(28)}${missed.length > 0 ? '   MISSED' : ''}`;
  });
  return [`${name}, ${unit}; ours / theirs; ${String(rounds)} rounds`, ...lines].join('\n');
}
