/**
 * What a contestant is measured for: the first of ours is compared to all peers, which do the same job, and to floors, which do
 * only a part of it. Others of ours are shown beside.
 */
export type Role = 'ours' | 'peer' | 'floor';

export interface Contestant {
  readonly name: string;
  readonly role: Role;
  /** What a peer does not do, beside the job: it is compared nevertheless, and the tables say so. */
  readonly without?: readonly string[] | undefined;
  /** The ratio ours / theirs that we want to stay at or below, of a floor. We want to be no slower than the best of the peers. */
  readonly atMost?: number | undefined;
  /** The greatest size that it is measured at. */
  readonly longest?: number | undefined;
  /**
   * Does the work once, for `size` callers or values, and throws unless all of it was done. Resolves to how many
   * milliseconds it took, where not all that it does counts.
   */
  run(size: number): Promise<void> | Promise<number>;
  /** Ends what was kept from one run to the next, and throws unless it is as it should be. */
  finish?(size: number): Promise<void>;
}

/** One piece of work, which all contestants do, at one or several sizes. */
export interface Case {
  readonly name: string;
  readonly sizes: readonly number[];
  /** What the size counts. */
  readonly of: string;
  /** How many things are done in a run, each of which is said to take its time; the size without it. */
  readonly each?: number;
  /**
   * How many of these things make a sample, at least: a small size is repeated. 10,000 without it; more where one takes
   * so little time that the collection of garbage would fall into one sample, and not into the next.
   */
  readonly perSample?: number;
  /** What the time for one thing may grow by from the least size to the greatest. */
  readonly growth?: Growth;
  /** The first of them is ours. */
  readonly contestants: readonly Contestant[];
}

export interface Growth {
  readonly atMost: number;
  /** Or by no more than with the peer that grows least. */
  readonly orAsPeers?: boolean;
}
