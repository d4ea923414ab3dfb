import type { LogEntry } from '../backend/contract';
import { choose, Environment, figures, isOnFirstScreen, lane, runToEnd, start, stop, verdict } from './environment';

const edits = (log: readonly LogEntry[], kind: LogEntry['kind']): number[] =>
  log.filter((entry) => entry.kind === kind).map(({ request }) => Number(request.split('/').at(-1)));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('the page Stale saves', () => {
  const environment = new Environment();

  for (const contestant of ['nothing', 'switchMap', 'debounceTime + switchMap']) {
    it(`shows that ${contestant} ends with a stale document, each time`, async () => {
      const page = await environment.open('/stale-saves');
      await choose(page, contestant);
      for (let time = 1; time <= 2; time++) {
        await runToEnd(page);
        const log = await environment.log(page);

        expect(edits(log, 'answered').at(-1)).toBe(11);
        expect(edits(log, 'damage')).toContain(11);
        expect(await verdict(page)).toContain('Stale: the server holds edit 11 of 12');
        expect(await lane(page, 'edit 11').getAttribute('data-tone')).toBe('bad');
        expect(await lane(page, 'edit 11').innerText()).toContain('overwrote edit 12');
      }
    });
  }

  for (const contestant of ['concatMap', 'withLock']) {
    it(`shows that ${contestant} saves each edit in order`, async () => {
      const page = await environment.open('/stale-saves');
      await choose(page, contestant);
      await runToEnd(page);
      const log = await environment.log(page);

      expect(edits(log, 'answered')).toEqual(upTo(12));
      expect(edits(log, 'damage')).toEqual([]);
      expect(await verdict(page)).toContain('Right: the server holds edit 12');
    });
  }

  it('shows that exhaustMapLatest saves the last edit, with fewer requests', async () => {
    const page = await environment.open('/stale-saves');
    await choose(page, 'exhaustMapLatest');
    await runToEnd(page);
    const saved = edits(await environment.log(page), 'answered');

    expect(saved.at(-1)).toBe(12);
    expect(saved.length).toBeLessThan(12);
    expect((await figures(page))['overwrites']).toBe('0');
  });

  it('tells of an overwritten save while the run goes on, on the first screen', async () => {
    for (const viewport of [
      { width: 1280, height: 720 },
      { width: 400, height: 800 },
    ]) {
      const page = await environment.open('/stale-saves', { viewport });
      await start(page);
      await page.getByText('Overwrites so far').waitFor();

      expect(await page.locator('[data-state]').first().getAttribute('data-state')).toBe('running');
      expect(await isOnFirstScreen(page, page.locator('app-verdict'))).toBeTrue();
    }
  });

  it('does not send a save that is cancelled while it waits', async () => {
    const page = await environment.open('/stale-saves?contestant=with-lock');
    await start(page);
    await page.getByRole('button', { name: 'Cancel edit 9' }).click();
    await page.locator('[data-state=ended]').waitFor();

    expect(edits(await environment.log(page), 'arrived')).toEqual(upTo(12).filter((edit) => edit !== 9));
    expect(await lane(page, 'edit 9').innerText()).toContain('cancelled');
  });

  it('gives no verdict on a run that was stopped', async () => {
    const page = await environment.open('/stale-saves');
    await start(page);
    await page.getByText('Overwrites so far').waitFor();
    await stop(page);

    expect(await verdict(page)).toContain('Stopped.');
    expect(await page.locator('.figures [data-tone]').count()).toBe(0);
  });

  it('shows the accident when somebody types by hand', async () => {
    const page = await environment.open('/stale-saves');
    await page.getByRole('textbox').pressSequentially('stale', { delay: 90 });
    await page.locator('[data-state=ended]').waitFor();

    expect(edits(await environment.log(page), 'damage')).toEqual([3]);
    expect(await verdict(page)).toContain('Stale: the server holds edit 3 of 5');
  });
});
