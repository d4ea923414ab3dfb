/**
 * Measures the contestants of a case side by side. In each round each contestant does the job once at each size, so that noise
 * of the machine affects all of them. The ratio ours / theirs is taken within a round. The order changes from round to round:
 *
 * ```
 *   round 0    ours  a     b         in the order of the list
 *   round 1    b     a     ours      backwards
 *   round 2    a     b     ours      rotated by one
 *   round 3    ours  b     a         backwards
 * ```
 *
 * So no contestant always follows the same other one, whose garbage it would have to collect.
 *
 * Tinybench takes the samples. Like mitata, it would finish one benchmark before the next, and a ratio would compare two different
 * minutes of a noisy machine. So this file runs each of its benchmarks for one iteration at a time.
 *
 * No garbage collection is forced between samples: it makes V8 discard compiled code, and garbage is part of the cost.
 */
import { Bench, type Task } from 'tinybench';

import type { Case, Contestant, Growth, Role } from './case.js';
import { summarize, type Summary } from './statistics.js';

export interface Limits {
  /** Milliseconds of measuring for each size of a case. It takes longer if {@link rounds} are not done by then. */
  readonly time: number;
  /** The minimum number of rounds. */
  readonly rounds: number;
}

export interface ContestantResult {
  readonly name: string;
  readonly role: Role;
  readonly without?: readonly string[] | undefined;
  /** The cost of one caller or value, in the unit of the case. */
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
  /** The amount at the largest size / at the smallest one, within a round. Only contestants that are measured at both. */
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
  /** One sample for each round. */
  readonly samples: number[];
}

interface TimedRun extends Run {
  readonly contestant: Contestant;
  readonly task: Task;
  /** The number of runs in a sample. */
  repeats: number;
}

const WARM_UP_ROUNDS = 6;

/** A sample needs no more runs than take this many milliseconds, even if it has fewer operations than `perSample`. */
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
        const runAll = async (): Promise<{ overriddenDuration?: number }> => {
          let counted = NaN;
          for (let i = 0; i < run.repeats; i++) {
            const taken = await contestant.run(size);
            counted = taken === undefined ? NaN : taken + (i === 0 ? 0 : counted);
          }
          return Number.isNaN(counted) ? {} : { overriddenDuration: counted };
        };
        const task = bench.add(name, runAll, { async: true }).getTask(name);
        if (task === undefined) {
          throw new Error(`two contestants are named ${name}`);
        }
        const run = { contestant, size, samples: [], task, repeats: Math.max(1, Math.round(perSample / (each ?? size))) };
        return run;
      }),
  );
}

/** All runs by size, and within each size in the order of the round. */
function inOrder(runs: readonly TimedRun[], round: number): TimedRun[] {
  const sizes = [...new Set(runs.map(({ size }) => size))];
  return sizes.flatMap((size) =>
    inTurn(
      runs.filter((run) => run.size === size),
      round,
    ),
  );
}

/** The contestants in the order of the round. */
export function inTurn<T>(contestants: readonly T[], round: number): T[] {
  const first = Math.floor(round / 2) % contestants.length;
  const rotated = [...contestants.slice(first), ...contestants.slice(0, first)];
  return round % 2 === 0 ? rotated : rotated.reverse();
}

/** Takes one sample, and returns its milliseconds. */
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

/** Compares the contestants at one size, from all their samples. */
export function resultOf(
  { name, of }: Pick<Case, 'name' | 'of'>,
  size: number,
  unit: CaseResult['unit'],
  runs: readonly Run[],
): CaseResult {
  const ofThisSize = runs.filter((run) => run.size === size);
  return { name, size, of, unit, rounds: ofThisSize[0]?.samples.length ?? 0, contestants: compared(ofThisSize) };
}

/** Compares contestants that did the same job in the same rounds: each with the first of ours. */
export function compared(runs: readonly Pick<Run, 'contestant' | 'samples'>[]): ContestantResult[] {
  const ours = runs.find(({ contestant }) => contestant.role === 'ours')?.samples ?? [];
  return runs.map(({ contestant: { name, role, without, atMost }, samples }) => ({
    name,
    role,
    without,
    amount: summarize(samples),
    ratio: summarize(quotients(ours, samples)),
    atMost,
  }));
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
