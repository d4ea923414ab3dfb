/**
 * Compares both contestants in one page. In each round each contestant sends all requests once, so that noise of the machine
 * affects both. The order changes from round to round.
 */
import type { Browser } from 'playwright-core';

import { summarize, type Summary } from '../harness/statistics.js';
import { must } from '../harness/task.js';
import { BenchmarkPage, traceTasks, type MeasuredRun } from './chrome.js';
import { OURS, PERMITS, REQUESTS, THEIRS, UNLIMITED, type Backend, type Contestant } from './protocol.js';
import type { ItemServer } from './server.js';

export const WARM_UP_ROUNDS = 2;

export interface ContestantResult {
  readonly name: Contestant;
  /** The time for all requests in milliseconds. */
  readonly time: Summary;
  /** The ratio ours / theirs within a round. */
  readonly ratio: Summary;
  /** The processor time of the main thread in milliseconds. */
  readonly busy: Summary;
  readonly busyRatio: Summary;
  /** The largest number of requests under way at the same time, as counted by the page and by the server. */
  readonly most: { readonly inPage: number; readonly atServer: number };
  /** The duration in milliseconds of each long task in all runs, warm-up included. */
  readonly longTasks: readonly number[];
  /**
   * The processor time in milliseconds of the longest task, in a separate run in a fresh page. The duration would also count
   * the time in which the task waits for a processor.
   */
  readonly longestTask: number;
}

export interface BackendResult {
  readonly backend: Backend;
  readonly contestants: readonly ContestantResult[];
}

interface CountedRun extends MeasuredRun {
  readonly mostAtServer: number;
}

export async function compare(browser: Browser, server: ItemServer, backend: Backend, rounds: number): Promise<BackendResult> {
  const { origins } = server;
  const open = (): Promise<BenchmarkPage> => BenchmarkPage.open(browser, `${origins[0] ?? ''}/?backend=${backend}`);
  let count = 0;

  /** Throws unless the page requested each item once. */
  const run = async (page: BenchmarkPage, contestant: Contestant): Promise<CountedRun> => {
    const name = `${backend}-${String(count++)}`;
    const measured = await page.run({ contestant, run: name, origins });
    const { requests, asked, running, most } = server.tallyOf(name);
    must(
      requests === REQUESTS && asked.size === REQUESTS && running === 0,
      `the server got ${String(requests)} requests for ${String(asked.size)} items, and ${String(running)} are still under way`,
    );
    return { ...measured, mostAtServer: most };
  };

  const page = await open();
  const [ours, theirs]: [CountedRun[], CountedRun[]] = [[], []];
  const turns = [
    { name: OURS, runs: ours },
    { name: THEIRS, runs: theirs },
  ] as const;
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    for (const { name, runs } of round % 2 === 0 ? turns : [...turns].reverse()) {
      const counted = await run(page, name);
      must(
        counted.most === PERMITS && counted.mostAtServer === PERMITS,
        `${name} had ${counts(counted)}, not ${String(PERMITS)}`,
      );
      runs.push(counted);
    }
  }

  // Checks the checks: too many requests at a time, and a task that is too long, must both be detected.
  const unlimited = await run(page, UNLIMITED);
  must(
    unlimited.most === REQUESTS && unlimited.mostAtServer > PERMITS,
    `${UNLIMITED}, which limits nothing, had ${counts(unlimited)}`,
  );
  must(
    (await page.block(100)).some((time) => time >= 100),
    'a long task was not detected',
  );
  await page.close();

  const contestants: ContestantResult[] = [];
  for (const { name, runs } of turns) {
    const fresh = await open();
    const tasks = await traceTasks(browser, () => run(fresh, name));
    must(tasks.length >= REQUESTS, `Chrome traced only ${String(tasks.length)} tasks for ${String(REQUESTS)} requests`);
    await fresh.close();
    contestants.push(
      result(
        name,
        runs,
        ours,
        tasks.reduce((longest, time) => Math.max(longest, time), 0),
      ),
    );
  }
  return { backend, contestants };
}

function counts({ most, mostAtServer }: CountedRun): string {
  return `${String(most)} requests under way at the same time by the count of the page, and ${String(mostAtServer)} by that of the server`;
}

function result(
  name: Contestant,
  all: readonly CountedRun[],
  allOfOurs: readonly CountedRun[],
  longestTask: number,
): ContestantResult {
  const [runs, ours] = [all.slice(WARM_UP_ROUNDS), allOfOurs.slice(WARM_UP_ROUNDS)];
  const ratios = (of: (run: CountedRun) => number): number[] => runs.map((run, round) => of(ours[round] ?? run) / of(run));
  return {
    name,
    time: summarize(runs.map(({ taken }) => taken)),
    ratio: summarize(ratios(({ taken }) => taken)),
    busy: summarize(runs.map(({ busy }) => busy)),
    busyRatio: summarize(ratios(({ busy }) => busy)),
    most: {
      inPage: Math.max(...all.map(({ most }) => most)),
      atServer: Math.max(...all.map(({ mostAtServer }) => mostAtServer)),
    },
    longTasks: all.flatMap(({ longTasks }) => longTasks),
    longestTask,
  };
}
