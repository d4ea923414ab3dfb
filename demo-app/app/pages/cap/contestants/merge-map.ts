import { merge, mergeMap } from 'rxjs';

import type { Play } from '../job';

/** Four at a time, in each of the streams. */
export const play: Play = (jobs, send) =>
  merge(
    jobs.files.pipe(
      mergeMap((file) => send(file), 4),
    ),
    jobs.previews.pipe(
      mergeMap((image) => send(image), 4),
    ),
    jobs.clicks.pipe(
      mergeMap((click) => send(click)),
    ),
  );
