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
      headline: 'At most 3 at once, as the limit says.',
      detail: 'The urgent request reached the server at once.',
    });
  });

  it('is bad above it', () => {
    expect(downloadVerdict({ ...stats, largest: 4 }, 3).tone).toBe('bad');
  });

  it('is bad without one, and says how long the urgent request had to wait', () => {
    expect(downloadVerdict({ ...stats, largest: 6, endedBeforeUrgent: 34 }, null)).toEqual({
      tone: 'bad',
      headline: 'At most 6 at once, all that the browser has.',
      detail: 'The urgent request waited until 34 of 40 downloads had ended.',
    });
  });

  it('does not claim what it cannot know', () => {
    expect(downloadVerdict({ ...stats, endedBeforeUrgent: null }, 3).detail).toBe('The urgent request never reached the server.');
  });
});
