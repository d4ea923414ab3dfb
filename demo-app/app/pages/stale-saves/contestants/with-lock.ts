import { mergeMap, takeUntil } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import type { SaveAll } from '../edit';

/**
 * Any number of streams and services can share the
 * lock.
 */
export const lock = new Lock({ name: 'document' });

export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(
    mergeMap((edit) =>
      save(edit).pipe(
        withLock(lock, { label: edit.name }),
        takeUntil(edit.withdrawn),
      ),
    ),
  );
