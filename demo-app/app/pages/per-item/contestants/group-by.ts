import { concatMap, groupBy, mergeMap } from 'rxjs';

import type { SaveAll } from '../edit';

/**
 * A stream for each document, which is never
 * forgotten.
 */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(
    groupBy((edit) => edit.document),
    mergeMap((group) =>
      group.pipe(concatMap((edit) => save(edit))),
    ),
  );
