/**
 * Has both contestants send the requests in turn, in one page: in every round each of them does it once, so that what the
 * machine does to one it does to the other; who begins changes from round to round.
 */
import type { Browser } from 'playwright-core';

import { summarize, type Summary } from '../harness/statistics.js';
import { must } from '../harness/work.js';
import { BenchmarkPage, traceTasks, type MeasuredRun } from './chrome.js';
import { OURS, PERMITS, REQUESTS, THEIRS, UNLIMITED, type Backend, type Contestant } from './protocol.js';
import type { ItemServer } from './server.js';

export const WARM_UP_ROUNDS = 2;

export interface ContestantResult {
  readonly name: Contestant;
  /** Milliseconds for all requests. */
  readonly time: Summary;
  /** Ours / theirs, of the same round. */
  readonly ratio: Summary;
  /** Milliseconds for which the main thread had a processor. */
  readonly busy: Summary;
  readonly busyRatio: Summary;
  /** How many requests were under way at the same time, at most, as the page and as the server count. */
  readonly most: { readonly inPage: number; readonly atServer: number };
  /** Milliseconds of each long task in one of its runs, by the clock, those to warm up included. */
  readonly longTasks: readonly number[];
  /**
   * Milliseconds for which the longest task had a processor, in a run of its own in a page that has just been loaded: by
   * the clock a task is long also where it has to wait for others.
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

  /** Throws unless the server was asked for each item once. */
  const run = async (page: BenchmarkPage, contestant: Contestant): Promise<CountedRun> => {
    const name = `${backend}-${String(count++)}`;
    const measured = await page.run({ contestant, run: name, origins });
    const { requests, asked, running, most } = server.tallyOf(name);
    must(
      requests === REQUESTS && asked.size === REQUESTS && running === 0,
      `the server had ${String(requests)} requests for ${String(asked.size)} items, ${String(running)} of them are under way`,
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
      must(counted.most === PERMITS && counted.mostAtServer === PERMITS, `${name} had ${counts(counted)}, of ${String(PERMITS)}`);
      runs.push(counted);
    }
  }

  // What is looked for would have been seen: too many requests at a time, on either side, and a task that is too long.
  const unlimited = await run(page, UNLIMITED);
  must(
    unlimited.most === REQUESTS && unlimited.mostAtServer > PERMITS,
    `${UNLIMITED}, which limits nothing, had ${counts(unlimited)}`,
  );
  must(
    (await page.block(100)).some((time) => time >= 100),
    'a long task went unnoticed',
  );
  await page.close();

  const contestants: ContestantResult[] = [];
  for (const { name, runs } of turns) {
    const fresh = await open();
    const tasks = await traceTasks(browser, () => run(fresh, name));
    must(tasks.length >= REQUESTS, `of ${String(REQUESTS)} requests Chrome has traced ${String(tasks.length)} tasks`);
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
  return `${String(most)} requests under way at the same time as the page counts, and ${String(mostAtServer)} as the server does`;
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
