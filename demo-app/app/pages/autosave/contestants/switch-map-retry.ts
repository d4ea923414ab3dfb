import { debounceTime, retry, switchMap } from 'rxjs';

import type { SaveAll } from '../edit';

/** A newer edit ends the retries of the older one. */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(
    debounceTime(250),
    switchMap((edit) =>
      save(edit).pipe(retry({ delay: 500 })),
    ),
  );
