/** What we want to be, and whether we are. */
import type { CaseResult, ContestantResult, GrowthResult } from './measure.js';
import type { Summary } from './statistics.js';

export interface Target {
  readonly name: string;
  /** At this size; of a growth, from another one up to it. */
  readonly size: number;
  readonly from?: number;
  readonly of: string;
  /** What we and they take for one; of a growth, what that grows by. */
  readonly unit: 'µs' | 'bytes' | '×';
  readonly ours: number;
  /** Whom we are compared to. Of a growth it is the peer that grows least, if any was measured. */
  readonly against?: string;
  readonly theirs?: number;
  /** What that one does not do. */
  readonly without?: readonly string[] | undefined;
  /** Ours / theirs; of a growth, ours. */
  readonly ratio: Summary;
  readonly atMost: number;
  /** Or no more than theirs. */
  readonly orAsPeers?: boolean;
  readonly isReached: boolean;
}

/** No slower than the best peer, whatever it lacks, and within the bounds that floors have. */
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
