import type { LogEntry } from '../backend/contract';
import { choose, Environment, figures, isOnFirstScreen, lane, runToEnd, verdict } from './environment';

const published = 'isRefreshing + BehaviorSubject';
const arrivals = (log: readonly LogEntry[], path: string): number =>
  log.filter(({ kind, request }) => kind === 'arrived' && request.includes(path)).length;

/** What each contestant makes of each trouble: the refreshes that the server sees, and how many requests hang or fail. */
const outcomes = [
  { trouble: 'none', contestant: published, refreshes: 1, hung: 0, failed: 0 },
  { trouble: 'none', contestant: 'share()', refreshes: 1, hung: 0, failed: 0 },
  { trouble: 'none', contestant: 'refreshOn401', refreshes: 1, hung: 0, failed: 0 },
  { trouble: 'refresh-fails', contestant: published, refreshes: 1, hung: 19, failed: 1 },
  { trouble: 'refresh-fails', contestant: 'share()', refreshes: 1, hung: 0, failed: 20 },
  { trouble: 'refresh-fails', contestant: 'refreshOn401', refreshes: 1, hung: 0, failed: 20 },
  { trouble: 'caller-leaves', contestant: published, refreshes: 1, hung: 19, failed: 0 },
  { trouble: 'caller-leaves', contestant: 'share()', refreshes: 1, hung: 0, failed: 0 },
  { trouble: 'caller-leaves', contestant: 'refreshOn401', refreshes: 1, hung: 0, failed: 0 },
  { trouble: 'late-401', contestant: published, refreshes: 2, hung: 0, failed: 0 },
  { trouble: 'late-401', contestant: 'share()', refreshes: 2, hung: 0, failed: 0 },
  { trouble: 'late-401', contestant: 'refreshOn401', refreshes: 1, hung: 0, failed: 0 },
  { trouble: 'session-dead', contestant: published, refreshes: 1, hung: 19, failed: 1 },
  { trouble: 'session-dead', contestant: 'share()', refreshes: 1, hung: 0, failed: 20 },
  { trouble: 'session-dead', contestant: 'refreshOn401', refreshes: 1, hung: 0, failed: 20 },
] as const;

describe('the page Token refresh', () => {
  const environment = new Environment();

  for (const { trouble, contestant, refreshes, hung, failed } of outcomes) {
    it(`shows the true result of ${contestant}: ${trouble}`, async () => {
      const page = await environment.open(`/token-refresh?trouble=${trouble}`);
      await choose(page, contestant);
      await runToEnd(page);
      const log = await environment.log(page);
      const shown = await figures(page);

      expect(arrivals(log, '/session/refresh')).toBe(refreshes);
      expect([shown['refreshes'], shown['hung'], shown['failed']]).toEqual([refreshes, hung, failed].map(String));
      expect(shown['requests']).toBe(String(arrivals(log, '/items/')));
    });
  }

  it('is the landing page, and its first run shows requests that hang', async () => {
    for (const viewport of [
      { width: 1280, height: 720 },
      { width: 400, height: 800 },
    ]) {
      const page = await environment.open('/', { viewport });
      await runToEnd(page);

      expect(await verdict(page)).toMatch(/^19 of 20 requests hang for ever/);
      expect(await isOnFirstScreen(page, page.locator('app-verdict'))).toBeTrue();
      expect(await lane(page, 'item 20').innerText()).toContain('hangs for ever');
    }
  });

  it('tells all results beside each other after a run of all', async () => {
    const page = await environment.open('/token-refresh?trouble=refresh-fails');
    await page.getByRole('button', { name: 'Run all' }).click();
    const row = page.locator('app-results [data-contestant="refresh-on-401"]');
    await row.getByText('20').first().waitFor();

    expect(await page.locator('app-results tbody tr').allInnerTexts()).toEqual([
      jasmine.stringContaining('19'),
      jasmine.stringContaining('20'),
      jasmine.stringContaining('20'),
    ]);
  });
});
