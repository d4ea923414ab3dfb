import type { DownloadStats } from '../../api';
import { downloadVerdict } from './download-verdict';

const stats: DownloadStats = {
  inFlight: 0,
  largest: 3,
  started: 40,
  finished: 40,
  failed: 0,
  aborted: 0,
  endedBeforeUrgent: 0,
};

describe('downloadVerdict', () => {
  it('is good within the limit', () => {
    expect(downloadVerdict(stats, 3)).toEqual({
      tone: 'good',
      headline: 'At most 3 downloads at once, within the limit.',
      detail: 'The urgent request reached the server immediately.',
    });
  });

  it('is bad above the limit', () => {
    expect(downloadVerdict({ ...stats, largest: 4 }, 3).tone).toBe('bad');
  });

  it('is bad without a limit, and reports how long the urgent request waited', () => {
    expect(downloadVerdict({ ...stats, largest: 6, endedBeforeUrgent: 34 }, null)).toEqual({
      tone: 'bad',
      headline: 'Up to 6 downloads at once, on all connections of the browser.',
      detail: 'The urgent request waited until 34 of 40 downloads had ended.',
    });
  });

  it('reports an urgent request that did not arrive', () => {
    expect(downloadVerdict({ ...stats, endedBeforeUrgent: null }, 3).detail).toBe('The urgent request never reached the server.');
  });
});
