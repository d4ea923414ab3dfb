import { EMPTY } from 'rxjs';
import { type Condition, type Permit } from 'rxjs-locks';

import { recorder } from '../../support/recorder.js';

/** Acquires the lock of the condition and waits. Writes into `record` what the waiter gets. */
export function startWaiter(condition: Condition, record: string[], name: string): { unsubscribe(): void } {
  return condition.use((permit) => condition.wait({ permit })).subscribe(recorder(record, name));
}

/** Calls a function while holding the lock of the condition. */
export function whileLocked(condition: Condition, act: () => void): void {
  condition
    .use(() => {
      act();
      return EMPTY;
    })
    .subscribe();
}

/** Acquires the lock of the condition at once. The caller releases the permit. */
export function acquireNow(condition: Condition): Permit {
  const permit = condition.tryAcquire();
  if (permit === null) {
    throw new Error('the lock is not free');
  }
  return permit;
}
