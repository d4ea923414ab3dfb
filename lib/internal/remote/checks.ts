import { shown } from '../checks/shown.js';

const LONGEST_LEASE = 12 * 60 * 60 * 1000;

/** Refuses what cannot be the name of a lock at a server. */
export function checkName(taker: string, name: unknown): asserts name is string {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`the name of a ${taker} must be a string that is not empty, but is ${shown(name)}`);
  }
}

/** Refuses what cannot be the length of a lease. */
export function checkLease(lease: number): void {
  if (!Number.isSafeInteger(lease) || lease < 100 || lease > LONGEST_LEASE) {
    throw new RangeError(`lease must be an integer from 100 to ${String(LONGEST_LEASE)} milliseconds, but is ${shown(lease)}`);
  }
}

/** Refuses what cannot be the patience of a waiter. `Infinity` is no bound. */
export function checkPatience(patience: number): void {
  if (patience !== Infinity) {
    checkTimeAtLeast('patience', patience, 0);
  }
}

export function checkTimeAtLeast(what: string, time: unknown, least: number): void {
  if (typeof time !== 'number' || !Number.isFinite(time) || time < least) {
    throw new RangeError(`${what} must be at least ${String(least)} milliseconds, but is ${shown(time)}`);
  }
}
