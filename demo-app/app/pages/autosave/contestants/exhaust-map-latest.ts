import { filter, retry, tap, timer } from 'rxjs';
import { exhaustMapLatest } from 'rxjs-locks/operators';

import type { Edit, SaveAll } from '../edit';

/**
 * One save at a time. Refused: wait, then the newest.
 */
export const saveAll: SaveAll = (edits, save) => {
  let newest: Edit;
  return edits.pipe(
    tap((edit) => (newest = edit)),
    exhaustMapLatest((edit) => {
      const delay = (_: unknown, tries: number) =>
        timer(500 * tries).pipe(
          filter(() => edit === newest),
        );
      return save(edit).pipe(retry({ delay }));
    }),
  );
};
