import {
  catchError,
  debounceTime,
  EMPTY,
  switchMap,
} from 'rxjs';

import type { SaveAll } from '../edit';

/** A refused save does not end the stream. */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(
    debounceTime(250),
    switchMap((edit) =>
      save(edit).pipe(catchError(() => EMPTY)),
    ),
  );
