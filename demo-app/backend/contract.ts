/** The contract between the backend and the pages. Both import this file. */

/** A run has a log and a state of its own. The same seed gives the same latencies. */
export interface Run {
  readonly id: string;
  readonly seed: number;
}

/** How to reach the backend. */
export interface Hosts {
  /** A server in Node, or a service worker in this browser. */
  readonly kind: 'server' | 'worker';
  /** The origins that answer requests. A browser keeps only six connections to each. Empty: that of the page. */
  readonly origins: readonly string[];
  /** The origin of the logs: they must not wait behind other requests. */
  readonly log: string;
}

/** One line of the log of a run: what the server saw, in its order. */
export interface LogEntry {
  /** 1 for the first line of the run. */
  readonly sequence: number;
  /** Milliseconds since the run began. */
  readonly at: number;
  /** Method and path, such as `PUT /documents/1/edits/7`. */
  readonly request: string;
  /**
   * The request has arrived. Then something is noted about it, or it does damage. Then it is answered, whether its client still
   * listens or not. `cut`: the connection broke before the request arrived, or before its answer left.
   */
  readonly kind: 'arrived' | 'note' | 'damage' | 'answered' | 'cut';
  /** The HTTP status of an answer. */
  readonly status?: number;
  /** In words, such as `overwrote edit 12`. */
  readonly text?: string;
}

/** The body of each response with a status of 400 or above. */
export interface ApiError {
  readonly error: { readonly status: number; readonly message: string };
}

/** A chunk of an upload takes one unit of the server for each of these bytes. */
export const unitBytes = 4_096;

/** The answer to a save. */
export interface Saved {
  readonly edit: number;
}

/** How long the server refuses drafts in an outage, in milliseconds. */
export const outage = 700;

/** The answer to a note. */
export interface Noted {
  readonly number: number;
}

/** What the server has counted of a work that is to be done in one tab at a time. A term is the time in which one tab works. */
export interface Steps {
  readonly steps: number;
  readonly terms: number;
  /** Steps of a term after which another one had begun. */
  readonly late: number;
  /** The milliseconds between the last two terms: from the last step of one tab to the first step of the next. */
  readonly gap: number | null;
}

/** The tokens of a session. Each refresh token works once. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}
