import { KeyedLock } from 'rxjs-locks';
import { concatMapByKey } from 'rxjs-locks/operators';

import type { Edit, SaveAll } from '../edit';

/**
 * Optional: other streams and services can share it.
 */
export const locks = new KeyedLock({
  name: 'documents',
});

export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(
    concatMapByKey(({ document }) => document, save, {
      locks,
      label: ({ name }: Edit) => name,
    }),
  );
