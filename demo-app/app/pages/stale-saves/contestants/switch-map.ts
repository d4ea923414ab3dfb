import { switchMap } from 'rxjs';

import type { SaveAll } from '../edit';

/**
 * A new edit unsubscribes from the save of the old
 * one. The browser aborts the request, but the server
 * may go on with it.
 */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(switchMap((edit) => save(edit)));
