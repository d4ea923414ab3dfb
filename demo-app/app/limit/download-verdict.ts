import type { DownloadStats } from '../../api';
import type { Verdict } from '../shared/verdict';

/** The verdict on a run, from the server's counts. `limit` is null for a run without a limit. */
export function downloadVerdict({ largest, started, endedBeforeUrgent }: DownloadStats, limit: number | null): Verdict {
  const urgent = urgentText(endedBeforeUrgent, started);
  if (limit === null) {
    return {
      tone: 'bad',
      headline: `Up to ${String(largest)} downloads at once, on all connections of the browser.`,
      detail: urgent,
    };
  }
  return largest <= limit
    ? { tone: 'good', headline: `At most ${String(largest)} downloads at once, within the limit.`, detail: urgent }
    : { tone: 'bad', headline: `${String(largest)} downloads at once, above the limit of ${String(limit)}.`, detail: urgent };
}

function urgentText(endedBefore: number | null, started: number): string {
  if (endedBefore === null) return 'The urgent request never reached the server.';
  if (endedBefore === 0) return 'The urgent request reached the server immediately.';
  return `The urgent request waited until ${String(endedBefore)} of ${String(started)} downloads had ended.`;
}
