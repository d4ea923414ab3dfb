import { shown } from '../../internal/checks/shown.js';

/** Refuses what cannot be the name of a lock. Every string is a name, except for those that the platform reserves. */
export function checkName(what: string, name: unknown): void {
  if (typeof name !== 'string') {
    throw new TypeError(`${what} must be a string, but is ${shown(name)}`);
  }
  if (name.startsWith('-')) {
    throw new RangeError(`${what} must not start with "-", but is ${shown(name)}`);
  }
}

export function checkOneOf(what: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) {
    throw new TypeError(`${what} must be ${known.map(shown).join(' or ')}, but is ${shown(value)}`);
  }
}

/** Refuses a time that is not a positive number of milliseconds. */
export function checkTime(what: string, time: unknown): void {
  if (typeof time !== 'number' || !(time > 0)) {
    throw new RangeError(`${what} must be a positive number of milliseconds, but is ${shown(time)}`);
  }
}
