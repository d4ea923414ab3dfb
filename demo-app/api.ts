/** What the backend and the pages say to each other: the one file that both import. */

/** A run keeps its documents and downloads apart from every other run's. */
export interface Run {
  readonly id: string;
  readonly seed: number;
}

/** A save: the whole document as it was after one edit. */
export interface Edit {
  readonly revision: number;
  readonly text: string;
}

/** How the server met one save, in the order of arrival. Times are milliseconds since the first arrival. */
export interface Arrival extends Edit {
  readonly arrival: number;
  readonly arrivedAt: number;
  readonly latency: number;
  readonly outcome: 'pending' | 'committed' | 'failed' | 'aborted';
  readonly committedAt: number | null;
  /** Whether it landed after a newer revision. */
  readonly late: boolean;
}

/** The server's word on a document. It is stale when `revision < newest`. */
export interface DocumentReport {
  readonly id: string;
  readonly revision: number;
  readonly text: string;
  /** The newest revision that was ever committed. */
  readonly newest: number;
  /** How many saves landed after a newer one. */
  readonly lateSaves: number;
  readonly log: readonly Arrival[];
}

/** The server's word on the downloads of a run. */
export interface DownloadStats {
  readonly inFlight: number;
  readonly largest: number;
  readonly started: number;
  readonly finished: number;
  readonly failed: number;
  readonly aborted: number;
  /** How many downloads had ended when the urgent request of this run arrived; null until it does. */
  readonly endedBeforeUrgent: number | null;
}

/** The body of every answer of 400 and above. */
export interface ApiError {
  readonly error: { readonly status: number; readonly message: string };
}
