import { concatMap } from 'rxjs';

import type { SaveAll } from '../edit';

/** One save at a time, of whatever document. */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(concatMap((edit) => save(edit)));
