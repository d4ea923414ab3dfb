import type { Page } from 'playwright-core';

import {
  collectShifts,
  Environment,
  figures,
  horizontalOverflow,
  isOnFirstScreen,
  lane,
  runToEnd,
  shifts,
  start,
  verdict,
} from './environment';

const localStorage = '/two-tabs?way=local-storage';
const indexedDb = '/two-tabs?way=indexed-db';
const rounds = 30;

/** Waits until the page shows this verdict. */
async function shows(page: Page, text: string): Promise<void> {
  await page.locator('app-verdict', { hasText: text }).waitFor();
}

/** Waits until the page knows so many tabs. */
async function knows(page: Page, tabs: number): Promise<void> {
  await page
    .locator('app-lanes li')
    .nth(tabs - 1)
    .waitFor();
  await page.waitForFunction((count) => document.querySelector('[data-tabs]')?.getAttribute('data-tabs') === count, String(tabs));
}

async function ended(page: Page): Promise<void> {
  await page.locator('[data-state=ended]').waitFor();
}

for (const variant of ['server', 'static'] as const) {
  describe(`the page Two tabs, with the backend of the ${variant} pages`, () => {
    const environment = new Environment(variant);

    /** The first tab works, and the second one waits. */
    const twoTabs = async (): Promise<[Page, Page]> => {
      const first = await environment.open('/two-tabs');
      await shows(first, 'Tab 1 works alone');
      const second = await environment.openTab(first);
      await shows(first, 'Tab 1 works, tab 2 waits');
      await shows(second, 'Tab 1 works, tab 2 waits');
      return [first, second];
    };

    /** What the log says of the work. */
    const terms = async (page: Page): Promise<(string | undefined)[]> =>
      (await environment.log(page)).map(({ kind, text }) => (kind === 'note' ? text : kind));

    /** Runs until the localStorage has been stale, which is a race: in about a quarter of the rounds. */
    const runUntilRefreshedTwice = async (page: Page): Promise<void> => {
      for (let attempt = 1; attempt <= 5; attempt++) {
        await runToEnd(page);
        const log = await environment.log(page);
        const refreshes = log.filter(
          ({ kind, request }) => kind === 'arrived' && request.startsWith('POST /rotation/refresh'),
        ).length;
        const refused = log.filter(({ kind }) => kind === 'damage').length;
        const shown = await figures(page);

        expect([shown['rounds'], shown['refreshes'], shown['failed requests']]).toEqual([rounds, refreshes, refused].map(String));
        expect(await verdict(page)).toContain(
          refused === 0 ? 'Not this time' : `Refreshed twice in ${shown['rounds with two'] ?? ''} of ${String(rounds)} rounds`,
        );
        if (refused > 0) return;
      }
      fail('the localStorage was never stale');
    };

    it('shows what the other tab reports, also what was before it came', async () => {
      const [first, second] = await twoTabs();

      expect(await second.evaluate(() => window.opener as unknown)).toBeNull();
      expect(await lane(first, 'Tab 1, here').innerText()).toContain('works');
      expect(await lane(first, 'Tab 2').innerText()).toContain('waits');
      expect(await lane(second, 'Tab 1').innerText()).toContain('works');
      expect(await lane(second, 'Tab 2, here').innerText()).toContain('waits');
    });

    const ends: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
      'is closed': (page) => page.close(),
      'is navigated': (page) => page.getByRole('link', { name: 'Navigate away' }).click(),
      crashes: async (page) => {
        const session = await page.context().newCDPSession(page);
        const crash = page.waitForEvent('crash');
        session.send('Page.crash').catch(() => undefined); // it is never answered
        await crash;
      },
    };
    for (const [name, end] of Object.entries(ends)) {
      it(`takes over when the tab that works ${name}`, async () => {
        const [first, second] = await twoTabs();
        await end(first);
        await shows(second, 'Tab 2 works alone');

        expect(await lane(second, 'Tab 1').innerText()).toContain('gone');
        expect((await figures(second))['late steps']).toBe('0');
        // A service worker can run in the process that crashes. Then a new one counts from the beginning.
        if (variant === 'static' && name === 'crashes') return;
        expect(await terms(second)).toEqual(['tab 1 works', 'tab 2 works']);
      });
    }

    it('steals the lock, and the section of the other tab ends with an error', async () => {
      const [first, second] = await twoTabs();
      await second.getByRole('button', { name: 'Steal the lock' }).click();
      await shows(first, 'Tab 2 works, tab 1 waits');
      await shows(second, 'Tab 2 works, tab 1 waits');
      for (const page of [first, second]) {
        expect(await page.locator('.loss').innerText()).toMatch(/^Tab 1: LockLostError: .* it was stolen$/);
      }
      expect(await lane(first, 'Tab 1, here').innerText()).toContain('LockLostError, waits');
      await second.close();
      await shows(first, 'Tab 1 works alone');

      expect((await terms(first)).filter((text) => text !== 'damage')).toEqual(['tab 1 works', 'tab 2 works', 'tab 1 works']);
    });

    it('refreshes twice in some rounds with localStorage, as the server sees it', async () => {
      const first = await environment.open(localStorage);
      const second = await environment.openTab(first);
      await knows(first, 2);
      await runUntilRefreshedTwice(first);
      await ended(second);

      expect(await figures(second)).toEqual(await figures(first));
    });

    it('refreshes once in each round with IndexedDB, in three tabs', async () => {
      const first = await environment.open(indexedDb);
      await environment.openTab(first);
      const third = await environment.openTab(first);
      await knows(first, 3);
      await knows(third, 3);
      await runToEnd(third);
      await ended(first);
      const log = await environment.log(first);
      const count = (request: string, status: number) =>
        log.filter((entry) => entry.kind === 'answered' && entry.request.startsWith(request) && entry.status === status).length;

      expect(await verdict(first)).toContain(`Refreshed once in each of ${String(rounds)} rounds`);
      expect(count('POST /rotation/refresh/', 200)).toBe(rounds);
      expect(log.filter(({ kind }) => kind === 'damage')).toEqual([]);
      expect(count('GET /profile/', 401)).toBe(3 * rounds);
      expect(count('GET /profile/', 200)).toBe(3 * rounds);
    });
  });
}

describe('a run of the page Two tabs', () => {
  const environment = new Environment();

  it('gives no verdict if it was stopped, by whatever tab', async () => {
    const first = await environment.open(indexedDb);
    const second = await environment.openTab(first);
    await knows(first, 2);
    await start(first);
    await second.locator('[data-state=running]').waitFor();
    await second.getByRole('button', { name: 'Stop' }).click();
    for (const page of [first, second]) {
      await page.locator('[data-state=stopped]').waitFor();
      expect(await verdict(page)).toMatch(/^Stopped\./);
      expect(await page.locator('app-results td[data-tone]').count()).toBe(0);
    }
    await runToEnd(first);

    expect(await verdict(first)).toContain('Refreshed once');
  });

  it('ends without a verdict if the tab that began it is closed', async () => {
    const first = await environment.open(indexedDb);
    const second = await environment.openTab(first);
    await knows(first, 2);
    await start(second);
    await first.locator('[data-state=running]').waitFor();
    await second.close();
    await first.locator('[data-state=stopped]').waitFor();

    expect(await verdict(first)).toMatch(/^Stopped\./);
  });

  it('goes on if a tab is closed that takes part', async () => {
    const first = await environment.open(indexedDb);
    const second = await environment.openTab(first);
    await knows(first, 2);
    await start(first);
    await second.close();
    await ended(first);

    // If it was closed during its refresh, the new tokens are lost with it.
    expect(Number((await figures(first))['failed requests'])).toBeLessThan(2);
  });

  it('proves nothing with one tab', async () => {
    const page = await environment.open(localStorage);
    await runToEnd(page);

    expect(await verdict(page)).toContain('One tab alone proves nothing');
    expect((await figures(page))['refreshes']).toBe(String(rounds));
  });

  it('shows both ways beside each other', async () => {
    const first = await environment.open('/two-tabs?way=local-storage');
    await environment.openTab(first);
    await knows(first, 2);
    await first.getByRole('button', { name: 'Run both' }).click();
    const cells = first.locator('app-results [data-contestant=indexed-db] td');
    await cells.first().getByText(String(rounds)).waitFor();

    expect(await cells.allInnerTexts()).toEqual([String(rounds), String(rounds), '0', '0']);
    expect(await first.locator('app-results [data-contestant=local-storage] td').first().innerText()).toBe(String(rounds));
  });

  it('opens by its address, in a room of that name', async () => {
    const page = await environment.open('/two-tabs?room=ours&way=indexed-db');
    expect(await page.getByRole('radio', { name: 'Refresh, IndexedDB' }).isChecked()).toBeTrue();
    expect(await page.getByRole('link', { name: 'Open a second tab' }).getAttribute('href')).toContain('room=ours');
    const strange = await environment.open('/two-tabs?room=%2F..&way=none');
    await shows(strange, 'Tab 1 works alone');

    expect(new URL(strange.url()).searchParams.get('room')).toMatch(/^\w+$/);
  });

  it('does not move when tabs come, take over and fail', async () => {
    for (const viewport of [
      { width: 400, height: 800 },
      { width: 1280, height: 720 },
    ]) {
      const first = await environment.open('/two-tabs', { viewport });
      await shows(first, 'Tab 1 works alone');
      await first.waitForFunction(() => document.querySelector('.hljs-keyword') !== null);
      await collectShifts(first);
      const second = await environment.openTab(first);
      await shows(first, 'Tab 1 works, tab 2 waits');
      await second.getByRole('button', { name: 'Steal the lock' }).click();
      await shows(first, 'Tab 2 works, tab 1 waits');
      const third = await environment.openTab(first);
      await shows(first, 'Tab 2 works, tabs 1, 3 wait');
      expect(await isOnFirstScreen(first, first.locator('app-verdict'))).toBeTrue();
      await third.close();
      await second.close();
      await shows(first, 'Tab 1 works alone');

      expect(await shifts(first)).toEqual([]);
    }
  });

  it('fits into 400 pixels with two tabs, and shows its verdict on the first screen', async () => {
    const first = await environment.open(localStorage, { viewport: { width: 400, height: 800 } });
    const second = await environment.openTab(first);
    await knows(second, 2);
    await runToEnd(second);
    for (const page of [first, second]) {
      expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
      expect(await isOnFirstScreen(page, page.locator('app-verdict'))).toBeTrue();
    }
  });
});
