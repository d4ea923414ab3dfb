import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Frame, type Page, type Worker } from 'playwright-core';

import { findChrome } from '../../../scripts/chrome.mjs';
import type { EnterOptions, Shown, Target } from './tab.js';
import { WitnessServer } from './witness.node.js';

/** What runs the script of `tab.ts`: a page, an iframe or a worker. */
export type Actor = Pick<Page, 'evaluate'>;

/** A name that Chrome does not trust over http, for a page without `navigator.locks`. */
const insecureHost = 'insecure.test';

/** A browser, and a server that is the witness. Both run for the specs of one `describe`. Each spec has tabs and locks of its own. */
export class Environment {
  private server: WitnessServer | undefined;
  private browser: Browser | undefined;
  private context: BrowserContext | undefined;
  /** Whether the browser has a back/forward cache. */
  hasCache = false;

  constructor() {
    beforeAll(async () => {
      jasmine.DEFAULT_TIMEOUT_INTERVAL = 120_000;
      this.server = await WitnessServer.listen(await bundle());
      const { executablePath, args, env } = await findChrome();
      this.browser = await chromium.launch({
        executablePath,
        args: [...args, `--host-resolver-rules=MAP ${insecureHost} 127.0.0.1`],
        ignoreDefaultArgs: ['--disable-back-forward-cache'],
        env: { ...process.env, ...env },
      });
      this.hasCache = await this.probeCache();
    });

    beforeEach(async () => {
      this.witness.clear();
      this.context = await this.browser?.newContext();
    });

    afterEach(async () => {
      await this.context?.close();
    });

    afterAll(async () => {
      await this.browser?.close();
      await this.server?.close();
    });
  }

  get witness(): WitnessServer {
    return present(this.server);
  }

  get insecureUrl(): string {
    return this.witness.url.replace('127.0.0.1', insecureHost);
  }

  /** Opens a tab. It has no opener: tabs that have one share a process with it. */
  async open(who?: string, url = this.witness.url): Promise<Page> {
    const page = await present(this.context).newPage();
    await page.goto(addressOf(url, who));
    return page;
  }

  async openTwo(): Promise<[Page, Page]> {
    return [await this.open(), await this.open()];
  }

  async openThree(): Promise<[Page, Page, Page]> {
    return [await this.open(), await this.open(), await this.open()];
  }

  /** Opens a tab as a page does it by `window.open()`, without an opener. */
  async openFrom(page: Page): Promise<Page> {
    const opened = present(this.context).waitForEvent('page');
    await page.evaluate(() => window.open('/', '_blank', 'noopener'));
    const tab = await opened;
    await tab.waitForFunction(() => 'tab' in globalThis);
    return tab;
  }

  /** Adds an iframe to a page. */
  async addFrame(page: Page, sandbox?: string): Promise<Frame> {
    await page.evaluate((flags) => {
      const frame = document.createElement('iframe');
      if (flags !== undefined) {
        frame.setAttribute('sandbox', flags);
      }
      frame.src = '/';
      document.body.append(frame);
    }, sandbox);
    const frame = present(page.frames().find((each) => each !== page.mainFrame()));
    await frame.waitForFunction(() => 'tab' in globalThis);
    return frame;
  }

  /** Starts a dedicated worker. */
  async addWorker(page: Page): Promise<Worker> {
    const started = page.waitForEvent('worker');
    await page.evaluate(() => tab.startWorker());
    return started;
  }

  /** Crashes the process of a tab. */
  async crash(page: Page): Promise<void> {
    const crashed = page.waitForEvent('crash');
    const session = await present(this.context).newCDPSession(page);
    session.send('Page.crash').catch(() => undefined); // it is never answered
    await crashed;
  }

  /** Waits until a tab sees so many holders and waiters of a name. */
  async untilShown(actor: Actor, name: string, shown: Shown): Promise<void> {
    const deadline = Date.now() + 15_000;
    let last: Shown;
    do {
      last = await actor.evaluate((of) => tab.shown(of), name);
    } while ((last.held !== shown.held || last.pending !== shown.pending) && Date.now() < deadline);
    expect(last).withContext(`the holders and waiters of ${name}`).toEqual(shown);
  }

  /**
   * Navigates a tab, which puts its page into the back/forward cache. Chromium's headless shell has no such cache: there the page
   * gets the events, and stays.
   */
  async putToSleep(page: Page, who: string): Promise<void> {
    if (this.hasCache) {
      await page.goto(`${this.witness.url}/elsewhere`);
    } else {
      await page.evaluate(() => {
        dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
        document.dispatchEvent(new Event('freeze'));
      });
    }
    await this.witness.heard(`${who} sleeps`);
  }

  /** Goes back to a page in the cache. */
  async wakeUp(page: Page, who: string): Promise<void> {
    if (this.hasCache) {
      await page.evaluate(() => {
        setTimeout(() => {
          history.back();
        });
      });
      await page.waitForURL((url) => url.pathname === '/', { waitUntil: 'commit' });
    } else {
      await page.evaluate(() => {
        document.dispatchEvent(new Event('resume'));
        dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      });
    }
    await this.witness.heard(`${who} is shown again`);
  }

  private async probeCache(): Promise<boolean> {
    const context = await present(this.browser).newContext();
    const page = await context.newPage();
    await page.goto(addressOf(this.witness.url, 'probe'));
    await page.goto(`${this.witness.url}/elsewhere`);
    const left = await Promise.race([
      this.witness.heard('probe sleeps').then(() => true),
      this.witness.heard('probe goes').then(() => false),
    ]);
    await context.close();
    return left;
  }
}

/** Begins a section, which holds the lock until `leave()`. The platform has its request when this returns. */
export async function enter(actor: Actor, who: string, target: Target, options: EnterOptions = {}): Promise<void> {
  await actor.evaluate(
    (section) => {
      tab.enter(section.who, section.target, section.options);
      return tab.barrier();
    },
    { who, target, options },
  );
}

/** Ends a section. The source of the section completes. */
export async function leave(actor: Actor, who: string): Promise<void> {
  await actor.evaluate((name) => {
    tab.leave(name);
  }, who);
}

/** Unsubscribes from a section, or from an election. The platform knows of it when this returns. */
export async function cancel(actor: Actor, who: string): Promise<void> {
  await actor.evaluate((name) => {
    tab.cancel(name);
    return tab.barrier();
  }, who);
}

export async function steal(actor: Actor, who: string, name: string): Promise<void> {
  await actor.evaluate(
    (theft) => {
      tab.steal(theft.who, theft.name);
    },
    { who, name },
  );
}

export async function stand(actor: Actor, who: string, name: string): Promise<void> {
  await actor.evaluate(
    (election) => {
      tab.stand(election.who, election.name);
      return tab.barrier();
    },
    { who, name },
  );
}

export async function isFree(actor: Actor, target: Target): Promise<boolean> {
  return actor.evaluate((of) => tab.isFree(of), target);
}

/** Waits until a tab has got what was granted to it until now. */
export async function barrier(actor: Actor): Promise<void> {
  await actor.evaluate(() => tab.barrier());
}

function addressOf(url: string, who?: string): string {
  return who === undefined ? `${url}/` : `${url}/?who=${who}`;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('the environment has not been started');
  }
  return value;
}

/** The script of all tabs, iframes and workers. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('tab.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    tsconfig: fileURLToPath(new URL('../../../tsconfig.json', import.meta.url)),
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
