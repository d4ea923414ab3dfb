import { merge, mergeMap } from 'rxjs';

import type { Play } from '../job';

/** Each part sends what it has, when it has it. */
export const play: Play = (jobs, send) =>
  merge(jobs.files, jobs.previews, jobs.clicks).pipe(
    mergeMap((job) => send(job)),
  );
