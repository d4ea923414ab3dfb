import { concatMap } from 'rxjs';

import type { SaveAll } from '../edit';

/** Each save waits for the one before. */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(concatMap((edit) => save(edit)));
