import { type Observable, type ObservableInput } from 'rxjs';
import type { Acquirable, Permit } from 'rxjs-locks';

/** A primitive with at most one holder at a time, as the contract sees it. */
interface Exclusive extends Acquirable {
  acquire(): Observable<Permit>;
  tryAcquire(): Permit | null;
  use<T>(task: (permit: Permit) => ObservableInput<T>, options?: { until?: ObservableInput<unknown> }): Observable<T>;
  locked(): boolean;
}

/** The primitive, and the object that publishes its queue: for a condition, that is its lock. */
export interface ExclusiveCase {
  readonly primitive: Exclusive;
  readonly queue: Observable<{ readonly waiting: number }> & { readonly waiting: number; complete(): void };
}
