import type { Subscription } from 'rxjs';
import type { Permit, Side } from 'rxjs-locks';

/** Acquires by hand; records the order of the grants, and keeps the permits. */
export function waiters(): {
  readonly record: string[];
  readonly enter: (name: string, side: Side) => void;
  readonly cancel: (name: string) => void;
  readonly release: (name: string) => void;
} {
  const record: string[] = [];
  const permits = new Map<string, Permit>();
  const subscriptions = new Map<string, Subscription>();
  return {
    record,
    enter: (name: string, side: Side): void => {
      subscriptions.set(
        name,
        side.acquire().subscribe({
          next: (permit) => {
            record.push(name);
            permits.set(name, permit);
          },
          error: (error: Error) => record.push(`${name}: ${error.name}`),
        }),
      );
    },
    cancel: (name: string): void => {
      subscriptions.get(name)?.unsubscribe();
    },
    release: (name: string): void => {
      permits.get(name)?.release();
    },
  };
}
