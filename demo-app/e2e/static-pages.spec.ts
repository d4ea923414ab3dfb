import { listen } from '../server/server';
import { built, builtStatic, choose, Environment, runToEnd, verdict } from './environment';
import { hostFiles } from './file-host';

describe('the static pages, below a path of a host of files', () => {
  const environment = new Environment('static');

  it('say that they talk to a service worker', async () => {
    const page = await environment.open('/');
    await page.getByText('Talks to a service worker in your browser').waitFor();

    expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toBe(`${environment.url}/server-worker.js`);
  });

  it('come to the same verdicts on Stale saves as the pages of the server', async () => {
    const page = await environment.open('/stale-saves');
    for (const [contestant, expected] of [
      ['nothing', 'Stale: the server holds edit 11 of 12'],
      ['switchMap', 'Stale: the server holds edit 11 of 12'],
      ['debounceTime + switchMap', 'Stale: the server holds edit 11 of 12'],
      ['concatMap', 'Right: the server holds edit 12'],
      ['withLock', 'Right: the server holds edit 12'],
      ['exhaustMapLatest', 'Right: the server holds edit 12'],
    ] as const) {
      await choose(page, contestant);
      await runToEnd(page);
      const log = await environment.log(page);

      expect(await verdict(page))
        .withContext(contestant)
        .toContain(expected);
      expect(log.filter(({ kind }) => kind === 'answered').at(-1)?.request)
        .withContext(contestant)
        .toBe(`PUT /documents/1/edits/${expected.startsWith('Stale') ? '11' : '12'}`);
    }
  });

  it('stream the log while the run goes on', async () => {
    const page = await environment.open('/stale-saves');
    await page.locator('button.run').click();
    await page.getByText('Overwrites so far').waitFor();

    expect(await page.locator('[data-state]').first().getAttribute('data-state')).toBe('running');
  });

  it('open a contestant by its address, and write that address', async () => {
    const page = await environment.open('/stale-saves?contestant=with-lock&seed=7');

    expect(await page.getByRole('radio', { name: 'withLock', exact: true }).isChecked()).toBeTrue();
    await choose(page, 'concatMap');
    await page.waitForURL(`${environment.url}/stale-saves?contestant=concat-map&seed=7`);
    await page.reload();
    await page.getByRole('radio', { name: 'concatMap', exact: true, checked: true }).waitFor();
    expect(await page.locator('nav a').first().getAttribute('href')).toMatch(/^\/docs\/demo\/[a-z-]+$/);
  });

  it('copy an address that opens the run', async () => {
    const page = await environment.open('/stale-saves', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Copy a link' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();

    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${environment.url}/stale-saves?contestant=nothing&seed=1`,
    );
  });

  it('lead from an unknown address to the first page', async () => {
    for (const path of ['/nowhere', '/a/deep/address']) {
      const page = await environment.open(path);

      expect(page.url().startsWith(`${environment.url}/`)).toBeTrue();
      expect(await page.locator('nav [aria-current=page]').count()).toBe(1);
    }
  });

  it('have documents that a browser reads as UTF-8', async () => {
    const page = await environment.open('/stale-saves');
    for (const link of ['README', 'Recipes', 'The recipe']) {
      const address = await page.getByRole('link', { name: link, exact: true }).evaluate((each: HTMLAnchorElement) => each.href);
      const opened = await page.context().newPage();
      await opened.goto(address);

      expect(await opened.evaluate(() => document.characterSet)).toBe('UTF-8');
      expect(await opened.locator('body').innerText()).toContain('# ');
    }
  });

  it('work after a forced reload, which no service worker controls', async () => {
    const page = await environment.open('/stale-saves');
    const session = await page.context().newCDPSession(page);
    await session.send('Page.reload', { ignoreCache: true });
    await page.getByText('Talks to a service worker').waitFor();
    await runToEnd(page);

    expect(await verdict(page)).toContain('Stale');
  });

  it('leave no service worker behind that hides a server at the same address', async () => {
    const page = await environment.open('/');
    const host = await hostFiles(builtStatic, '');
    await page.goto(host.url);
    await page.getByText('Talks to a service worker').waitFor();
    await host.close();
    const server = await listen({ pages: built, port: Number(new URL(host.url).port) });
    try {
      await page.goto(`${server.url}/stale-saves`);
      await page.getByText('Talks to a server in Node').waitFor();

      expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
    } finally {
      await server.close();
    }
  });
});
