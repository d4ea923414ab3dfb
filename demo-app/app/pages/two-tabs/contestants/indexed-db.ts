import {
  catchError,
  concatMap,
  defer,
  type Observable,
  of,
  throwError,
} from 'rxjs';
import { withLock } from 'rxjs-locks/operators';
import { WebLock } from 'rxjs-locks/web';

import type { Tokens } from '../../../../backend/contract';
import { read, write } from '../database';

const lock = new WebLock('token-refresh');

// Gives tokens other than those that failed. Looks
// first: another tab may have refreshed them.
export function renewed(
  failed: Tokens,
  refresh: (tokens: Tokens) => Observable<Tokens>,
): Observable<Tokens> {
  const look = defer(read);
  return look.pipe(
    concatMap((stored) =>
      stored.access !== failed.access
        ? of(stored)
        : refresh(stored).pipe(
            concatMap((tokens) =>
              write(tokens).then(() => tokens),
            ),
            // Another tab may have refreshed after
            // all, without the lock: look again.
            catchError((error: unknown) =>
              look.pipe(
                concatMap((again) =>
                  again.access !== failed.access
                    ? of(again)
                    : throwError(() => error),
                ),
              ),
            ),
          ),
    ),
    withLock(lock),
  );
}
