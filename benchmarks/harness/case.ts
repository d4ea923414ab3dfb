/**
 * The role of a contestant. The first of `ours` is compared with all peers and floors; the tables show any other of `ours` too.
 * A `peer` does the whole job, a `floor` only a part of it.
 */
export type Role = 'ours' | 'peer' | 'floor';

export interface Contestant {
  readonly name: string;
  readonly role: Role;
  /** The features that a peer lacks. The peer is compared all the same, and the tables list what it lacks. */
  readonly without?: readonly string[] | undefined;
  /** The target for the ratio ours / theirs of a floor. For the best peer the target is 1. */
  readonly atMost?: number | undefined;
  /** The largest size at which the contestant is measured. */
  readonly longest?: number | undefined;
  /**
   * Does the job once, for `size` callers or values, and throws unless it was done completely. If only a part of the run counts,
   * it resolves to the milliseconds of that part.
   */
  run(size: number): Promise<void> | Promise<number>;
  /** Disposes of the state kept between the runs, and throws if that state is wrong. */
  finish?(size: number): Promise<void>;
}

/** One job that all contestants do, at one or several sizes. */
export interface Case {
  readonly name: string;
  readonly sizes: readonly number[];
  /** The unit of the size. */
  readonly of: string;
  /** The number of operations in a run, by which the time of the run is divided. The default is the size. */
  readonly each?: number;
  /**
   * The minimum number of operations in a sample: a small size is repeated until a sample has as many. The default is 10,000.
   * Fast operations need more, so that each sample contains its share of garbage collection.
   */
  readonly perSample?: number;
  /** The allowed growth of the time per operation from the smallest size to the largest. */
  readonly growth?: Growth;
  /** The first contestant is ours. */
  readonly contestants: readonly Contestant[];
}

export interface Growth {
  readonly atMost: number;
  /** Whether the growth of the best peer is allowed too. */
  readonly orAsPeers?: boolean;
}
