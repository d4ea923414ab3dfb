import { concatMap, retry } from 'rxjs';

import type { SaveAll } from '../edit';

/** Each edit is saved, one after another. */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(
    concatMap((edit) =>
      save(edit).pipe(retry({ delay: 500 })),
    ),
  );
