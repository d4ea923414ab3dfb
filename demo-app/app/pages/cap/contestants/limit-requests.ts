import { InjectionToken } from '@angular/core';
import { BoundedSemaphore, Event } from 'rxjs-locks';
import {
  coordinateRequests,
  gateRequests,
  limitRequests,
  serializeRequests,
} from 'rxjs-locks/angular';

import { PRIORITY, UNITS } from '../job';

export const SLOTS = new InjectionToken('SLOTS', {
  providedIn: 'root',
  factory: () =>
    new BoundedSemaphore(8, { name: 'slots' }),
});

/** clear() pauses the uploads, set() resumes them. */
export const UPLOADS = new InjectionToken('UPLOADS', {
  providedIn: 'root',
  factory: () => new Event({ name: 'uploads' }),
});

/** Goes into withInterceptors(interceptors). */
export const interceptors = coordinateRequests({
  gate: gateRequests(UPLOADS, {
    when: ({ url }) => url.includes('/uploads/'),
  }),
  // A cancelled chunk keeps its units until the
  // answer.
  serialize: serializeRequests(({ url }) => url),
  limit: limitRequests(SLOTS, {
    weight: ({ context }) => context.get(UNITS),
    priority: ({ context }) => context.get(PRIORITY),
  }),
});
