/** The performance targets, and whether they are reached. */
import type { CaseResult, ContestantResult, GrowthResult } from './measure.js';
import type { Summary } from './statistics.js';

export interface Target {
  readonly name: string;
  /** The size of the case. For a growth, the larger size. */
  readonly size: number;
  readonly from?: number;
  readonly of: string;
  /** The unit of `ours` and `theirs`: the cost of one operation, or × for a growth. */
  readonly unit: 'µs' | 'bytes' | '×';
  readonly ours: number;
  /** The contestant to compare with. For a growth, the peer with the least growth, if any peer was measured. */
  readonly against?: string;
  readonly theirs?: number;
  /** The features that this contestant lacks. */
  readonly without?: readonly string[] | undefined;
  /** The ratio ours / theirs. For a growth, ours. */
  readonly ratio: Summary;
  readonly atMost: number;
  /** Whether the growth of the best peer is allowed too. */
  readonly orAsPeers?: boolean;
  readonly isReached: boolean;
}

/** The targets of a case: no slower than the best peer, whatever it lacks, and within the bound of each floor. */
export function targetsOf({ name, size, of, unit, contestants }: CaseResult): Target[] {
  const ours = contestants.find(({ role }) => role === 'ours')?.amount.median ?? NaN;
  const best = least(
    contestants.filter(({ role }) => role === 'peer'),
    ({ amount }) => amount,
  );
  return [...(best === undefined ? [] : [best]), ...contestants.filter(({ atMost }) => atMost !== undefined)].map(
    ({ name: against, without, amount, ratio, atMost = 1 }: ContestantResult) => ({
      name,
      size,
      of,
      unit,
      ours,
      against,
      theirs: amount.median,
      without,
      ratio,
      atMost,
      isReached: ratio.median <= atMost,
    }),
  );
}

export function targetOfGrowth({ name, from, to: size, of, atMost, orAsPeers = false, contestants }: GrowthResult): Target {
  const ratio = contestants.find(({ role }) => role === 'ours')?.growth ?? { median: NaN, low: NaN, high: NaN };
  const best = least(
    contestants.filter(({ role }) => role === 'peer'),
    ({ growth }) => growth,
  );
  const theirs = best?.growth.median ?? NaN;
  return {
    name: `${name}: growth`,
    size,
    from,
    of,
    unit: '×',
    ours: ratio.median,
    ...(best === undefined ? {} : { against: best.name, theirs, without: best.without }),
    ratio,
    atMost,
    orAsPeers,
    isReached: ratio.median <= atMost || (orAsPeers && ratio.median <= theirs),
  };
}

function least<T>(all: readonly T[], summary: (one: T) => Summary): T | undefined {
  return [...all].sort((a, b) => summary(a).median - summary(b).median)[0];
}
