import type { HttpRequest } from '@angular/common/http';
import {
  coordinateRequests,
  gateRequests,
  ONLINE,
  serializeRequests,
} from 'rxjs-locks/angular';

import { LOCKS } from '../locks';

const writes = ({ method }: HttpRequest<unknown>) =>
  method !== 'GET';

/** For withInterceptors(interceptors). */
export const interceptors = coordinateRequests({
  gate: gateRequests(ONLINE, { when: writes }),
  serialize: serializeRequests(() => 'notes', {
    when: writes,
    locks: LOCKS,
  }),
});
