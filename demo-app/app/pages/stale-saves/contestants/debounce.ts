import { debounceTime, switchMap } from 'rxjs';

import type { SaveAll } from '../edit';

/** Saves when nothing was typed for 200 ms. */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(
    debounceTime(200),
    switchMap((edit) => save(edit)),
  );
