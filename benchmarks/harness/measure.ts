/**
 * Measures the contestants of a case side by side: in every round each of them does the work once at each size, so that
 * what the machine does to one it does to all, and the ratio of a round is taken before the ratios are compared.
 *
 * ```
 *   round 0    ours  a     b         as they are listed
 *   round 1    b     a     ours      backwards
 *   round 2    a     b     ours      the next one begins
 *   round 3    ours  b     a         … so that nobody always pays for the garbage of the same other
 * ```
 *
 * Tinybench takes the samples. It does not order them: left alone it finishes one task before it begins the next, as
 * mitata does, and then a ratio would compare two different minutes of a noisy machine. So each of its tasks is run for
 * one iteration at a time. No collection is forced between samples: that makes V8 throw compiled code away, and garbage
 * is part of what a contestant costs.
 */
import { Bench, type Task } from 'tinybench';

import type { Case, Contestant, Growth, Role } from './case.js';
import { summarize, type Summary } from './statistics.js';

export interface Limits {
  /** For how long one size of a case is measured, in milliseconds, unless it takes longer to do {@link rounds}. */
  readonly time: number;
  /** How many rounds there are at least. */
  readonly rounds: number;
}

export interface ContestantResult {
  readonly name: string;
  readonly role: Role;
  readonly without?: readonly string[] | undefined;
  /** What one caller or value takes, in the unit of the case. */
  readonly amount: Summary;
  /** Ours / theirs, of the same round. */
  readonly ratio: Summary;
  readonly atMost?: number | undefined;
}

/** A case at one of its sizes. */
export interface CaseResult {
  readonly name: string;
  readonly size: number;
  readonly of: string;
  readonly unit: 'µs' | 'bytes';
  readonly rounds: number;
  readonly contestants: readonly ContestantResult[];
}

export interface GrowthResult extends Growth {
  readonly name: string;
  readonly of: string;
  readonly from: number;
  readonly to: number;
  /** The amount at the greatest size / at the least one, of the same round; of those that are measured at both. */
  readonly contestants: readonly (Pick<ContestantResult, 'name' | 'role' | 'without'> & { readonly growth: Summary })[];
}

export interface Measured {
  readonly cases: readonly CaseResult[];
  readonly growth: GrowthResult | undefined;
}

/** One contestant at one size. */
export interface Run {
  readonly contestant: Pick<Contestant, 'name' | 'role' | 'without' | 'atMost'>;
  readonly size: number;
  /** One for each round. */
  readonly samples: number[];
}

interface TimedRun extends Run {
  readonly contestant: Contestant;
  readonly task: Task;
  /** How often the work is done in a sample. */
  repeats: number;
}

const WARM_UP_ROUNDS = 6;

/** Milliseconds after which a sample is long enough, however few things were done in it. */
const LONG_ENOUGH = 250;

export async function measure(measured: Case, limits: Limits): Promise<Measured> {
  const runs = setUp(measured);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    for (const run of inOrder(runs, round)) {
      const taken = await sample(run);
      run.repeats = Math.min(run.repeats, Math.max(1, Math.ceil((LONG_ENOUGH / taken) * run.repeats)));
    }
  }
  let rounds = 0;
  const end = performance.now() + limits.time * measured.sizes.length;
  for (; rounds < limits.rounds || performance.now() < end; rounds++) {
    for (const run of inOrder(runs, rounds)) {
      run.samples.push((1000 * (await sample(run))) / (run.repeats * (measured.each ?? run.size)));
    }
  }
  for (const { contestant, size } of runs) {
    await contestant.finish?.(size);
  }
  return {
    cases: measured.sizes.map((size) => resultOf(measured, size, 'µs', runs)),
    growth: growthOf(measured, runs),
  };
}

function setUp({ contestants, sizes, each, perSample = 10_000 }: Case): TimedRun[] {
  const bench = new Bench({ iterations: 1, time: 0, warmup: false, retainSamples: true, throws: true });
  return sizes.flatMap((size) =>
    contestants
      .filter(({ longest = Infinity }) => size <= longest)
      .map((contestant): TimedRun => {
        const name = `${contestant.name}, ${String(size)}`;
        const work = async (): Promise<{ overriddenDuration?: number }> => {
          let counted = NaN;
          for (let i = 0; i < run.repeats; i++) {
            const taken = await contestant.run(size);
            counted = taken === undefined ? NaN : taken + (i === 0 ? 0 : counted);
          }
          return Number.isNaN(counted) ? {} : { overriddenDuration: counted };
        };
        const task = bench.add(name, work, { async: true }).getTask(name);
        if (task === undefined) {
          throw new Error(`two contestants are called ${name}`);
        }
        const run = { contestant, size, samples: [], task, repeats: Math.max(1, Math.round(perSample / (each ?? size))) };
        return run;
      }),
  );
}

/** The sizes one after another, and at each of them the contestants in the order of the round. */
function inOrder(runs: readonly TimedRun[], round: number): TimedRun[] {
  const sizes = [...new Set(runs.map(({ size }) => size))];
  return sizes.flatMap((size) => {
    const ofThisSize = runs.filter((run) => run.size === size);
    const first = Math.floor(round / 2) % ofThisSize.length;
    const rotated = [...ofThisSize.slice(first), ...ofThisSize.slice(0, first)];
    return round % 2 === 0 ? rotated : rotated.reverse();
  });
}

/** Does the work of a run once, or as often as it is repeated; says how many milliseconds that took. */
async function sample({ task }: TimedRun): Promise<number> {
  task.reset();
  await task.run();
  const { result } = task;
  const taken = result.state === 'completed' ? result.latency.samples?.[0] : undefined;
  if (taken === undefined) {
    throw new Error(`${task.name} was not measured: it is ${result.state}`);
  }
  return taken;
}

/** Compares those that ran at a size, once all samples are there. */
export function resultOf(
  { name, of }: Pick<Case, 'name' | 'of'>,
  size: number,
  unit: CaseResult['unit'],
  runs: readonly Run[],
): CaseResult {
  const ofThisSize = runs.filter((run) => run.size === size);
  const ours = ofThisSize.find(({ contestant }) => contestant.role === 'ours')?.samples ?? [];
  return {
    name,
    size,
    of,
    unit,
    rounds: ours.length,
    contestants: ofThisSize.map(({ contestant: { name, role, without, atMost }, samples }) => ({
      name,
      role,
      without,
      amount: summarize(samples),
      ratio: summarize(quotients(ours, samples)),
      atMost,
    })),
  };
}

function growthOf({ name, of, sizes, growth }: Case, runs: readonly TimedRun[]): GrowthResult | undefined {
  const [from, to] = [sizes[0], sizes.at(-1)];
  if (growth === undefined || from === undefined || to === undefined) {
    return undefined;
  }
  const contestants = runs
    .filter(({ size }) => size === to)
    .map(({ contestant, samples }) => {
      const least = runs.find((run) => run.size === from && run.contestant === contestant)?.samples ?? [];
      const { name, role, without } = contestant;
      return { name, role, without, growth: summarize(quotients(samples, least)) };
    });
  return { name, of, from, to, ...growth, contestants };
}

function quotients(dividends: readonly number[], divisors: readonly number[]): number[] {
  return divisors.map((divisor, round) => (dividends[round] ?? NaN) / divisor);
}
