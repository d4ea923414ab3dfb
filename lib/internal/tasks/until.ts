import { from, type Observable, type ObservableInput } from 'rxjs';

/** Returns what bounds a wait, made once for all waiters. At the call, it refuses what cannot be subscribed to. */
export function boundOf(until: ObservableInput<unknown> | undefined): Observable<unknown> | undefined {
  return until === undefined ? undefined : from(until);
}
