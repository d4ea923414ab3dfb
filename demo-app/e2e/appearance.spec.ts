import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

import { run, Stage, widerThanItsWindow } from './stage';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the page as it is, contrast included. */
async function flaws(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    return axe.run({ resultTypes: ['violations'] });
  });
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** Changes the scheme of the system, and waits until the page wears it. */
async function wear(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.waitForFunction((dark) => {
    const background = getComputedStyle(document.body).backgroundColor;
    const brightest = Math.max(...(background.match(/\d+/g) ?? []).slice(0, 3).map(Number));
    return (dark ? brightest < 64 : brightest > 191) && document.getAnimations().length === 0;
  }, colorScheme === 'dark');
}

async function finish(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Ask the server yourself' }).nth(1).waitFor();
  for (const log of await page.getByText('log of arrivals').all()) await log.click();
}

describe('both pages', () => {
  const stage = new Stage();

  for (const path of ['/serialize', '/limit']) {
    it(`have no flaw that axe knows, in light and in dark: ${path}`, async () => {
      const page = await stage.open(path);
      const inBoth = async () => {
        for (const scheme of ['light', 'dark'] as const) {
          await wear(page, scheme);
          expect(await flaws(page))
            .withContext(scheme)
            .toEqual([]);
        }
      };
      await inBoth();
      await page.getByRole('switch', { name: /refuse/ }).click();
      await run(page);
      await finish(page);
      await inBoth();
    });

    it(`fit into 400 pixels before, during and after a run: ${path}`, async () => {
      const page = await stage.open(path, { viewport: { width: 400, height: 800 } });
      expect(await widerThanItsWindow(page)).toBeLessThanOrEqual(0);
      await run(page);
      await page
        .getByRole('button', { name: /^Cancel/ })
        .first()
        .waitFor();
      expect(await widerThanItsWindow(page)).toBeLessThanOrEqual(0);
      await finish(page);

      expect(await widerThanItsWindow(page)).toBeLessThanOrEqual(0);
    });
  }

  it('are a link apart, and the first stops what it was doing when it is left', async () => {
    const page = await stage.open('/');
    await run(page);
    await page.getByRole('button', { name: 'Cancel edit 8' }).waitFor();
    await page.getByRole('tab', { name: 'Limit' }).click();
    await page.getByRole('heading', { level: 1, name: /Limit/ }).waitFor();
    await page.getByRole('tab', { name: 'Serialize' }).click();

    await page.getByText('locked false').waitFor();
    expect(await page.title()).toBe('Serialize · rxjs-locks');
  });

  it('show the keyboard where it is', async () => {
    const page = await stage.open('/serialize');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');

    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
  });
});
