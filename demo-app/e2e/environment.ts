import { fileURLToPath } from 'node:url';

import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

import { findChrome } from '../../scripts/chrome.mjs';
import { Client } from '../server/client';
import { listen, type RunningServer } from '../server/server';

const built = fileURLToPath(new URL('../../dist/demo/browser', import.meta.url));
const patience = 60_000;

/** The real backend with the built pages, and a browser: up for the specs of one `describe`. */
export class Stage {
  private server: RunningServer | undefined;
  private browser: Browser | undefined;
  private readonly troubles: string[] = [];

  constructor() {
    beforeAll(async () => {
      jasmine.DEFAULT_TIMEOUT_INTERVAL = 2 * patience;
      this.server = await listen({ pages: built });
      const { executablePath, args, env } = await findChrome();
      this.browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
    });

    afterEach(async () => {
      for (const context of this.browser?.contexts() ?? []) await context.close();
      expect(this.troubles.splice(0)).withContext("the browser's console").toEqual([]);
    });

    afterAll(async () => {
      await this.browser?.close();
      await this.server?.close();
    });
  }

  /** Asks the server itself, past the page. */
  get backend(): Client {
    return new Client(this.url);
  }

  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (this.browser === undefined) throw new Error('no browser has been started');
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.troubles.push(error.message));
    page.on('console', (message) => {
      // Chrome itself notes each answer of 400 and above; the specs that provoke one look for it on the page.
      const refused = message.text().startsWith('Failed to load resource: the server responded with a status of 503');
      if (['error', 'warning'].includes(message.type()) && !refused) this.troubles.push(message.text());
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

/** Waits until the panel has the server's word, and says which run it was about. */
export async function settled(side: Locator): Promise<string> {
  const link = side.getByRole('link', { name: 'Ask the server yourself' });
  const run = new URL((await link.getAttribute('href')) ?? '', 'http://localhost').searchParams.get('run');
  if (run === null) throw new Error('the panel names no run');
  return run;
}

/** Presses Run. What the pages showed of the run before has gone when the button has become Stop. */
export async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Run/ }).click();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
}

export async function widerThanItsWindow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
