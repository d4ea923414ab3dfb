/** Refuses counts and weights that are not positive integers. */
export function checkPositive(what: string, value: unknown): void {
  checkInteger(what, value, 1);
}

/** Refuses initial values that are not integers of at least zero. */
export function checkNotNegative(what: string, value: unknown): void {
  checkInteger(what, value, 0);
}

export function checkFunction(what: string, value: unknown): void {
  if (typeof value !== 'function') {
    throw new TypeError(`the ${what} must be a function, but is ${String(value)}`);
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Refuses options that are none, and those that would be ignored. */
export function checkOptions(taker: string, options: unknown, names: readonly string[]): void {
  if (options === undefined) {
    return;
  }
  if (!isObject(options)) {
    throw new TypeError(`the options of ${taker} must be an object, but are ${String(options)}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !names.includes(name)) {
      throw new TypeError(`${taker} takes no option ${name}`);
    }
  }
}

function checkInteger(what: string, value: unknown, least: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw new RangeError(`${what} must be an integer of at least ${String(least)}, but is ${String(value)}`);
  }
}
