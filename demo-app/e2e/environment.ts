import { fileURLToPath } from 'node:url';

import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

import { findChrome } from '../../scripts/chrome.mjs';
import { Client } from '../server/client';
import { listen, type RunningServer } from '../server/server';

const built = fileURLToPath(new URL('../../dist/demo/browser', import.meta.url));
const timeout = 60_000;

/** The real backend with the built pages, and a browser. Both run for the specs of one `describe`. */
export class Environment {
  private server: RunningServer | undefined;
  private browser: Browser | undefined;
  private readonly consoleErrors: string[] = [];

  constructor() {
    beforeAll(async () => {
      jasmine.DEFAULT_TIMEOUT_INTERVAL = 2 * timeout;
      this.server = await listen({ pages: built });
      const { executablePath, args, env } = await findChrome();
      this.browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
    });

    afterEach(async () => {
      for (const context of this.browser?.contexts() ?? []) await context.close();
      expect(this.consoleErrors.splice(0)).withContext("the browser's console").toEqual([]);
    });

    afterAll(async () => {
      await this.browser?.close();
      await this.server?.close();
    });
  }

  /** A client that asks the server directly, without the page. */
  get backend(): Client {
    return new Client(this.url);
  }

  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (this.browser === undefined) throw new Error('no browser has been started');
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(timeout);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.consoleErrors.push(error.message));
    page.on('console', (message) => {
      // Chrome logs each response with a status of 400 or above. The specs with such responses check the page instead.
      const refused = message.text().startsWith('Failed to load resource: the server responded with a status of 503');
      if (['error', 'warning'].includes(message.type()) && !refused) this.consoleErrors.push(message.text());
    });
    await page.goto(this.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }

  private get url(): string {
    if (this.server === undefined) throw new Error('no server has been started');
    return this.server.url;
  }
}

export function panel(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

export function lane(side: Locator, label: string): Locator {
  return side.getByRole('listitem').filter({ has: side.page().getByText(label, { exact: true }) });
}

/** Waits until the panel shows the server's report, and returns the id of its run. */
export async function reportedRun(side: Locator): Promise<string> {
  const link = side.getByRole('link', { name: "Open the server's report" });
  const run = new URL((await link.getAttribute('href')) ?? '', 'http://localhost').searchParams.get('run');
  if (run === null) throw new Error('the panel names no run');
  return run;
}

/** Presses Run, and waits for the button Stop. By then the page has removed the results of the previous run. */
export async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Run/ }).click();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
}

export async function horizontalOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
