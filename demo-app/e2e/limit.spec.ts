import type { Page } from 'playwright-core';

import { Environment, lane, panel, reportedRun, run } from './environment';

describe('the page Limit', () => {
  const environment = new Environment();
  const unlimited = (page: Page) => panel(page, 'without a limit');
  const limited = (page: Page) => panel(page, 'throttleBySemaphore(this.semaphore)');
  const choose = async (page: Page, key: 'ArrowLeft' | 'ArrowRight' | 'Home' | 'End', limit: number) => {
    await page.getByRole('slider', { name: /Limit/ }).focus();
    await page.keyboard.press(key);
    await limited(page)
      .getByText(`available ${String(limit)}`)
      .waitFor();
  };

  it('keeps to the limit chosen by keyboard, by the count of the server', async () => {
    const page = await environment.open('/limit');
    for (const [key, limit] of [
      ['ArrowLeft', 2],
      ['End', 6],
    ] as const) {
      await choose(page, key, limit);
      await run(page);
      const stats = await environment.backend.stats(await reportedRun(limited(page)));

      expect([stats.largest, stats.started, stats.finished, stats.inFlight]).toEqual([limit, 40, 40, 0]);
      expect(await limited(page).locator('dd').first().innerText()).toBe(String(limit));
      expect(await limited(page).getByRole('status').innerText()).toContain(`At most ${String(limit)} downloads at once`);
      expect(await limited(page).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100');
    }
  });

  it('does not delay an urgent request, which waits for nearly all downloads without a limit', async () => {
    const page = await environment.open('/limit');
    await run(page);
    const behind = await environment.backend.stats(await reportedRun(unlimited(page)));
    const passed = await environment.backend.stats(await reportedRun(limited(page)));

    expect(behind.largest).toBe(6);
    expect(behind.endedBeforeUrgent).toBeGreaterThanOrEqual(30);
    expect(passed.largest).toBe(3);
    expect(passed.endedBeforeUrgent).toBeLessThanOrEqual(6);
  });

  it('does not send a download that is cancelled while waiting', async () => {
    const page = await environment.open('/limit');
    await choose(page, 'ArrowLeft', 2);
    await run(page);
    await limited(page).getByRole('button', { name: 'Cancel file 39' }).click();
    await lane(limited(page), 'file 39').and(page.locator('[data-state=cancelled]')).waitFor();
    const stats = await environment.backend.stats(await reportedRun(limited(page)));

    expect([stats.started, stats.finished, stats.aborted]).toEqual([39, 39, 0]);
  });

  it('gives no verdict on the stopped batch, and neither batch is busy', async () => {
    const page = await environment.open('/limit');
    await run(page);
    await reportedRun(unlimited(page));
    await limited(page).getByRole('button', { name: 'Cancel file 39' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: /^Run/ }).waitFor();

    expect(await unlimited(page).getByRole('status').innerText()).toContain('Up to 6 downloads at once');
    expect(await limited(page).getByRole('status').innerText()).toContain('Stopped.');
  });

  it('shows the refused downloads, and continues with the others', async () => {
    const page = await environment.open('/limit');
    await page.getByRole('switch', { name: /refuse/ }).click();
    await run(page);
    const stats = await environment.backend.stats(await reportedRun(limited(page)));

    expect([stats.failed, stats.finished, stats.largest]).toEqual([4, 36, 3]);
    expect(await limited(page).getByRole('alert').getByRole('listitem').count()).toBe(4);
    expect(await lane(limited(page), 'file 10').getAttribute('data-state')).toBe('failed');
  });
});
