/** The checks of the arguments that the interceptors share. Each bad argument is an error at the call. */
import { InjectionToken, type ProviderToken } from '@angular/core';

import { checkFunction, checkOptions } from '../../internal/checks/arguments.js';
import { shown } from '../../internal/checks/shown.js';

/** Refuses what the injector cannot be asked for. */
export function checkToken(taker: string, what: string, token: unknown): asserts token is ProviderToken<unknown> {
  if (typeof token !== 'function' && !(token instanceof InjectionToken)) {
    throw new TypeError(`${taker} needs a token of ${what}, but got ${shown(token)}`);
  }
}

/** Refuses options with unknown names, and options of `callbacks` that are no functions. */
export function checkCallbacks(
  taker: string,
  options: object,
  callbacks: readonly string[],
  others: readonly string[] = [],
): void {
  checkOptions(taker, options, [...callbacks, ...others]);
  for (const [name, callback] of Object.entries(options)) {
    if (callbacks.includes(name) && callback !== undefined) {
      checkFunction(`option ${name} of ${taker}`, callback);
    }
  }
}

/** Refuses an option that is given, and is none of the known values. */
export function checkOneOf(taker: string, name: string, value: unknown, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value as string)) {
    const values = known.map((each) => `'${each}'`).join(' or ');
    throw new TypeError(`the option ${name} of ${taker} must be ${values}, but is ${shown(value)}`);
  }
}

/** Whether a value is an array, of whatever. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Refuses options without `when`. */
export function checkWhen(taker: string, options: unknown): void {
  if (typeof (options as { readonly when?: unknown } | null | undefined)?.when !== 'function') {
    throw new TypeError(`${taker} needs the option when, a function that says which requests it concerns`);
  }
}
