import { mergeMap } from 'rxjs';

import type { SaveAll } from '../edit';

/** Each edit is saved at once. */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(mergeMap((edit) => save(edit)));
