/**
 * Marks a spec, or all of a `describe`, that takes long: a queue of a hundred thousand, random programs, a compiler.
 * `npm run test:quick` and `npm run mutate` leave those out, by the helper `leave-out-heavy.ts`; every other run has them.
 *
 * ```ts
 * heavy(it)('wakes a hundred thousand in order', () => { … });
 * ```
 */
export function heavy<Arguments extends readonly unknown[]>(
  register: (...args: Arguments) => unknown,
): (...args: Arguments) => unknown {
  return areLeftOut ? () => undefined : register;
}

let areLeftOut = false;

/** Must be called before the specs are loaded. */
export function leaveOutHeavySpecs(): void {
  areLeftOut = true;
}
