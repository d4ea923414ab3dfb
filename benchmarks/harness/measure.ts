/**
 * Measures the contestants of a case side by side: in every round each of them does the work once, so that what the
 * machine does to one it does to all, and the ratio of a round is taken before the ratios are compared.
 *
 * ```
 *   round 0    ours  a     b         as they are listed
 *   round 1    b     a     ours      backwards
 *   round 2    a     b     ours      the next one begins
 *   round 3    ours  b     a         … so that nobody always pays for the garbage of the same other
 * ```
 *
 * Tinybench takes the samples and says how they deviate. It does not order them: left alone it finishes one task before
 * it begins the next, as mitata does, and then a ratio would compare two different minutes of a noisy machine. So each
 * of its tasks is run for one iteration at a time. No collection is forced between samples: that makes V8 throw compiled
 * code away, and garbage is part of what a contestant costs.
 */
import { Bench, type Task } from 'tinybench';

import type { Case, Contestant, Role } from './case.js';
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
  /** Microseconds for one caller or value. */
  readonly time: Summary;
  /** Ours / theirs, of the same round. */
  readonly ratio: Summary;
  readonly atMost: number;
}

export interface CaseResult {
  readonly name: string;
  readonly size: number;
  readonly rounds: number;
  readonly contestants: readonly ContestantResult[];
}

const WARM_UP_ROUNDS = 6;

export async function measure({ name, contestants, perSample = 10_000 }: Case, size: number, limits: Limits): Promise<CaseResult> {
  const repeats = Math.max(1, Math.round(perSample / size));
  const bench = new Bench({ iterations: 1, time: 0, warmup: false, retainSamples: true, throws: true });
  for (const contestant of contestants) {
    bench.add(
      contestant.name,
      async () => {
        for (let i = 0; i < repeats; i++) {
          await contestant.run(size);
        }
      },
      { async: true },
    );
  }

  const samples = bench.tasks.map((): number[] => []);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    for (const place of order(round, contestants.length)) {
      await sample(bench.tasks[place]);
    }
  }
  let rounds = 0;
  for (const end = performance.now() + limits.time; rounds < limits.rounds || performance.now() < end; rounds++) {
    for (const place of order(rounds, contestants.length)) {
      samples[place]?.push((1000 * (await sample(bench.tasks[place]))) / (size * repeats));
    }
  }
  return { name, size, rounds, contestants: compare(contestants, samples) };
}

/** Who comes when. */
function order(round: number, count: number): number[] {
  const first = Math.floor(round / 2);
  const places = Array.from({ length: count }, (_, i) => (first + i) % count);
  return round % 2 === 0 ? places : places.reverse();
}

/** Runs a task once; says how many milliseconds it took. */
async function sample(task: Task | undefined): Promise<number> {
  task?.reset();
  await task?.run();
  const result = task?.result;
  const taken = result?.state === 'completed' ? result.latency.samples?.[0] : undefined;
  if (taken === undefined) {
    throw new Error(`${task?.name ?? 'a task'} was not measured: it is ${result?.state ?? 'missing'}`);
  }
  return taken;
}

function compare(contestants: readonly Contestant[], samples: readonly (readonly number[])[]): ContestantResult[] {
  const ours = samples[contestants.findIndex(({ role }) => role === 'ours')] ?? [];
  return contestants.map(({ name, role, atMost = 1 }, place) => {
    const theirs = samples[place] ?? [];
    const ratios = theirs.map((taken, round) => (ours[round] ?? NaN) / taken);
    return { name, role, time: summarize(theirs), ratio: summarize(ratios), atMost };
  });
}
