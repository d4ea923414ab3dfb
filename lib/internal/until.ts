import { from, type Observable, type ObservableInput } from 'rxjs';

/** What bounds a wait, made once for all who wait. Refuses at the call what cannot be subscribed to. */
export function boundOf(until: ObservableInput<unknown> | undefined): Observable<unknown> | undefined {
  return until === undefined ? undefined : from(until);
}
