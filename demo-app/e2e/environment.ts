import { fileURLToPath } from 'node:url';

import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

import { findChrome } from '../../scripts/chrome.mjs';
import type { LogEntry } from '../backend/contract';
import { listen, type RunningServer } from '../server/server';
import { hostFiles } from './file-host';

export const built = fileURLToPath(new URL('../../dist/demo/browser', import.meta.url));
export const builtStatic = fileURLToPath(new URL('../../dist/demo-static', import.meta.url));
const timeout = 60_000;

/**
 * The built pages, and a browser. Both run for the specs of one `describe`. The pages have the real backend, or they are the static
 * variant, which a host of files serves below `/docs/demo`.
 */
export class Environment {
  private server: RunningServer | undefined;
  private browser: Browser | undefined;
  private readonly consoleErrors: string[] = [];

  constructor(private readonly variant: 'server' | 'static' = 'server') {
    beforeAll(async () => {
      jasmine.DEFAULT_TIMEOUT_INTERVAL = 4 * timeout;
      this.server = variant === 'server' ? await listen({ pages: built }) : await hostFiles(builtStatic, '/docs/demo');
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

  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (this.browser === undefined) throw new Error('no browser has been started');
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
    context.setDefaultTimeout(timeout);
    const page = this.watched(await context.newPage());
    await page.goto(this.url + path);
    await page.locator('router-outlet + *').waitFor();
    return page;
  }

  /** Clicks on what opens another tab, and waits for its page. */
  async openTab(page: Page): Promise<Page> {
    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Open a second tab' }).click();
    const tab = this.watched(await opened);
    await tab.locator('router-outlet + *').waitFor();
    return tab;
  }

  /** What the server saw in the run that the page shows. */
  async log(page: Page): Promise<readonly LogEntry[]> {
    const run = await page.locator('[data-run]').getAttribute('data-run');
    if (this.variant === 'static') {
      // A service worker answers its own pages only.
      return page.evaluate(
        async (address) => (await (await fetch(address)).json()) as LogEntry[],
        `api/runs/${run ?? ''}/log.json`,
      );
    }
    return (await (await fetch(`${this.url}/api/runs/${run ?? ''}/log.json`)).json()) as LogEntry[];
  }

  private watched(page: Page): Page {
    page.on('pageerror', (error) => this.consoleErrors.push(error.message));
    page.on('console', (message) => {
      // Chrome logs each response with a status of 400 or above, and each connection that breaks.
      const isExpected = message.text().startsWith('Failed to load resource:');
      if (['error', 'warning'].includes(message.type()) && !isExpected) this.consoleErrors.push(message.text());
    });
    return page;
  }

  /** The address of the pages, without a slash at its end. */
  get url(): string {
    if (this.server === undefined) throw new Error('no server has been started');
    return this.server.url;
  }
}

/** Chooses a contestant by its name. */
export async function choose(page: Page, contestant: string): Promise<void> {
  await page.getByRole('radio', { name: contestant, exact: true }).check();
}

/** Runs the chosen contestant to its end. */
export async function runToEnd(page: Page): Promise<void> {
  await start(page);
  await page.locator('[data-state=ended]').waitFor();
}

/** Presses the button that runs the chosen contestant. */
export async function start(page: Page): Promise<void> {
  await runButton(page).click();
  await page.locator('[data-state=running]').waitFor();
}

/** Stops the run, and waits until the page shows it. */
export async function stop(page: Page): Promise<void> {
  await runButton(page).click();
  await page.locator('[data-state=stopped]').waitFor();
  await drawn(page);
}

/** Waits until the page has drawn what the last input has changed. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      }),
  );
}

function runButton(page: Page): Locator {
  return page.locator('button.run');
}

export async function verdict(page: Page): Promise<string> {
  return (await page.locator('app-verdict').innerText()).replaceAll(/\s+/g, ' ').trim();
}

/** The figures above the lanes, by their labels. */
export async function figures(page: Page): Promise<Record<string, string>> {
  const [labels, values] = await Promise.all([
    page.locator('.figures dt').allInnerTexts(),
    page.locator('.figures dd').allInnerTexts(),
  ]);
  return Object.fromEntries(labels.map((label, index) => [label, values[index] ?? '']));
}

export function lane(page: Page, actor: string): Locator {
  return page.locator(`app-lanes [data-actor="${actor}"]`);
}

/** Whether all of an element is visible without scrolling. */
export async function isOnFirstScreen(page: Page, element: Locator): Promise<boolean> {
  const box = await element.boundingBox();
  return box !== null && box.y >= 0 && box.y + box.height <= (page.viewportSize()?.height ?? 0);
}

export async function horizontalOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** Collects the layout shifts since the page was opened, apart from those that follow an input of the user. */
const observeShifts = (): void => {
  const { shifts } = Object.assign(globalThis, { shifts: [] as string[] });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & LayoutShift)[]) {
      if (entry.hadRecentInput || entry.value < 0.0005) continue;
      const moved = entry.sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 80) : 'text'));
      shifts.push(`${String(entry.value)}: ${moved.join(', ')}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
};

/** TypeScript does not know it yet. */
interface LayoutShift {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node?: Node | null }[];
}

export async function collectShifts(page: Page): Promise<void> {
  await page.evaluate(observeShifts);
}

/** The layout shifts since `collectShifts()` was called. */
export async function shifts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (globalThis as unknown as { shifts: string[] }).shifts);
}
