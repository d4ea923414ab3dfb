import { setColorScheme, violations } from './accessibility';
import { collectShifts, Environment, horizontalOverflow, isOnFirstScreen, runToEnd, shifts, start } from './environment';

const pages = [
  '/token-refresh',
  '/stale-saves',
  '/cap',
  '/per-item',
  '/autosave',
  '/offline',
  '/two-tabs?way=local-storage',
  '/playground',
];
/** Pages without a run. */
const texts = ['/two-tabs', '/words'];

describe('each page', () => {
  const environment = new Environment();

  for (const path of [...pages, ...texts]) {
    it(`has no axe violations, in the light and the dark scheme: ${path}`, async () => {
      const page = await environment.open(path);
      const expectNoViolations = async () => {
        for (const scheme of ['light', 'dark'] as const) {
          await setColorScheme(page, scheme);
          expect(await violations(page))
            .withContext(scheme)
            .toEqual([]);
        }
      };
      await expectNoViolations();
      if (texts.includes(path)) return;
      await runToEnd(page);
      await expectNoViolations();
      const diagram = page.getByRole('button', { name: 'As a marble diagram', disabled: false });
      if ((await diagram.count()) === 0) return;
      await diagram.click();
      await page.locator('dialog[open] code').waitFor();
      await expectNoViolations();
    });

    it(`fits into 320 and 1920 pixels before and during a run: ${path}`, async () => {
      for (const viewport of [
        { width: 320, height: 640 },
        { width: 1920, height: 1080 },
      ]) {
        const page = await environment.open(path, { viewport });
        expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
        if (texts.includes(path)) continue;
        await start(page);
        expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
      }
    });
  }

  for (const path of ['/', ...pages, ...texts]) {
    it(`has its heading, its lead and links before the application has started: ${path}`, async () => {
      const page = await environment.open(path);
      const shown = () => page.locator('h1, .lead, nav a').allInnerTexts();
      const started = await shown();
      const html = await (await fetch(environment.url + path)).text();
      await page.setContent(html.replaceAll(/<script.*?<\/script>/g, ''));

      expect(await shown()).toEqual(started);
      expect(await page.locator('nav .active').count()).toBe(1);
    });
  }

  for (const path of pages) {
    it(`shows the verdict on the first screen, and does not move, neither at the start nor while the lanes do: ${path}`, async () => {
      for (const viewport of [
        { width: 400, height: 800 },
        { width: 1280, height: 720 },
      ]) {
        const page = await environment.open(path, { viewport });
        await page.waitForFunction(() => document.querySelector('.hljs-keyword') !== null);
        await collectShifts(page);
        expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
        await start(page);
        expect(await isOnFirstScreen(page, page.locator('app-verdict, app-lanes .axis').first()))
          .withContext(`${String(viewport.width)} × ${String(viewport.height)}`)
          .toBeTrue();
        expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
        await page.locator('[data-state=ended]').waitFor();

        expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
        expect(await shifts(page)).toEqual([]);
      }
    });
  }

  it('has a skip link, which moves the focus to the content', async () => {
    const page = await environment.open('/stale-saves');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');

    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
  });
});
