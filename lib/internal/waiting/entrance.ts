/**
 * The way of an `acquire()` or a `wait()`: a claim is granted at once, or it is enqueued.
 *
 * ```
 *                      free, queue is empty
 *   enter ──► open? ──────────────────────────► taken, state appended ──► delivered now
 *               │                 │
 *               ▼ refused         └─ else ────► enqueued
 * ```
 */
import type { Permit } from '../../permit.js';
import type { Busy, Claim } from './claim.js';
import { currentContext } from '../delivery/context.js';
import type { Demand } from './demand.js';
import type { TraceStep } from '../delivery/tracer.js';
import { HELD, PROMISED, type Home } from './waiter.js';
import { nobody, Wait } from './wait.js';
import { deliver, deliverNow } from '../delivery/wake-list.js';

/** A primitive, or one of the ways into it, as a claim sees it. */
export interface Entrance extends Home {
  /** Throws the reason why this demand can never be granted. */
  check(demand: Demand): void;
  /** Whether this demand can be granted without waiting. */
  isFreeFor(demand: Demand): boolean;
  /** Commits that a claim gets what it wants. */
  take(claim: Claim): void;
  /** Appends the step and the new state. */
  publish(step: TraceStep, claim: Claim): void;
  /** Puts a claim at the end of the queue. */
  park(claim: Claim): void;
}

/**
 * For entrances that grant all or nothing, in the order of the claims: refuses weights and priorities.
 *
 * @throws `RangeError` for any other weight than 1, and for any other priority than 0.
 */
export function refuseAllButOne(entrance: Entrance, { weight, priority }: Demand): void {
  if (weight !== 1) {
    throw new RangeError(`cannot acquire ${String(weight)} of ${String(entrance)}: it knows no weights`);
  }
  if (priority !== 0) {
    throw new RangeError(`cannot acquire ${String(entrance)} with a priority: it knows no priorities`);
  }
}

/**
 * Grants the claim now, or enqueues it. If the claim would have to wait and `busy` is given, it calls `busy` instead.
 */
export function comeIn(entrance: Entrance, claim: Claim, busy?: Busy): void {
  const { demand } = claim;
  entrance.check(demand);
  if (claim.subscriber.closed) {
    return;
  }
  if (entrance.isFreeFor(demand)) {
    promise(entrance, claim);
    deliverNow(claim);
  } else if (busy === undefined) {
    claim.enterFrom(currentContext());
    entrance.check(demand); // the capture is foreign code
    entrance.park(claim);
  } else {
    busy(String(entrance));
  }
}

/** Commits that a claim that need not wait gets what it wants; appends the state. */
function promise(entrance: Entrance, claim: Claim): void {
  claim.home = entrance;
  claim.phase = PROMISED;
  entrance.take(claim);
  entrance.publish('grant', claim);
}

/** Takes a permit without a subscription. Returns `null` if the claim would have to wait. */
export function takeAtOnce(entrance: Entrance, demand: Demand): Permit | null {
  entrance.check(demand);
  if (!entrance.isFreeFor(demand)) {
    return null;
  }
  const permit = new Wait(demand, nobody);
  promise(entrance, permit);
  try {
    deliver();
  } catch (error) {
    permit.unsubscribe(); // the caller gets the error of an observer, and no permit
    throw error;
  }
  permit.phase = HELD;
  permit.home.unpromise(permit);
  return permit.toPermit();
}
