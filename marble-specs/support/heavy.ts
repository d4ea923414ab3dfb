/**
 * Marks a spec, or all specs of a `describe`, that take long: a hundred thousand waiters, random programs, a compiler.
 * `npm run test:quick` and `npm run mutate` leave them out, by the helper `leave-out-heavy.ts`. All other commands run them.
 *
 * ```ts
 * heavy(it)('wakes a hundred thousand waiters in order', () => { … });
 * ```
 */
export function heavy<Arguments extends readonly unknown[]>(
  register: (...args: Arguments) => unknown,
): (...args: Arguments) => unknown {
  return isLeftOut ? () => undefined : register;
}

let isLeftOut = false;

/** To be called before the specs are loaded. */
export function leaveOutHeavySpecs(): void {
  isLeftOut = true;
}
