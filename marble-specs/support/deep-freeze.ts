/** Freezes a value and all that it leads to, as `@ngrx/store` does in development with what it is given. */
export function deepFreeze(value: unknown): void {
  const leadsOn = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (leadsOn && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const name of Object.getOwnPropertyNames(value)) {
      deepFreeze(Reflect.get(value, name));
    }
  }
}
