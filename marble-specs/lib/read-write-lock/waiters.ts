import { map, tap, type Observable } from 'rxjs';
import { type ReadWriteLock, type Permit, type Side, type WritePermit } from 'rxjs-locks';

/** Acquires by hand; records the order of the grants, and keeps the permits. */
export class Waiters {
  readonly record: string[] = [];
  readonly permits = new Map<string, Permit>();

  constructor(private readonly lock: ReadWriteLock) {}

  read(name: string): { unsubscribe(): void } {
    return this.enter(name, this.lock.read);
  }

  write(name: string): { unsubscribe(): void } {
    return this.enter(name, this.lock.write);
  }

  release(name: string): void {
    this.permits.get(name)?.release();
  }

  downgrade(name: string): void {
    (this.permits.get(name) as WritePermit).downgrade();
  }

  private enter(name: string, side: Side): { unsubscribe(): void } {
    return side.acquire().subscribe((permit) => {
      this.record.push(name);
      this.permits.set(name, permit);
    });
  }
}

/** Writes `p` for a permit. */
export const granted = map(() => 'p');

/** Releases each permit of the source when `when` emits. */
export function releasing(when: Observable<unknown>): <T extends Permit>(source: Observable<T>) => Observable<T> {
  return (source) =>
    source.pipe(
      tap((permit) =>
        when.subscribe(() => {
          permit.release();
        }),
      ),
    );
}
