import { InjectionToken } from '@angular/core';
import { groupBy, mergeMap, switchMap } from 'rxjs';
import { KeyedLock } from 'rxjs-locks';
import { serializeRequests } from 'rxjs-locks/angular';

import type { SaveAll } from '../edit';

export const LOCKS = new InjectionToken('LOCKS', {
  providedIn: 'root',
  factory: () => new KeyedLock({ name: 'documents' }),
});

/** Goes into withInterceptors(interceptors). */
export const interceptors = [
  serializeRequests(
    ({ url }) => url.split('/edits/')[0],
    {
      locks: LOCKS,
      onCancel: 'finish',
      // A cancelled save goes on, and the next one
      // waits.
    },
  ),
];

/** Each document has an editor that switches. */
export const saveAll: SaveAll = (edits, save) =>
  edits.pipe(
    groupBy((edit) => edit.document),
    mergeMap((editor) =>
      editor.pipe(switchMap((edit) => save(edit))),
    ),
  );
