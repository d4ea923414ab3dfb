import type { DownloadStats } from '../api';

/** Counts the downloads of one run as the server sees them. */
export class DownloadTally {
  // started = inFlight + finished + failed + aborted; largest >= inFlight
  private inFlight = 0;
  private largest = 0;
  private started = 0;
  private readonly ended = { finished: 0, failed: 0, aborted: 0 };
  private endedBeforeUrgent: number | null = null;

  /** Counts one download in. What is returned counts it out, once. */
  begin(): (how: 'finished' | 'failed' | 'aborted') => void {
    this.started += 1;
    this.inFlight += 1;
    this.largest = Math.max(this.largest, this.inFlight);
    let under = true;
    return (how) => {
      if (!under) return;
      under = false;
      this.inFlight -= 1;
      this.ended[how] += 1;
    };
  }

  /** Notes how long the one request that would not wait has waited, in downloads. */
  urgent(): number {
    this.endedBeforeUrgent ??= this.started - this.inFlight;
    return this.endedBeforeUrgent;
  }

  stats(): DownloadStats {
    return {
      inFlight: this.inFlight,
      largest: this.largest,
      started: this.started,
      ...this.ended,
      endedBeforeUrgent: this.endedBeforeUrgent,
    };
  }
}
