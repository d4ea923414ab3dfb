import { switchMap } from 'rxjs';
import { Barrier } from 'rxjs-locks';

import type { Visit } from '../board';

export const start = new Barrier(3, {
  name: 'start',
});

/** The work begins when three have come. */
export const meet: Visit = (work, label) =>
  start.wait({ label }).pipe(switchMap(() => work));
