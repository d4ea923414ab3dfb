import type { Page } from 'playwright-core';

import type { DocumentReport } from '../api';
import { lane, panel, run, settled, Stage } from './stage';

const sentence = 'A lock lets one caller in at a time and the others wait in line until it is their turn';
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the page Serialize', () => {
  const stage = new Stage();
  const atOnce = (page: Page) => panel(page, 'without a lock');
  const inTurn = (page: Page) => panel(page, 'withLock(this.lock)');
  const revisions = ({ log }: DocumentReport) => log.map((entry) => entry.revision);

  it('ends stale at the server without the lock, and right with it, every time', async () => {
    const page = await stage.open('/serialize');
    for (let time = 1; time <= 2; time++) {
      await run(page);
      const stale = await stage.backend.document(await settled(atOnce(page)));
      expect(stale.newest).toBe(20);
      expect(stale.revision).toBeLessThan(20);
      expect(stale.lateSaves).toBeGreaterThanOrEqual(5);
      expect(stale.text).toBe(sentence.split(' ').slice(0, stale.revision).join(' '));
      expect(await atOnce(page).getByRole('status').innerText()).toContain('Stale.');

      const right = await stage.backend.document(await settled(inTurn(page)));
      expect([right.revision, right.newest, right.lateSaves]).toEqual([20, 20, 0]);
      expect(right.text).toBe(sentence);
      expect(revisions(right)).toEqual(upTo(20));
      expect(await inTurn(page).getByRole('status').innerText()).toContain('Correct.');
      const early = right.log.filter((entry, index) => entry.arrivedAt < (right.log[index - 1]?.committedAt ?? 0));
      expect(early).withContext('saves that arrived before the one ahead had landed').toEqual([]);
    }
  });

  it('never sends the save of a caller that is cancelled while it waits', async () => {
    const page = await stage.open('/serialize');
    await run(page);
    await inTurn(page).getByRole('button', { name: 'Cancel edit 15' }).click();
    await lane(inTurn(page), 'edit 15').and(page.locator('[data-state=cancelled]')).waitFor();
    const report = await stage.backend.document(await settled(inTurn(page)));

    expect(revisions(report)).toEqual(upTo(20).filter((revision) => revision !== 15));
    expect([report.revision, report.lateSaves]).toEqual([20, 0]);
  });

  it('shows what the server refuses, and goes on with the next save', async () => {
    const page = await stage.open('/serialize');
    await page.getByRole('switch', { name: /refuse/ }).click();
    await run(page);
    const report = await stage.backend.document(await settled(inTurn(page)));

    expect(report.log.filter((entry) => entry.outcome === 'failed').map((entry) => entry.revision)).toEqual([7, 14]);
    expect([report.revision, report.log.length]).toEqual([20, 20]);
    expect(await inTurn(page).getByRole('alert').getByRole('listitem').allInnerTexts()).toEqual([
      '503: the server refused revision 7, as it was asked to',
      '503: the server refused revision 14, as it was asked to',
    ]);
    expect(await lane(inTurn(page), 'edit 7').getAttribute('data-state')).toBe('failed');
  });

  it('saves what a person types', async () => {
    const page = await stage.open('/serialize');
    await page.getByRole('textbox', { name: 'The editor' }).pressSequentially('lock', { delay: 30 });
    await lane(inTurn(page), 'edit 4').waitFor();
    const report = await stage.backend.document(await settled(inTurn(page)));

    expect([report.text, report.revision]).toEqual(['lock', 4]);
    expect(report.log.map((entry) => entry.text)).toEqual(['l', 'lo', 'loc', 'lock']);
  });

  it('stops by keyboard: the lock is free, nothing more arrives, and nothing is judged', async () => {
    const page = await stage.open('/serialize');
    const button = page.locator('.controls button').first();
    await button.focus();
    await page.keyboard.press('Enter');
    await inTurn(page).getByRole('button', { name: 'Cancel edit 8' }).waitFor();
    await page.keyboard.press('Enter');
    await inTurn(page).getByText('locked false').waitFor();
    const report = await stage.backend.document(await settled(inTurn(page)));

    expect(await button.innerText()).toContain('Run twenty edits');
    expect(report.log.length).toBeLessThan(20);
    expect(report.log.at(-1)?.outcome).toBe('aborted');
    for (const side of [atOnce(page), inTurn(page)]) {
      expect(await side.getByRole('status').innerText()).toContain('Stopped.');
    }
  });
});
