/** Freezes a value and all values that its properties reach, as `@ngrx/store` does with a state in development. */
export function deepFreeze(value: unknown): void {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (isObject && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const name of Object.getOwnPropertyNames(value)) {
      deepFreeze(Reflect.get(value, name));
    }
  }
}
