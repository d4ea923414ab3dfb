/**
 * The way of an `acquire()` or a `wait()`: where one comes in, at once or by waiting in line.
 *
 * ```
 *                      free, nobody in line
 *   enter ──► open? ──────────────────────────► taken, state appended ──► told now
 *               │                 │
 *               ▼ refused         └─ else ────► parked
 * ```
 */
import type { Permit } from '../permit.js';
import type { Busy, Claim } from './claim.js';
import { currentContext } from './context.js';
import type { Demand } from './demand.js';
import type { TraceStep } from './tracer.js';
import { HELD, PROMISED, type Home } from './waiter.js';
import { nobody, Wait } from './wait.js';
import { deliver, deliverNow } from './wake-list.js';

/** Where one comes in, in the words of those who come. */
export interface Entrance extends Home {
  /** Throws what makes it impossible ever to have that. */
  check(demand: Demand): void;
  /** Whether one who wants that need not wait. */
  isFreeFor(demand: Demand): boolean;
  /** Commits that a claim has what it came for. */
  take(claim: Claim): void;
  /** Appends the step and the new state. */
  publish(step: TraceStep, claim: Claim): void;
  /** Puts a claim at the end of the line. */
  park(claim: Claim): void;
}

/** For what is had whole or not at all, in the order in which one came: throws what asks for anything else. */
export function refuseAllButOne(entrance: Entrance, { weight, priority }: Demand): void {
  if (weight !== 1) {
    throw new RangeError(`cannot acquire ${String(weight)} of ${String(entrance)}: it knows no weights`);
  }
  if (priority !== 0) {
    throw new RangeError(`cannot acquire ${String(entrance)} with a priority: it knows no priorities`);
  }
}

/** Grants the claim now or parks it, unless it has something else to do then. */
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

/** Commits that one who need not wait has what it came for; appends the state. */
function promise(entrance: Entrance, claim: Claim): void {
  claim.home = entrance;
  claim.phase = PROMISED;
  entrance.take(claim);
  entrance.publish('grant', claim);
}

/** A permit for who does not subscribe, or `null` where it would have to wait. */
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
