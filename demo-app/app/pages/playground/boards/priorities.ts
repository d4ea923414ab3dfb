import { BoundedSemaphore } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';

import type { Visit } from '../board';

export const slots = new BoundedSemaphore(4, {
  name: 'slots',
});

export const task: Visit = (work, label) =>
  work.pipe(throttleBySemaphore(slots, { label }));

/** Takes three of the slots. */
export const heavy: Visit = (work, label) =>
  work.pipe(
    throttleBySemaphore(slots, { label, weight: 3 }),
  );

/** Goes before all that wait. */
export const urgent: Visit = (work, label) =>
  work.pipe(
    throttleBySemaphore(slots, {
      label,
      priority: 1,
    }),
  );

/** At any time; 0 is a pause. */
export function resize(bound: number): void {
  slots.resize(bound);
}
