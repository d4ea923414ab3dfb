import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

import { Environment, horizontalOverflow, run } from './environment';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The violations that axe finds in the current page, contrast included. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    return axe.run({ resultTypes: ['violations'] });
  });
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** Changes the color scheme of the system, and waits until the page shows it. */
async function setColorScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.waitForFunction((dark) => {
    const background = getComputedStyle(document.body).backgroundColor;
    const brightest = Math.max(...(background.match(/\d+/g) ?? []).slice(0, 3).map(Number));
    return (dark ? brightest < 64 : brightest > 191) && document.getAnimations().length === 0;
  }, colorScheme === 'dark');
}

async function finish(page: Page): Promise<void> {
  await page.getByRole('link', { name: "Open the server's report" }).nth(1).waitFor();
  for (const log of await page.getByText('log of arrivals').all()) await log.click();
}

describe('both pages', () => {
  const environment = new Environment();

  for (const path of ['/serialize', '/limit']) {
    it(`have no axe violations, in the light and the dark scheme: ${path}`, async () => {
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
      await page.getByRole('switch', { name: /refuse/ }).click();
      await run(page);
      await finish(page);
      await expectNoViolations();
    });

    it(`fit into a width of 400 pixels before, during and after a run: ${path}`, async () => {
      const page = await environment.open(path, { viewport: { width: 400, height: 800 } });
      expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
      await run(page);
      await page
        .getByRole('button', { name: /^Cancel/ })
        .first()
        .waitFor();
      expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
      await finish(page);

      expect(await horizontalOverflow(page)).toBeLessThanOrEqual(0);
    });
  }

  it('link to each other, and a page stops its run when the user leaves it', async () => {
    const page = await environment.open('/');
    await run(page);
    await page.getByRole('button', { name: 'Cancel edit 8' }).first().waitFor();
    await page.getByRole('tab', { name: 'Limit' }).click();
    await page.getByRole('heading', { level: 1, name: /Limit/ }).waitFor();
    await page.getByRole('tab', { name: 'Serialize' }).click();

    await page.getByText('locked false').waitFor();
    expect(await page.title()).toBe('Serialize · rxjs-locks');
  });

  it('have a skip link, which moves the focus to the content', async () => {
    const page = await environment.open('/serialize');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');

    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
  });
});
