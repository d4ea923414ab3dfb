import type { LogEntry } from '../backend/contract';
import { choose, Environment, figures, isOnFirstScreen, lane, runToEnd, start, verdict } from './environment';

/** The edits of a document in the order in which the server committed them, or got them. */
const edits = (log: readonly LogEntry[], document: number, kind: LogEntry['kind'] = 'answered'): number[] =>
  log
    .filter((entry) => entry.kind === kind && entry.request.startsWith(`PUT /documents/${String(document)}/`))
    .map(({ request }) => Number(request.split('/').at(-1)));

const inOrder = [
  [1, 2, 3, 4, 5],
  [1, 2, 3, 4],
  [1, 2, 3],
  [1, 2],
];
const allEdits = (log: readonly LogEntry[]): number[][] => [1, 2, 3, 4].map((document) => edits(log, document));

/** From the arrival of the slow save of the first document to its answer. */
function duringSlowSave(log: readonly LogEntry[]): LogEntry[] {
  const isSlow = ({ request }: LogEntry): boolean => request === 'PUT /documents/1/edits/3';
  return log.slice(
    log.findIndex((entry) => isSlow(entry) && entry.kind === 'arrived') + 1,
    log.findIndex((entry) => isSlow(entry) && entry.kind === 'answered'),
  );
}

describe('the page Per item', () => {
  const environment = new Environment();

  for (const { name, query } of [
    { name: 'mergeMap', query: '' },
    { name: 'serializeRequests', query: '?onCancel=abort' },
  ]) {
    it(`shows that two documents end stale, each time: ${name} ${query}`, async () => {
      const page = await environment.open(`/per-item${query}`);
      await choose(page, name);
      for (let time = 1; time <= 2; time++) {
        await runToEnd(page);
        const log = await environment.log(page);

        expect(edits(log, 1).at(-1)).toBe(3);
        expect(edits(log, 2).at(-1)).toBe(3);
        expect(await verdict(page)).toContain('Stale: letter and report');
        expect(await lane(page, 'letter 3').innerText()).toContain('overwrote edit 5');
        expect(await lane(page, 'report 3').innerText()).toContain('overwrote edit 4');
      }
    });
  }

  it('shows that concatMap keeps the order, but lets documents wait for each other', async () => {
    const page = await environment.open('/per-item');
    await choose(page, 'concatMap');
    await runToEnd(page);
    const log = await environment.log(page);

    expect(allEdits(log)).toEqual(inOrder);
    expect(duringSlowSave(log)).toEqual([]);
    expect(await verdict(page)).toContain('In order, but they wait for each other');
    expect(Number.parseFloat((await figures(page))['waited for others'] ?? '')).toBeGreaterThan(0.5);
  });

  for (const contestant of ['groupBy + concatMap', 'concatMapByKey']) {
    it(`shows that ${contestant} keeps the order of each document, and documents do not wait for each other`, async () => {
      const page = await environment.open('/per-item');
      await choose(page, contestant);
      await runToEnd(page);
      const log = await environment.log(page);

      expect(allEdits(log)).toEqual(inOrder);
      expect(edits(duringSlowSave(log), 1, 'arrived')).toEqual([]);
      expect(edits(duringSlowSave(log), 4)).toEqual([2]);
      expect(await verdict(page)).toContain('Right: each document holds its last edit');
    });
  }

  it('shows that serializeRequests lets a cancelled save run to its answer, while the next one waits', async () => {
    const page = await environment.open('/per-item');
    await choose(page, 'serializeRequests');
    await start(page);
    await lane(page, 'letter 3').getByText('cancelled, the server goes on').waitFor();
    await lane(page, 'letter 5').getByText('in the queue').waitFor();
    await page.locator('[data-state=ended]').waitFor();
    const log = await environment.log(page);

    expect(edits(log, 1)).toEqual([1, 2, 3, 5]);
    expect(edits(log, 2)).toEqual([1, 2, 3, 4]);
    expect(edits(duringSlowSave(log), 1, 'arrived')).toEqual([]);
    expect(await verdict(page)).toContain('Right: each document holds its last edit');
  });

  it('has a setting for onCancel, which the address and the shown code have too', async () => {
    const page = await environment.open('/per-item');
    expect(await page.getByRole('radio', { name: 'is aborted' }).isDisabled()).toBeTrue();
    await choose(page, 'serializeRequests');
    await page.getByRole('radio', { name: 'is aborted' }).check();

    expect(await page.locator('app-code-panel pre').innerText()).toContain("onCancel: 'abort'");
    expect(new URL(page.url()).searchParams.get('onCancel')).toBe('abort');
  });

  for (const contestant of ['concatMap', 'concatMapByKey']) {
    it(`does not send a save that is cancelled while it waits: ${contestant}`, async () => {
      const page = await environment.open('/per-item');
      await choose(page, contestant);
      await start(page);
      await page.getByRole('button', { name: 'Cancel letter 4' }).click();
      await lane(page, 'letter 4').getByText('cancelled').waitFor();
      await page.locator('[data-state=ended]').waitFor();

      expect(edits(await environment.log(page), 1, 'arrived')).toEqual([1, 2, 3, 5]);
      expect(await lane(page, 'letter 4').innerText()).toContain('cancelled');
    });
  }

  it('tells of an overwritten save while the run goes on, on the first screen', async () => {
    for (const viewport of [
      { width: 1280, height: 720 },
      { width: 400, height: 800 },
    ]) {
      const page = await environment.open('/per-item', { viewport });
      await start(page);
      await page.locator('app-verdict').getByText('A newer save is overwritten').waitFor();

      expect(await page.locator('[data-state]').first().getAttribute('data-state')).toBe('running');
      expect(await isOnFirstScreen(page, page.locator('app-verdict'))).toBeTrue();
    }
  });
});
