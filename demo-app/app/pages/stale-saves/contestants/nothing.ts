import { mergeMap } from 'rxjs';

import type { SaveAll } from '../edit';

/**
 * Each edit is saved at once: what `subscribe` in an
 * event handler does.
 */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(mergeMap((edit) => save(edit)));
