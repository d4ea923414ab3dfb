import type { Page } from 'playwright-core';

import type { DocumentReport } from '../api';
import { Environment, lane, panel, reportedRun, run } from './environment';

const sentence = 'A lock has one holder at a time and other callers wait in a queue until the holder releases it';
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the page Serialize', () => {
  const environment = new Environment();
  const unlockedPanel = (page: Page) => panel(page, 'without a lock');
  const lockedPanel = (page: Page) => panel(page, 'withLock(this.lock)');
  const revisions = ({ log }: DocumentReport) => log.map((entry) => entry.revision);

  it('stores a stale document without the lock, and the right one with it, each time', async () => {
    const page = await environment.open('/serialize');
    for (let time = 1; time <= 2; time++) {
      await run(page);
      const stale = await environment.backend.document(await reportedRun(unlockedPanel(page)));
      expect(stale.newest).toBe(20);
      expect(stale.revision).toBeLessThan(20);
      expect(stale.lateSaves).toBeGreaterThanOrEqual(5);
      expect(stale.text).toBe(sentence.split(' ').slice(0, stale.revision).join(' '));
      expect(await unlockedPanel(page).getByRole('status').innerText()).toContain('Stale.');

      const right = await environment.backend.document(await reportedRun(lockedPanel(page)));
      expect([right.revision, right.newest, right.lateSaves]).toEqual([20, 20, 0]);
      expect(right.text).toBe(sentence);
      expect(revisions(right)).toEqual(upTo(20));
      expect(await lockedPanel(page).getByRole('status').innerText()).toContain('Correct.');
      const early = right.log.filter((entry, index) => entry.arrivedAt < (right.log[index - 1]?.committedAt ?? 0));
      expect(early).withContext('saves that arrived before the commit of the previous save').toEqual([]);
    }
  });

  it('does not send a save that is cancelled while waiting', async () => {
    const page = await environment.open('/serialize');
    await run(page);
    await lockedPanel(page).getByRole('button', { name: 'Cancel edit 15' }).click();
    await lane(lockedPanel(page), 'edit 15').and(page.locator('[data-state=cancelled]')).waitFor();
    const report = await environment.backend.document(await reportedRun(lockedPanel(page)));

    expect(revisions(report)).toEqual(upTo(20).filter((revision) => revision !== 15));
    expect([report.revision, report.lateSaves]).toEqual([20, 0]);
  });

  it('shows the refused saves, and continues with the next one', async () => {
    const page = await environment.open('/serialize');
    await page.getByRole('switch', { name: /refuse/ }).click();
    await run(page);
    const report = await environment.backend.document(await reportedRun(lockedPanel(page)));

    expect(report.log.filter((entry) => entry.outcome === 'failed').map((entry) => entry.revision)).toEqual([7, 14]);
    expect([report.revision, report.log.length]).toEqual([20, 20]);
    expect(await lockedPanel(page).getByRole('alert').getByRole('listitem').allInnerTexts()).toEqual([
      '503: the server refused revision 7, as it was asked to',
      '503: the server refused revision 14, as it was asked to',
    ]);
    expect(await lane(lockedPanel(page), 'edit 7').getAttribute('data-state')).toBe('failed');
  });

  it('saves typed text', async () => {
    const page = await environment.open('/serialize');
    await page.getByRole('textbox', { name: 'The editor' }).pressSequentially('lock', { delay: 30 });
    await lane(lockedPanel(page), 'edit 4').waitFor();
    const report = await environment.backend.document(await reportedRun(lockedPanel(page)));

    expect([report.text, report.revision]).toEqual(['lock', 4]);
    expect(report.log.map((entry) => entry.text)).toEqual(['l', 'lo', 'loc', 'lock']);
  });

  it('stops by keyboard: the lock is free, no more saves arrive, and there is no verdict', async () => {
    const page = await environment.open('/serialize');
    const button = page.locator('.controls button').first();
    await button.focus();
    await page.keyboard.press('Enter');
    await lockedPanel(page).getByRole('button', { name: 'Cancel edit 8' }).waitFor();
    await page.keyboard.press('Enter');
    await lockedPanel(page).getByText('locked false').waitFor();
    const report = await environment.backend.document(await reportedRun(lockedPanel(page)));

    expect(await button.innerText()).toContain('Run twenty edits');
    expect(report.log.length).toBeLessThan(20);
    expect(report.log.at(-1)?.outcome).toBe('aborted');
    for (const side of [unlockedPanel(page), lockedPanel(page)]) {
      expect(await side.getByRole('status').innerText()).toContain('Stopped.');
    }
  });
});
