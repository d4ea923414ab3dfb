import type { DownloadStats } from '../api';

/** Counts the downloads of one run on the server. */
export class DownloadTally {
  // started = inFlight + finished + failed + aborted; largest >= inFlight
  private inFlight = 0;
  private largest = 0;
  private started = 0;
  private readonly ended = { finished: 0, failed: 0, aborted: 0 };
  private endedBeforeUrgent: number | null = null;

  /** Counts the start of a download. The returned function counts its end, once. */
  begin(): (how: 'finished' | 'failed' | 'aborted') => void {
    this.started += 1;
    this.inFlight += 1;
    this.largest = Math.max(this.largest, this.inFlight);
    let counted = true;
    return (how) => {
      if (!counted) return;
      counted = false;
      this.inFlight -= 1;
      this.ended[how] += 1;
    };
  }

  /** Records how many downloads had ended when the urgent request arrived. */
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
