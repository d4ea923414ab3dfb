import { exhaustMapLatest } from 'rxjs-locks/operators';

import type { SaveAll } from '../edit';

/**
 * One save at a time. When it ends, the latest edit
 * is saved; the ones in between never are.
 */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(exhaustMapLatest((edit) => save(edit)));
