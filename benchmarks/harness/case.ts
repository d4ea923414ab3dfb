/** What a contestant is measured for: we are compared to peers, which do the same, and to floors, which do less. */
export type Role = 'ours' | 'peer' | 'floor';

export interface Contestant {
  readonly name: string;
  readonly role: Role;
  /** The ratio ours / theirs that we want to stay at or below; 1 without it. */
  readonly atMost?: number;
  /** Does the work once, for `size` callers or values, and throws unless all of it was done. */
  run(size: number): Promise<void>;
}

/** One piece of work, which all contestants do, at one or several sizes. */
export interface Case {
  readonly name: string;
  readonly sizes: readonly number[];
  /**
   * How many callers or values make a sample, at least: a small size is repeated. 10,000 without it; more where one takes
   * so little time that the collection of garbage would fall into one sample, and not into the next.
   */
  readonly perSample?: number;
  /** One of them is ours. */
  readonly contestants: readonly Contestant[];
}
