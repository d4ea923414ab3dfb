/** Freezes all that an object leads to, as `@ngrx/store` does in development with what it is given. */
export function deepFreeze(target: object): void {
  Object.freeze(target);
  for (const name of Object.getOwnPropertyNames(target)) {
    const value: unknown = Reflect.get(target, name);
    const leadsOn = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (leadsOn && !Object.isFrozen(value)) {
      deepFreeze(value);
    }
  }
}
