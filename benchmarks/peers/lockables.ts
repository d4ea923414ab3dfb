/** The peers with `acquire` and `release`. */
import { AsyncMutex } from '@esfx/async-mutex';
import { Mutex } from 'async-mutex';
import { Sema } from 'async-sema';

import { CANCELLING, STATE } from './without.js';

export interface Lockable<T = unknown> {
  acquire(): Promise<T>;
  release(permit: T): void;
  isFree(): boolean;
}

export interface LockableKind {
  readonly name: string;
  readonly without: readonly string[];
  readonly make: () => Lockable;
}

export const asyncMutex: LockableKind = {
  name: 'async-mutex',
  without: [CANCELLING, STATE],
  make: () => new AsyncMutexLockable(),
};
export const asyncSema: LockableKind = { name: 'async-sema', without: [CANCELLING, STATE], make: () => new SemaLockable() };
export const esfx: LockableKind = { name: '@esfx/async-mutex', without: [STATE], make: () => new EsfxLockable() };

export const lockables: readonly LockableKind[] = [asyncMutex, asyncSema, esfx];

class AsyncMutexLockable implements Lockable<() => void> {
  private readonly mutex = new Mutex();

  acquire(): Promise<() => void> {
    return this.mutex.acquire();
  }

  release(permit: () => void): void {
    permit();
  }

  isFree(): boolean {
    return !this.mutex.isLocked();
  }
}

export class SemaLockable implements Lockable {
  readonly sema: Sema;

  constructor(private readonly permits = 1) {
    this.sema = new Sema(permits);
  }

  acquire(): Promise<unknown> {
    return this.sema.acquire();
  }

  release(): void {
    this.sema.release();
  }

  /** async-sema does not tell how many permits are free, so this acquires all of them and releases them. */
  isFree(): boolean {
    let taken = 0;
    while (this.sema.tryAcquire() !== undefined) {
      taken++;
    }
    for (let i = 0; i < taken; i++) {
      this.sema.release();
    }
    return taken === this.permits;
  }
}

export class EsfxLockable implements Lockable {
  readonly mutex = new AsyncMutex();

  acquire(): Promise<unknown> {
    return this.mutex.lock();
  }

  release(): void {
    this.mutex.unlock();
  }

  isFree(): boolean {
    return !this.mutex.isLocked;
  }
}
