import { ReadWriteLock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import type { Visit } from '../board';

export const settings = new ReadWriteLock({
  name: 'settings',
});

/** Together with all other readers. */
export const read: Visit = (work, label) =>
  work.pipe(withLock(settings.read, { label }));

/**
 * Alone. Who comes to read meanwhile waits behind it.
 */
export const write: Visit = (work, label) =>
  work.pipe(withLock(settings.write, { label }));
