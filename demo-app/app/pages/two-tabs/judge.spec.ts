import type { LogEntry } from '../../../backend/contract';
import { countsOf, judgeRun, judgeWork, none, type SharedRun } from './judge';

const seat = (tab: number) => ({ life: `life ${String(tab)}`, tab });

describe('the verdict on a run of refreshes', () => {
  const run: SharedRun = {
    id: 'run',
    way: 'indexed-db',
    by: seat(1),
    tabs: 2,
    state: 'ended',
    counts: { rounds: 3, refreshes: 3, again: 0, refused: 0 },
  };
  const twice = { rounds: 3, refreshes: 4, again: 1, refused: 1 };
  const headline = (change: Partial<SharedRun>) => {
    const { verdict } = judgeRun({ ...run, ...change });
    return `${verdict.tone}: ${verdict.headline}`;
  };

  it('is good if there was one refresh in each round, and bad if there were two', () => {
    expect(headline({})).toBe('good: Refreshed once in each of 3 rounds');
    expect(headline({ counts: twice })).toBe('bad: Refreshed twice in 1 of 3 rounds');
    expect(headline({ way: 'local-storage', counts: twice })).toBe('bad: Refreshed twice in 1 of 3 rounds');
  });

  it('does not praise localStorage for its luck, nor a tab that is alone', () => {
    expect(headline({ way: 'local-storage' })).toBe('idle: Not this time: once in each of 3 rounds');
    expect(headline({ tabs: 1 })).toBe('idle: One tab alone proves nothing');
  });

  it('is not given before the end, nor after a stop', () => {
    const running = judgeRun({ ...run, state: 'running', counts: twice });
    const stopped = judgeRun({ ...run, state: 'stopped', counts: twice });
    expect([running.verdict.tone, stopped.verdict.tone, judgeRun(undefined).verdict.tone]).toEqual(['busy', 'stopped', 'idle']);

    for (const { figures } of [running, stopped]) expect(figures.some(({ tone }) => tone !== undefined)).toBeFalse();
  });

  it('is drawn from the log of the server', () => {
    const entry = (kind: LogEntry['kind'], request: string, status?: number): LogEntry => ({
      sequence: 1,
      at: 0,
      kind,
      request,
      ...(status !== undefined && { status }),
    });
    const refresh = (tab: number, status: number) => [
      entry('arrived', `POST /rotation/refresh/${String(tab)}`),
      entry('answered', `POST /rotation/refresh/${String(tab)}`, status),
    ];
    const expire = [entry('arrived', 'POST /rotation/expire'), entry('answered', 'POST /rotation/expire', 200)];
    const profile = entry('answered', 'GET /profile/1', 401);
    expect(countsOf([])).toEqual(none);

    expect(countsOf([...expire, profile, ...refresh(1, 200), ...expire, ...refresh(1, 200), ...refresh(2, 400)])).toEqual({
      rounds: 2,
      refreshes: 3,
      again: 1,
      refused: 1,
    });
  });
});

describe('the verdict on the work', () => {
  const steps = { steps: 7, terms: 2, late: 0, gap: 120 };
  const headline = (...given: Parameters<typeof judgeWork>) => {
    const { verdict } = judgeWork(...given);
    return `${verdict.tone}: ${verdict.headline}`;
  };

  it('names the tab that works, and those that wait', () => {
    expect(headline(undefined, [], undefined)).toBe('busy: No tab works yet');
    expect(headline(seat(1), [seat(1)], steps)).toBe('idle: Tab 1 works alone');
    expect(headline(seat(2), [seat(1), seat(2)], steps)).toBe('good: Tab 2 works, tab 1 waits');
    expect(headline(seat(2), [seat(1), seat(2), seat(3)], steps)).toBe('good: Tab 2 works, tabs 1, 3 wait');
  });

  it('is bad if a step came late', () => {
    const late = { ...steps, late: 1 };
    expect(headline(seat(1), [seat(1), seat(2)], late)).toBe('bad: Tab 1 works, but 1 step came late');

    expect(judgeWork(seat(1), [], late).figures.map(({ value, tone }) => [value, tone])).toEqual([
      ['7', undefined],
      ['2', undefined],
      ['120', undefined],
      ['1', 'bad'],
    ]);
  });
});
