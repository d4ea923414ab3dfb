import { shown } from '../../internal/checks/shown.js';

/** Refuses what cannot be the name of a web lock. Every string is a name, except for those that the platform reserves. */
export function checkWebName(what: string, name: unknown): void {
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
