import type { DownloadStats } from '../../api';
import type { Verdict } from '../shared/verdict';

/** What the server's count says of a run under `limit`, or of one without. */
export function downloadVerdict({ largest, started, endedBeforeUrgent }: DownloadStats, limit: number | null): Verdict {
  const urgent = urgentText(endedBeforeUrgent, started);
  if (limit === null) {
    return { tone: 'bad', headline: `At most ${String(largest)} at once, all that the browser has.`, detail: urgent };
  }
  return largest <= limit
    ? { tone: 'good', headline: `At most ${String(largest)} at once, as the limit says.`, detail: urgent }
    : { tone: 'bad', headline: `${String(largest)} at once: more than the limit of ${String(limit)}.`, detail: urgent };
}

function urgentText(endedBefore: number | null, started: number): string {
  if (endedBefore === null) return 'The urgent request never reached the server.';
  if (endedBefore === 0) return 'The urgent request reached the server at once.';
  return `The urgent request waited until ${String(endedBefore)} of ${String(started)} downloads had ended.`;
}
