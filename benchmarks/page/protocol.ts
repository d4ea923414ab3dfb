/** What the page, the server, and the process that has started both agree on. */

export const REQUESTS = 1_000;
export const PERMITS = 6;

/** What `HttpClient` sends its requests with. */
export const backends = ['fetch', 'XMLHttpRequest'] as const;
export type Backend = (typeof backends)[number];

export const OURS = 'throttleBySemaphore';
export const THEIRS = 'mergeMap(get, 6)';
/** Shows that too many requests at a time are noticed; it is not measured. */
export const UNLIMITED = 'mergeMap(get)';
export type Contestant = typeof OURS | typeof THEIRS | typeof UNLIMITED;

export interface Order {
  readonly contestant: Contestant;
  /** Unlike any other: the server counts each run by itself. */
  readonly run: string;
  /** Who has the items: each request goes to the next one. */
  readonly origins: readonly string[];
}

/** What the page says of a run in which all requests were answered, and rightly. */
export interface Run {
  /** Milliseconds, from the subscription to the completion. */
  readonly taken: number;
  /** How many requests `HttpClient` had under way at the same time, at most. */
  readonly most: number;
  /** Milliseconds of each long task that ran between the two, in whole or in part. */
  readonly longTasks: readonly number[];
}

/** What the page offers, as a global `benchmark`. */
export interface Benchmark {
  run(order: Order): Promise<Run>;
  /** Blocks the thread for so many milliseconds when an answer comes, to show that it is noticed; gives the long tasks. */
  block(time: number): Promise<readonly number[]>;
}

export interface Item {
  readonly id: number;
  readonly text: string;
}

/** What the server answers, and what the page expects: no two answers are the same. */
export function itemOf(run: string, id: number): Item {
  return { id, text: `item ${String(id)} of ${run}` };
}

export function pathOf(run: string, id: number): string {
  return `/runs/${run}/items/${String(id)}`;
}
