import type { Subscription } from 'rxjs';
import type { Acquirable, Permit } from 'rxjs-locks';

/** Those who come and go, as the tasks of asyncio's tests do: who is in, in which order, and with which permit. */
export class Visitors {
  /** Who was let in, in order. */
  readonly entered: string[] = [];
  /** Who was told an error, and which. */
  readonly failed: string[] = [];
  private readonly permits = new Map<string, Permit>();
  private readonly subscriptions = new Map<string, Subscription>();

  constructor(private readonly acquirable: Acquirable) {}

  /** One comes, and does `act` as soon as it is in. */
  come(who: string, weight = 1, act?: (permit: Permit) => void): void {
    const subscription = this.acquirable.acquire(weight).subscribe({
      next: (permit) => {
        this.entered.push(who);
        this.permits.set(who, permit);
        act?.(permit);
      },
      error: (error: Error) => this.failed.push(`${who}: ${error.name}`),
    });
    this.subscriptions.set(who, subscription);
  }

  /** One who waits goes away. */
  cancel(who: string): void {
    this.subscriptions.get(who)?.unsubscribe();
  }

  /** One who is in goes out. */
  leave(who: string): void {
    this.permits.get(who)?.release();
  }
}
