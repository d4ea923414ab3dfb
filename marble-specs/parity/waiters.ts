import type { Subscription } from 'rxjs';
import type { Acquirable, Permit } from 'rxjs-locks';

/** Named waiters and holders of one primitive, as the tasks of asyncio's tests: which were granted, and in which order. */
export class Waiters {
  /** The names of the waiters that got a permit, in order. */
  readonly granted: string[] = [];
  /** The names of the waiters that failed, with the names of their errors. */
  readonly failed: string[] = [];
  private readonly permits = new Map<string, Permit>();
  private readonly subscriptions = new Map<string, Subscription>();

  constructor(private readonly acquirable: Acquirable) {}

  /** Acquires, and calls `act` with the permit. */
  acquire(name: string, weight = 1, act?: (permit: Permit) => void): void {
    const subscription = this.acquirable.acquire(weight).subscribe({
      next: (permit) => {
        this.granted.push(name);
        this.permits.set(name, permit);
        act?.(permit);
      },
      error: (error: Error) => this.failed.push(`${name}: ${error.name}`),
    });
    this.subscriptions.set(name, subscription);
  }

  /** Unsubscribes a waiter. */
  cancel(name: string): void {
    this.subscriptions.get(name)?.unsubscribe();
  }

  /** Releases the permit of a holder. */
  release(name: string): void {
    this.permits.get(name)?.release();
  }
}
