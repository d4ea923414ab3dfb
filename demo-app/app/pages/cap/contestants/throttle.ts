import { merge, mergeMap } from 'rxjs';
import { BoundedSemaphore } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';

import type { Play } from '../job';

/** resize(n) moves the cap, resize(0) is a pause. */
export const slots = new BoundedSemaphore(8, {
  name: 'slots',
});

/** Each request of a job takes its units. */
export const play: Play = (jobs, send) =>
  merge(jobs.files, jobs.previews, jobs.clicks).pipe(
    mergeMap((job) => {
      const {
        name: label,
        units: weight,
        priority,
      } = job;
      const options = { label, weight, priority };
      return send(
        job,
        throttleBySemaphore(slots, options),
      );
    }),
  );
