import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';

import { findChrome } from '../../scripts/chrome.mjs';
import type { Benchmark, Order, Run } from './protocol.js';

export async function launchChrome(): Promise<Browser> {
  const { executablePath, args, env } = await findChrome();
  return chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: { readonly name?: string };
  /** Microseconds for which the thread had a processor. */
  readonly tdur?: number;
}

/** For how many milliseconds each task of a page's main thread had a processor, while `work` was done. */
export async function traceTasks(browser: Browser, work: () => Promise<unknown>): Promise<number[]> {
  await browser.startTracing(undefined, { categories: ['disabled-by-default-devtools.timeline'] });
  let trace: Buffer;
  try {
    await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${String(pid)} ${String(tid)}`;
  const mainThreads = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf),
  );
  const tasks = traceEvents.filter((event) => event.name === 'RunTask' && mainThreads.has(threadOf(event)));
  return tasks.map(({ tdur = 0 }) => tdur / 1_000);
}

export interface MeasuredRun extends Run {
  /** Milliseconds for which the main thread of the page had a processor. */
  readonly busy: number;
}

/** A page with a `benchmark`, in a tab of its own. */
export class BenchmarkPage {
  private readonly troubles: string[] = [];

  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {
    page.on('pageerror', (error) => this.troubles.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.troubles.push(message.text());
    });
  }

  static async open(browser: Browser, url: string): Promise<BenchmarkPage> {
    const page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const opened = new BenchmarkPage(page, session);
    await page.goto(url);
    await page.waitForFunction(() => 'benchmark' in globalThis);
    return opened;
  }

  async run(order: Order): Promise<MeasuredRun> {
    const before = await this.taskTime();
    const run = await this.page.evaluate((given) => (globalThis as unknown as Offer).benchmark.run(given), order);
    const busy = (await this.taskTime()) - before;
    if (this.troubles.length > 0) {
      throw new Error(`in the browser's console: ${this.troubles.join('; ')}`);
    }
    return { ...run, busy };
  }

  async block(time: number): Promise<readonly number[]> {
    return this.page.evaluate((given) => (globalThis as unknown as Offer).benchmark.block(given), time);
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  /** How long all tasks of the main thread have had a processor until now, in milliseconds. */
  private async taskTime(): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  }
}

interface Offer {
  readonly benchmark: Benchmark;
}
