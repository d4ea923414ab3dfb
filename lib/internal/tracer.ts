import type { Observable, Subject } from 'rxjs';

import type { Waiter } from './waiter.js';

/** What happens to a primitive, or to one who waits for it or holds it. */
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

/** One step of a primitive, or of one who waits for it or holds it. */
export interface TraceEvent<S = unknown> {
  /**
   * What happened: one parks, is granted, cancels or is cancelled, releases; a permit is downgraded; a condition notifies,
   * and whom it wakes is reparked; an event is set or cleared; a barrier reset or aborted; a semaphore resized or released
   * from outside; all of them closed.
   */
  readonly step: TraceStep;
  /** The primitive. `String(primitive)` is its kind and its name. */
  readonly primitive: Observable<S>;
  /** To whom: numbered from 1 as they are first seen, and the same in the line of a condition as in that of its lock. */
  readonly waiter: number | undefined;
  /** The keys that the waiter comes for, at a keyed lock. */
  readonly keys: readonly unknown[] | undefined;
  /** What that one is called: the `label` with which it came. */
  readonly label: string | undefined;
  /**
   * At which place the waiter stands in the queue from now on, counted from 1: defined where it parks or is reparked. At a
   * keyed lock this is its place among the waiters for its key, or the last of its places where it comes for several.
   */
  readonly place: number | undefined;
  /** What the primitive looks like after all that was done in one go: a release and the grant that follows from it. */
  readonly state: S;
}

/** One who is told of the steps of a primitive as they are committed. Without it, each step costs one check. */
export interface Tracer<S> {
  readonly events: Subject<TraceEvent<S>>;
  note(step: TraceStep, waiter: Waiter | undefined): void;
  /** The steps that were noted since are committed, and that is the state after them: appends them. */
  committed(state: S): void;
}
