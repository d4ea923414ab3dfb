import type { Acquirable } from '../../permit.js';
import { shown } from './shown.js';

/** Refuses counts and weights that are not positive integers. */
export function checkPositive(what: string, value: unknown): void {
  checkInteger(what, value, 1);
}

/** Refuses initial values that are not integers of at least zero. */
export function checkNotNegative(what: string, value: unknown): void {
  checkInteger(what, value, 0);
}

/** Refuses a time that is not a positive number of milliseconds. */
export function checkTime(what: string, time: unknown): void {
  if (typeof time !== 'number' || !(time > 0)) {
    throw new RangeError(`${what} must be a positive number of milliseconds, but is ${shown(time)}`);
  }
}

export function checkFunction(what: string, value: unknown): void {
  if (typeof value !== 'function') {
    throw new TypeError(`the ${what} must be a function, but is ${shown(value)}`);
  }
}

/** Refuses a given value that is no string. */
export function checkString(what: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'string') {
    throw new TypeError(`${what} must be a string, but is ${shown(value)}`);
  }
}

/** Refuses options that are no object, and options that would be ignored. */
export function checkOptions(taker: string, options: unknown, names: readonly string[]): void {
  if (options !== undefined) {
    checkObject(`the options argument of ${taker}`, options);
    checkNames(taker, options, names);
  }
}

/** Refuses a value that is no object. */
export function checkObject(what: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${what} must be an object, but is ${shown(value)}`);
  }
}

function checkNames(taker: string, options: object, names: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !names.includes(name)) {
      const known = names.length === 0 ? 'it takes none' : `it takes ${names.join(', ')}`;
      throw new TypeError(`${taker} takes no option ${name}: ${known}`);
    }
  }
}

function checkInteger(what: string, value: unknown, least: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw new RangeError(`${what} must be an integer of at least ${String(least)}, but is ${shown(value)}`);
  }
}

/** Whether a value has an `acquire()` method. */
export function isAcquirable(value: unknown): value is Acquirable {
  return typeof (value as Partial<Acquirable> | null | undefined)?.acquire === 'function';
}
