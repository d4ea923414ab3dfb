import type { Page } from 'playwright-core';

import { lane, panel, run, settled, Stage } from './stage';

describe('the page Limit', () => {
  const stage = new Stage();
  const atOnce = (page: Page) => panel(page, 'without a limit');
  const inTurn = (page: Page) => panel(page, 'throttleBySemaphore(this.semaphore)');
  const choose = async (page: Page, key: 'ArrowLeft' | 'ArrowRight' | 'Home' | 'End', limit: number) => {
    await page.getByRole('slider', { name: /Limit/ }).focus();
    await page.keyboard.press(key);
    await inTurn(page)
      .getByText(`available ${String(limit)}`)
      .waitFor();
  };

  it('keeps to the limit that is chosen by keyboard, as the server counts', async () => {
    const page = await stage.open('/limit');
    for (const [key, limit] of [
      ['ArrowLeft', 2],
      ['End', 6],
    ] as const) {
      await choose(page, key, limit);
      await run(page);
      const stats = await stage.backend.stats(await settled(inTurn(page)));

      expect([stats.largest, stats.started, stats.finished, stats.inFlight]).toEqual([limit, 40, 40, 0]);
      expect(await inTurn(page).locator('dd').first().innerText()).toBe(String(limit));
      expect(await inTurn(page).getByRole('status').innerText()).toContain(`At most ${String(limit)} at once`);
      expect(await inTurn(page).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100');
    }
  });

  it('lets an urgent request pass, which without a limit waits behind nearly all', async () => {
    const page = await stage.open('/limit');
    await run(page);
    const behind = await stage.backend.stats(await settled(atOnce(page)));
    const passed = await stage.backend.stats(await settled(inTurn(page)));

    expect(behind.largest).toBe(6);
    expect(behind.endedBeforeUrgent).toBeGreaterThanOrEqual(30);
    expect(passed.largest).toBe(3);
    expect(passed.endedBeforeUrgent).toBeLessThanOrEqual(6);
  });

  it('never sends the download of a caller that is cancelled while it waits', async () => {
    const page = await stage.open('/limit');
    await choose(page, 'ArrowLeft', 2);
    await run(page);
    await inTurn(page).getByRole('button', { name: 'Cancel file 39' }).click();
    await lane(inTurn(page), 'file 39').and(page.locator('[data-state=cancelled]')).waitFor();
    const stats = await stage.backend.stats(await settled(inTurn(page)));

    expect([stats.started, stats.finished, stats.aborted]).toEqual([39, 39, 0]);
  });

  it('judges no half that was stopped, and neither is busy any more', async () => {
    const page = await stage.open('/limit');
    await run(page);
    await settled(atOnce(page));
    await inTurn(page).getByRole('button', { name: 'Cancel file 39' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: /^Run/ }).waitFor();

    expect(await atOnce(page).getByRole('status').innerText()).toContain('At most 6 at once');
    expect(await inTurn(page).getByRole('status').innerText()).toContain('Stopped.');
  });

  it('shows what the server refuses, and goes on with the other downloads', async () => {
    const page = await stage.open('/limit');
    await page.getByRole('switch', { name: /refuse/ }).click();
    await run(page);
    const stats = await stage.backend.stats(await settled(inTurn(page)));

    expect([stats.failed, stats.finished, stats.largest]).toEqual([4, 36, 3]);
    expect(await inTurn(page).getByRole('alert').getByRole('listitem').count()).toBe(4);
    expect(await lane(inTurn(page), 'file 10').getAttribute('data-state')).toBe('failed');
  });
});
