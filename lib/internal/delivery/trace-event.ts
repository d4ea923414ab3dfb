import type { Observable } from 'rxjs';

/** What happens to a primitive, or to a waiter or a holder of it. */
export type TraceStep =
  | 'park'
  | 'grant'
  | 'cancel'
  | 'release'
  | 'downgrade'
  | 'notify'
  | 'repark'
  | 'set'
  | 'clear'
  | 'reset'
  | 'abort'
  | 'resize'
  | 'close';

/** One step of a primitive, or of a waiter or a holder of it. */
export interface TraceEvent<S = unknown> {
  /**
   * What happened. A waiter parks (is enqueued), is granted, cancels or is cancelled, or releases. A permit is
   * downgraded. A condition notifies, and the waiter that it wakes is reparked. An event is set or cleared, a barrier
   * reset or aborted, a semaphore resized or released from outside. Any primitive is closed.
   */
  readonly step: TraceStep;
  /** The primitive. `String(primitive)` is its kind and its name. */
  readonly primitive: Observable<S>;
  /**
   * The number of the waiter that the step is about. Waiters are numbered from 1 as they are first seen. A waiter has
   * the same number in the queue of a condition and in the queue of its lock.
   */
  readonly waiter: number | undefined;
  /** The keys that the waiter wants, at a keyed lock. */
  readonly keys: readonly unknown[] | undefined;
  /** The name of the waiter: the `label` in its options. */
  readonly label: string | undefined;
  /**
   * The waiter's place in the queue from now on, counted from 1. Defined where it parks or is reparked. At a keyed lock
   * this is its place among the waiters for its key, or the last of its places where it wants several.
   */
  readonly place: number | undefined;
  /**
   * The state of the primitive after all steps that are committed together, such as a release and the grant that
   * follows from it.
   */
  readonly state: S;
}
