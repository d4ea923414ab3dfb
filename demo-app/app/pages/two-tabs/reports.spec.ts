import { lossIn, merged, momentsOf, type Report, workerIn } from './reports';

describe('the reports of tabs', () => {
  const report = (tab: number, at: number, kind: Report['kind'], more: Pick<Report, 'text' | 'run'> = {}): Report => ({
    life: `life ${String(tab)}`,
    tab,
    at,
    kind,
    ...more,
  });
  const nameOf = ({ tab }: { readonly tab: number }) => `Tab ${String(tab)}`;

  it('are known once each, in their order, from whatever tab they come', () => {
    const [first, second, third] = [report(1, 10, 'queued'), report(2, 20, 'queued'), report(1, 30, 'granted')];
    expect(merged([first, third], [second, third, first])).toEqual([first, second, third]);
    const known = [first];
    expect(merged(known, [first])).toBe(known);

    expect(merged([], [second, second])).toEqual([second]);
  });

  it('say once that a tab has gone, although each tab sees it at another time', () => {
    const gone = report(1, 50, 'cancelled', { text: 'gone' });

    expect(merged([gone], [{ ...gone, at: 51 }])).toEqual([gone]);
    expect(merged([gone], [{ ...gone, life: 'another', at: 51 }]).length).toBe(2);
  });

  it('are drawn for the work, or for a run, from its first moment on', () => {
    const reports = [
      report(1, 100, 'queued'),
      report(1, 150, 'granted'),
      report(3, 160, 'cancelled', { text: 'gone' }),
      report(1, 300, 'sent', { run: 'a' }),
      report(2, 310, 'sent', { run: 'a' }),
      report(2, 320, 'cancelled', { text: 'gone' }),
    ];
    const drawn = (run?: string) =>
      momentsOf(reports, run, nameOf).map(({ at, actor, kind }) => `${String(at)} ${actor} ${kind}`);
    expect(drawn()).toEqual(['0 Tab 1 queued', '50 Tab 1 granted', '60 Tab 3 cancelled', '220 Tab 2 cancelled']);
    expect(drawn('a')).toEqual(['0 Tab 1 sent', '10 Tab 2 sent', '20 Tab 2 cancelled']);

    expect(drawn('b')).toEqual([]);
  });

  it('tell which tab works', () => {
    const reports = [report(1, 1, 'granted'), report(1, 2, 'released'), report(2, 3, 'granted')];
    expect([0, 1, 2, 3].map((count) => workerIn(reports.slice(0, count))?.tab)).toEqual([undefined, 1, undefined, 2]);
    expect(workerIn([...reports, report(1, 4, 'cancelled')])?.tab).toBe(2);
    expect(workerIn([...reports, report(1, 4, 'granted', { run: 'a' })])?.tab).toBe(2);

    expect(workerIn([...reports, report(2, 4, 'cancelled')])).toBeUndefined();
  });

  it('tell the last error of the work', () => {
    expect(lossIn([])).toBeUndefined();

    expect(
      lossIn([
        report(1, 1, 'failed', { text: 'LockLostError: a' }),
        report(2, 2, 'failed', { text: 'LockLostError: b' }),
        report(2, 3, 'failed', { text: 'logged out', run: 'a' }),
      ]),
    ).toBe('Tab 2: LockLostError: b');
  });
});
