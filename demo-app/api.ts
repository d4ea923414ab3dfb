/** The contract between the backend and the pages. Both import this file. */

/** A run has its own documents and downloads, separate from those of all other runs. */
export interface Run {
  readonly id: string;
  readonly seed: number;
}

/** A save: the whole document after one edit. */
export interface Edit {
  readonly revision: number;
  readonly text: string;
}

/** A save as the server saw it. Times are milliseconds since the first arrival. */
export interface Arrival extends Edit {
  readonly arrival: number;
  readonly arrivedAt: number;
  readonly latency: number;
  readonly outcome: 'pending' | 'committed' | 'failed' | 'aborted';
  readonly committedAt: number | null;
  /** Whether the save was committed after a newer revision. */
  readonly late: boolean;
}

/** The server's report on a document. The document is stale if `revision < newest`. */
export interface DocumentReport {
  readonly id: string;
  readonly revision: number;
  readonly text: string;
  /** The newest revision that was ever committed. */
  readonly newest: number;
  /** The number of saves committed after a newer one. */
  readonly lateSaves: number;
  readonly log: readonly Arrival[];
}

/** The server's counts of the downloads of a run. */
export interface DownloadStats {
  readonly inFlight: number;
  readonly largest: number;
  readonly started: number;
  readonly finished: number;
  readonly failed: number;
  readonly aborted: number;
  /** The number of downloads that had ended when the urgent request arrived; null before it arrives. */
  readonly endedBeforeUrgent: number | null;
}

/** The body of each response with a status of 400 or above. */
export interface ApiError {
  readonly error: { readonly status: number; readonly message: string };
}
