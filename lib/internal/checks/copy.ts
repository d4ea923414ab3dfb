/**
 * Two copies of the library can meet in one process: two versions, or both module formats in one bundle. Each copy has a wake
 * list and symbols of its own, so one copy cannot use the objects of the other. Each copy marks its objects, so that the
 * other copy can say what is wrong.
 */

import { shown } from './shown.js';

/** What a copy marks its objects with: the object identifies the copy. */
interface Copy {
  readonly version: string;
}

/** All copies of all versions find each other's marks by this symbol, so it must never change. */
export const mark = Symbol.for('rxjs-locks');

export const thisCopy: Copy = { version: '0.1.0' };

/** Whether another copy made `given`. */
export function isOfOtherCopy(given: unknown): boolean {
  return copyOf(given) !== thisCopy;
}

/** The error for an argument that `user` cannot use: what it needs instead, or that another copy made the argument. */
export function refusal(user: string, needed: string, given: unknown): TypeError {
  return new TypeError(
    isOfOtherCopy(given)
      ? `${user} cannot use ${shown(given)} of another copy of rxjs-locks (version ${copyOf(given).version}): ` +
          'keep one copy (npm ls rxjs-locks), in one module format'
      : `${user} needs ${needed}, but got ${shown(given)}`,
  );
}

/** The copy that made `given`; this copy for what no copy made. */
function copyOf(given: unknown): Copy {
  return (given as { readonly [mark]?: Copy } | null | undefined)?.[mark] ?? thisCopy;
}
