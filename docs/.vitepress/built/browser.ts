import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

import { hostFiles } from '../../../demo-app/e2e/file-host';
import type { RunningServer } from '../../../demo-app/server/server';
import { findChrome } from '../../../scripts/chrome.mjs';
import { builtBase, folder } from './site';

const timeout = 20_000;

/** The built site at a host of files, and a browser. Both run for the specs of one `describe`. */
export class Visitor {
  private host: RunningServer | undefined;
  private browser: Browser | undefined;
  private readonly problems: string[] = [];

  constructor() {
    beforeAll(async () => {
      jasmine.DEFAULT_TIMEOUT_INTERVAL = 4 * timeout;
      this.host = await hostFiles(folder.replace(/\/$/, ''), builtBase().replace(/\/$/, ''));
      const { executablePath, args, env } = await findChrome();
      this.browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
    });

    afterEach(async () => {
      for (const context of this.browser?.contexts() ?? []) await context.close();
      expect(this.problems.splice(0)).withContext('the console, and requests to other hosts').toEqual([]);
    });

    afterAll(async () => {
      await this.browser?.close();
      await this.host?.close();
    });
  }

  /** Opens a page of the site, and waits until its components run. */
  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (this.browser === undefined || this.host === undefined) throw new Error('no browser has been started');
    const { url } = this.host;
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
    context.setDefaultTimeout(timeout);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(url)) this.problems.push(request.url());
    });
    await page.goto(`${url}/${path}`);
    // Vue marks the element whose components run.
    await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}));
    return page;
  }
}
