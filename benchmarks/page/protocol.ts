/** The contract between the page, the server, and the process that starts both. */

export const REQUESTS = 1_000;
export const PERMITS = 6;

/** The browser APIs that `HttpClient` can send requests with. */
export const backends = ['fetch', 'XMLHttpRequest'] as const;
export type Backend = (typeof backends)[number];

export const OURS = 'throttleBySemaphore';
export const THEIRS = 'mergeMap(get, 6)';
/** Shows that the counts detect too many requests at a time. It is not measured. */
export const UNLIMITED = 'mergeMap(get)';
export type Contestant = typeof OURS | typeof THEIRS | typeof UNLIMITED;

export interface RunRequest {
  readonly contestant: Contestant;
  /** A unique name, because the server counts each run separately. */
  readonly run: string;
  /** The servers of the items. The requests go to them in turn. */
  readonly origins: readonly string[];
}

/** The result of a run in which all responses were correct. */
export interface Run {
  /** Milliseconds from the subscription to the completion. */
  readonly taken: number;
  /** The largest number of requests of `HttpClient` under way at the same time. */
  readonly most: number;
  /** The duration in milliseconds of each long task of the run. */
  readonly longTasks: readonly number[];
}

/** The API of the page: the global `benchmark`. */
export interface Benchmark {
  run(request: RunRequest): Promise<Run>;
  /** Blocks the thread for `time` milliseconds on a response, and resolves to the long tasks: shows that they are detected. */
  block(time: number): Promise<readonly number[]>;
}

export interface Item {
  readonly id: number;
  readonly text: string;
}

/** The response of the server, which the page expects. All responses are different. */
export function itemOf(run: string, id: number): Item {
  return { id, text: `item ${String(id)} of ${run}` };
}

export function pathOf(run: string, id: number): string {
  return `/runs/${run}/items/${String(id)}`;
}
