import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';

import { findChrome } from '../../scripts/chrome.mjs';
import type { Benchmark, Run, RunRequest } from './protocol.js';

export async function launchChrome(): Promise<Browser> {
  const { executablePath, args, env } = await findChrome();
  return chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: { readonly name?: string };
  /** The processor time in microseconds. */
  readonly tdur?: number;
}

/** Runs `action`, and resolves to the processor time in milliseconds of each task of the page's main thread. */
export async function traceTasks(browser: Browser, action: () => Promise<unknown>): Promise<number[]> {
  await browser.startTracing(undefined, { categories: ['disabled-by-default-devtools.timeline'] });
  let trace: Buffer;
  try {
    await action();
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
  /** The processor time of the page's main thread in milliseconds. */
  readonly busy: number;
}

/** A page with the global `benchmark`, in a new tab. */
export class BenchmarkPage {
  private readonly consoleErrors: string[] = [];

  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {
    page.on('pageerror', (error) => this.consoleErrors.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.consoleErrors.push(message.text());
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

  async run(request: RunRequest): Promise<MeasuredRun> {
    const before = await this.taskTime();
    const run = await this.page.evaluate((given) => (globalThis as unknown as BenchmarkWindow).benchmark.run(given), request);
    const busy = (await this.taskTime()) - before;
    if (this.consoleErrors.length > 0) {
      throw new Error(`in the browser's console: ${this.consoleErrors.join('; ')}`);
    }
    return { ...run, busy };
  }

  async block(time: number): Promise<readonly number[]> {
    return this.page.evaluate((given) => (globalThis as unknown as BenchmarkWindow).benchmark.block(given), time);
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  /** The processor time of all tasks of the main thread so far, in milliseconds. */
  private async taskTime(): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  }
}

interface BenchmarkWindow {
  readonly benchmark: Benchmark;
}
