import type { LogEntry } from '../backend/contract';
import { choose, Environment, figures, lane, runToEnd, start, stop, verdict } from './environment';

const all = [1, 2, 3, 4, 5, 6, 7, 8];

/** The notes of the server, in its order. */
const notes = (log: readonly LogEntry[]): number[] =>
  log
    .filter(({ kind, request }) => kind === 'answered' && request.startsWith('POST /notes/'))
    .map(({ request }) => Number(request.split('/').at(-1)));
const cuts = (log: readonly LogEntry[]): number => log.filter(({ kind }) => kind === 'cut').length;

describe('the page Offline', () => {
  const environment = new Environment();

  for (const [contestant, attempts] of [
    ['nothing', 1],
    ['retry(3)', 4],
  ] as const) {
    it(`shows that ${contestant} loses the notes of the tunnel, each time`, async () => {
      const page = await environment.open('/offline');
      await choose(page, contestant);
      for (let time = 1; time <= 2; time++) {
        await runToEnd(page);
        const log = await environment.log(page);

        const lost = all.length - notes(log).length;

        expect(notes(log)).not.toContain(3);
        expect(cuts(log)).toBeGreaterThanOrEqual(lost * attempts);
        expect(await verdict(page)).toContain(`${String(lost)} of 8 notes are lost`);
        expect(Number((await figures(page))['failed attempts'])).toBeGreaterThanOrEqual(lost * attempts);
        expect(await lane(page, 'note 3').getAttribute('data-tone')).toBe('bad');
      }
    });
  }

  for (const contestant of ['retry without a count', "fromEvent(window, 'online')"]) {
    it(`shows that ${contestant} loses the order, each time`, async () => {
      const page = await environment.open('/offline');
      await choose(page, contestant);
      for (let time = 1; time <= 2; time++) {
        await runToEnd(page);
        const log = await environment.log(page);

        expect([...notes(log)].sort()).toEqual(all);
        expect(notes(log).at(-1)).toBe(3);
        expect(await verdict(page)).toContain('Out of order');
        expect(await lane(page, 'note 3').innerText()).toContain('came after note 8');
      }
    });
  }

  it('shows that the gate holds the notes, sends them in order, and lets a GET fail', async () => {
    const page = await environment.open('/offline');
    await choose(page, 'gateRequests(ONLINE)');
    await start(page);
    await page.getByText('waiting 5').waitFor();
    expect(await page.getByRole('switch', { name: 'Connection' }).isChecked()).toBeFalse();
    expect(await lane(page, 'note 5').innerText()).toContain('in the queue');
    expect(await lane(page, 'note 5').locator('.shade').count()).toBe(1);
    await page.locator('[data-state=ended]').waitFor();

    expect(notes(await environment.log(page))).toEqual(all);
    expect(await verdict(page)).toContain('8 of 8 notes arrived, in order');
    expect((await figures(page))['failed attempts']).toBe('0');
    expect(await lane(page, 'GET news').innerText()).toContain('no connection');
  });

  it('obeys the browser, when that really goes offline', async () => {
    const page = await environment.open('/offline?contestant=gate&cut=hand');
    await start(page);
    await lane(page, 'note 1').getByText('done').waitFor();
    await page.context().setOffline(true);
    await page.getByText(/^waiting [3-7]$/).waitFor();
    expect(await page.getByRole('switch', { name: 'Connection' }).isChecked()).toBeFalse();
    expect(notes(await environment.log(page)).length).toBeLessThan(8);
    await page.context().setOffline(false);
    await page.locator('[data-state=ended]').waitFor();
    const log = await environment.log(page);

    expect(notes(log)).toEqual(all);
    expect(cuts(log)).toBe(0);
    expect(await verdict(page)).toContain('8 of 8 notes arrived, in order');
    expect(await verdict(page)).toContain('in its order: 1 2 3 4 5 6 7 8.');
  });

  it('cuts and mends the connection by the switch, also by keyboard', async () => {
    const page = await environment.open('/offline?contestant=gate&cut=hand');
    const connection = page.getByRole('switch', { name: 'Connection' });
    await start(page);
    await lane(page, 'note 1').getByText('done').waitFor();
    await connection.press('Space');
    await page.getByText(/^waiting [3-7]$/).waitFor();
    await connection.press('Space');
    await page.locator('[data-state=ended]').waitFor();

    expect(notes(await environment.log(page))).toEqual(all);
    expect(await verdict(page)).toContain('in order');
  });

  it('is online again after a run that was stopped', async () => {
    const page = await environment.open('/offline?contestant=gate');
    await start(page);
    await page.getByText('waiting 5').waitFor();
    await stop(page);

    expect(await page.getByRole('switch', { name: 'Connection' }).isChecked()).toBeTrue();
    expect(await page.evaluate(() => navigator.onLine)).toBeTrue();
    expect(await verdict(page)).toContain('Stopped.');
    expect(notes(await environment.log(page))).toEqual([1, 2]);
  });
});
