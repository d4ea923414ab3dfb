/** What is used of redlock. Its package has types, but does not export them. */
declare module 'redlock' {
  import type { Redis } from 'ioredis';

  export default class Redlock {
    constructor(clients: Iterable<Redis>);
    /** Resolves when the lock is held, for `duration` milliseconds. */
    acquire(resources: string[], duration: number, settings?: { readonly retryCount: number }): Promise<Lock>;
  }

  interface Lock {
    release(): Promise<unknown>;
  }
}
