import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';

import { findChrome } from '../../scripts/chrome.mjs';
import type { Benchmark, Order, Run } from './protocol.js';

export async function launchChrome(): Promise<Browser> {
  const { executablePath, args, env } = await findChrome();
  return chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
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
