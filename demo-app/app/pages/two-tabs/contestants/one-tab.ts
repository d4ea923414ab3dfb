import {
  finalize,
  map,
  type Observable,
  retry,
  switchMap,
  takeUntil,
} from 'rxjs';
import { LockLostError } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';
import { WebLock } from 'rxjs-locks/web';

// Works in one tab at a time. If that tab is closed,
// crashes or leaves, the next one takes over.
export function inOneTab<T>(
  name: string,
  work: Observable<T>,
  onLost: (error: LockLostError) => void,
): Observable<T> {
  return work.pipe(
    withLock(
      new WebLock(name, { timeout: Infinity }),
    ),
    retry({
      delay: (error: unknown) => {
        if (!(error instanceof LockLostError))
          throw error;
        onLost(error);
        // Waits again, at the end of the queue.
        return [true];
      },
    }),
  );
}

// Takes the lock away from the tab that works. Its
// section ends with a LockLostError.
export function stolen<T>(
  name: string,
  work: Observable<T>,
): Observable<T> {
  return new WebLock(name).steal().pipe(
    switchMap((permit) =>
      work.pipe(
        takeUntil(permit.lost$.pipe(map(raise))),
        finalize(() => {
          permit.release();
        }),
      ),
    ),
  );
}

function raise(error: Error): never {
  throw error;
}
