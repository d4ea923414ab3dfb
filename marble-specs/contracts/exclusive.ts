import type { ExclusiveCase } from './exclusive/case.js';

import { itCancelsWaiters } from './exclusive/cancel.js';
import { itGrantsInOrder } from './exclusive/order.js';
import { itGivesPermits } from './exclusive/permits.js';
import { itRunsTasks } from './exclusive/tasks.js';
import { itWaitsUntil } from './exclusive/until.js';

/** What each primitive promises that has at most one holder at a time. */
export function itIsExclusive(name: string, create: () => ExclusiveCase): void {
  describe(`${name} is exclusive`, () => {
    itGrantsInOrder(create);
    itGivesPermits(create);
    itCancelsWaiters(create);
    itRunsTasks(create);
    itWaitsUntil(create);
  });
}
