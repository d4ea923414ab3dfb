/** The part of `provideLockDiagnostics` that the interceptors know. Without diagnostics, a bundle holds no more than this. */
import { InjectionToken } from '@angular/core';

/** Observes how long waiters wait, and how long holders hold. */
export interface Watcher {
  /** Begins to observe a primitive, unless it observes it already. Returns false for an object that cannot be traced. */
  watch(primitive: unknown): boolean;
  /** Observes one acquisition of an object that cannot be traced. */
  follow(acquirable: object, label: string): Followed;
}

/** One acquisition. */
export interface Followed {
  granted(): void;
  ended(): void;
}

/** Null in production. */
export const WATCHER = /* @__PURE__ */ new InjectionToken<Watcher | null>('the diagnostics of rxjs-locks');
