import type { LogEntry } from '../backend/contract';
import { choose, Environment, figures, lane, runToEnd, start, verdict } from './environment';

/** The edits with such an answer, in the order of the server. */
const edits = (log: readonly LogEntry[], wanted: (status: number) => boolean): number[] =>
  log
    .filter(({ kind, status = 0 }) => kind === 'answered' && wanted(status))
    .map(({ request }) => Number(request.split('/').at(-1)));
const saved = (log: readonly LogEntry[]): number[] => edits(log, (status) => status === 200);
const refused = (log: readonly LogEntry[]): number[] => edits(log, (status) => status === 503);

describe('the page Autosave', () => {
  const environment = new Environment();

  for (const [contestant, held] of [
    ['switchMap', 3],
    ['catchError', 9],
    ['exhaustMap + retry', 11],
  ] as const) {
    it(`shows that ${contestant} loses the last edit, each time`, async () => {
      const page = await environment.open('/autosave');
      await choose(page, contestant);
      for (let time = 1; time <= 2; time++) {
        await runToEnd(page);
        const log = await environment.log(page);
        const last = saved(log).at(-1) ?? 0;

        expect(last).toBeLessThanOrEqual(held);
        expect(refused(log).length).toBeGreaterThan(0);
        expect(await verdict(page)).toContain(`Lost: the server holds edit ${String(last)} of 12`);
        expect((await figures(page))['lost edits']).toBe(String(12 - last));
        expect(await lane(page, 'edit 12').innerText()).toContain('lost');
        expect(await page.locator('.status').innerText()).toBe('Edit 12 is lost');
      }
    });
  }

  for (const contestant of ['switchMap + retry', 'concatMap + retry', 'exhaustMapLatest + retry']) {
    it(`shows that ${contestant} saves the last edit through an outage`, async () => {
      const page = await environment.open('/autosave');
      await choose(page, contestant);
      await runToEnd(page);
      const log = await environment.log(page);

      expect(saved(log).at(-1)).toBe(12);
      expect(refused(log).length).toBeGreaterThan(1);
      expect(await verdict(page)).toContain('Nothing lost: the server holds edit 12');
      expect(await page.locator('.status').innerText()).toBe('Saved: edit 12');
    });
  }

  it('shows that exhaustMapLatest sends one save at a time, and the newest after a pause', async () => {
    const page = await environment.open('/autosave?contestant=exhaust-map-latest');
    await start(page);
    await page.getByText(/^Retrying in 0\.\d s · edit \d+ is not saved yet$/).waitFor();
    await page.locator('[data-state=ended]').waitFor();
    const log = await environment.log(page);
    const visits = log.filter(({ kind }) => kind === 'arrived' || kind === 'answered').map(({ kind }) => kind);

    expect(visits).toEqual(visits.map((_, index) => (index % 2 === 0 ? 'arrived' : 'answered')));
    expect(refused(log)).toContain(4);
    expect(saved(log)).not.toContain(4);
    expect(await lane(page, 'edit 4').innerText()).toContain('replaced by');
  });

  it('tells of a lost edit while the run goes on', async () => {
    const page = await environment.open('/autosave');
    await start(page);
    await page.getByText('Lost: the server holds edit 3').waitFor();

    expect(await page.locator('[data-state]').first().getAttribute('data-state')).toBe('running');
  });

  it('does not save an edit that is cancelled', async () => {
    const page = await environment.open('/autosave?contestant=exhaust-map-latest');
    await start(page);
    await page.getByRole('button', { name: 'Cancel edit 12' }).click();
    await page.locator('[data-state=ended]').waitFor();

    expect(saved(await environment.log(page))).not.toContain(12);
    expect(await lane(page, 'edit 12').innerText()).toContain('cancelled');
  });

  it('loses what somebody types by hand', async () => {
    const page = await environment.open('/autosave?contestant=catch-error');
    await page.getByRole('textbox').pressSequentially('ten letters', { delay: 60 });
    await page.locator('[data-state=ended]').waitFor();

    expect(saved(await environment.log(page))).not.toContain(11);
    expect(await verdict(page)).toContain('Lost: the server holds');
  });
});
