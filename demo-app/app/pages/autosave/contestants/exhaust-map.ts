import { exhaustMap, retry } from 'rxjs';

import type { SaveAll } from '../edit';

/** One save at a time, until it succeeds. */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(
    exhaustMap((edit) =>
      save(edit).pipe(retry({ delay: 500 })),
    ),
  );
