import { debounceTime, switchMap } from 'rxjs';

import type { SaveAll } from '../edit';

/** Saves when nothing was typed for 250 ms. */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(
    debounceTime(250),
    switchMap((edit) => save(edit)),
  );
