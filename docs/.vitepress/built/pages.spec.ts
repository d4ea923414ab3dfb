import { setColorScheme, violations } from '../../../demo-app/e2e/accessibility';
import { horizontalOverflow } from '../../../demo-app/e2e/environment';
import { Visitor } from './browser';

const pages = [
  '',
  'choose.html',
  'demo.html',
  'recipes.html',
  'api/rxjs-locks/classes/Semaphore.html',
  'api/rxjs-locks/functions/trace.html',
];

describe('the docs site', () => {
  const visitor = new Visitor();

  for (const path of pages) {
    it(`has no axe violations in the light and the dark scheme, and fits into 320, 400 and 1280 pixels: /${path}`, async () => {
      const page = await visitor.open(path);
      for (const scheme of ['light', 'dark'] as const) {
        await setColorScheme(page, scheme);
        expect(await violations(page))
          .withContext(scheme)
          .toEqual([]);
      }
      for (const width of [320, 400, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await horizontalOverflow(page))
          .withContext(String(width))
          .toBeLessThanOrEqual(0);
      }
    });
  }

  it('draws marbles as images with a description, and shows their text', async () => {
    const page = await visitor.open('api/rxjs-locks/functions/trace.html');
    const drawing = page.getByRole('img', { name: /^Marble diagram\. first\.pipe\(withLock\(lock\)\): completes at 4\./ });
    await drawing.waitFor();
    await page.getByText('As text').click();

    expect(await page.locator('.marbles pre').innerText()).toContain('trace(lock), 2 "second"        -p--g--r');
  });

  it('answers which one is needed, with the keyboard alone', async () => {
    const page = await visitor.open('choose.html');
    await page.getByRole('radio', { name: 'One task at a time', exact: true }).focus();
    await page.keyboard.press('Space');
    for (const downs of [1, 0, 2]) {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      for (let down = 0; down < downs; down++) await page.keyboard.press('ArrowDown');
    }

    expect(await page.getByRole('status').innerText()).toContain("const lock = new WebLock('save');");
    expect(await page.getByRole('status').innerText()).toContain("withLock(lock, { whenBusy: 'error' })");
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'WebLock', exact: true }).first().press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Class: WebLock' }).waitFor();
  });

  it('forgets the answers', async () => {
    const page = await visitor.open('choose.html');
    await page.getByRole('radio', { name: 'To wait for each other, step by step' }).check();
    await page.getByRole('radio', { name: 'As a pipe of RxJS' }).check();
    await page.getByText('You need Barrier').waitFor();
    await page.getByRole('button', { name: 'Start again' }).click();

    expect(await page.getByRole('radio').count()).toBe(7);
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    expect(await page.getByRole('status').innerText()).toBe('');
  });

  it('searches without another host', async () => {
    const page = await visitor.open('');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('throttleBySemaphore');
    await page.getByRole('option').first().waitFor();

    expect(await page.getByRole('option').first().innerText()).toContain('throttleBySemaphore');
  });

  it('runs the demo in a page, with its service worker', async () => {
    const page = await visitor.open('demo.html');
    const demo = page.frameLocator('iframe');
    await demo.getByText('Talks to a service worker in your browser').waitFor();
    await demo.getByRole('radio', { name: 'withLock', exact: true }).check();
    await demo.locator('button.run').click();
    await demo.getByText('Right: the server holds edit 12').waitFor({ timeout: 60_000 });
  });

  it('shows the demo in the scheme of the site', async () => {
    const page = await visitor.open('demo.html', { colorScheme: 'light' });
    const isDark = (expected: boolean): Promise<unknown> =>
      page.waitForFunction((dark) => {
        const body = document.querySelector('iframe')?.contentDocument?.body;
        const [red] = body ? (getComputedStyle(body).backgroundColor.match(/\d+/g) ?? []) : [];
        return red !== undefined && (dark ? Number(red) < 64 : Number(red) > 191);
      }, expected);
    await page.frameLocator('iframe').getByText('Talks to a service worker').waitFor();
    await isDark(false);
    await page.getByRole('switch').first().click();
    await isDark(true);
    await page.reload();
    await page.frameLocator('iframe').getByText('Talks to a service worker').waitFor();

    await expectAsync(isDark(true)).toBeResolved();
  });
});
