/** Refuses counts and weights that are not positive integers. */
export function checkPositive(what: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new RangeError(`${what} must be a positive integer, but is ${String(value)}`);
  }
}

/** Refuses initial values that are not integers of at least zero. */
export function checkNotNegative(what: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new RangeError(`${what} must be an integer of at least 0, but is ${String(value)}`);
  }
}
