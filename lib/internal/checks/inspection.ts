/**
 * How logs show the objects that a user holds: by name and state alone. A primitive leads to its waiters and observers
 * and back. Without this, `JSON.stringify` would throw, and a log would grow with the queue.
 *
 * ```
 *   JSON.stringify, Angular's json pipe    toJSON()              {"locked":true,"waiting":2}
 *   String(), messages, Jasmine            toString()            lock "orders"
 *   Node's console.log                     [inspectSymbol]()     lock "orders" { locked: true, waiting: 2 }
 * ```
 */

/** The key of the method by which Node asks an object what to print for it. */
export const inspectSymbol = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom');

/** Node's `util.inspect`, as it passes itself on. */
export type Inspect = (value: unknown, options: unknown) => string;

interface Inspected {
  toString(): string;
  toJSON(): unknown;
}

/** The text that Node prints. */
export function inspected(shown: Inspected, options: unknown, inspect: Inspect): string {
  return `${shown.toString()} ${inspect(shown.toJSON(), options)}`;
}
