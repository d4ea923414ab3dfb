import type { ObservableInput } from 'rxjs';

import { BusyError } from '../../errors.js';
import type { Acquirable } from '../../permit.js';
import { isAcquirable } from '../checks/arguments.js';
import { isOfOtherCopy, refusal } from '../checks/copy.js';
import { shown } from '../checks/shown.js';
import type { AcquireOptions } from '../waiting/demand.js';
import { ForeignAcquirable } from '../waiting/foreign-resource.js';
import { admit, type OwnAcquirable } from '../waiting/waiter.js';
import type { SectionOptions } from './task-section.js';
import { boundOf } from './until.js';

/** What to do if the caller would have to wait. */
export type WhenBusy = 'wait' | 'skip' | 'error';

/** How an operator acquires its permits. */
export interface AdmissionOptions extends AcquireOptions {
  /** Bounds the wait, not the task. When it emits first, the waiter leaves the queue with RxJS's `TimeoutError`. */
  readonly until?: ObservableInput<unknown>;
  /**
   * What to do if the caller would have to wait: `'wait'`, complete without running (`'skip'`), or fail (`'error'`).
   */
  readonly whenBusy?: WhenBusy;
}

/** Refuses an argument that cannot be acquired; adapts one that this library did not make. */
export function ownAcquirable(operator: string, acquirable: unknown): OwnAcquirable {
  if (isOfOtherCopy(acquirable) || !isAcquirable(acquirable)) {
    throw refusal(operator, 'something with an acquire() method', acquirable);
  }
  return isOwn(acquirable) ? acquirable : new ForeignAcquirable(acquirable);
}

/** Refuses malformed options at the call. */
export function admissionOf(
  operator: string,
  acquirable: Acquirable,
  whenBusy: WhenBusy,
  until?: ObservableInput<unknown>,
): SectionOptions {
  if (!Object.keys(waysWhenBusy).includes(whenBusy)) {
    throw new TypeError(`whenBusy must be 'wait', 'skip' or 'error', but is ${shown(whenBusy)}`);
  }
  if (whenBusy !== 'wait' && typeof acquirable.tryAcquire !== 'function') {
    throw new TypeError(`${operator} with whenBusy: '${whenBusy}' needs something with a tryAcquire() method`);
  }
  return { until: boundOf(until), onBusy: waysWhenBusy[whenBusy] };
}

const waysWhenBusy: Readonly<Record<WhenBusy, SectionOptions['onBusy']>> = {
  wait: undefined,
  skip: (section) => () => {
    section.withdraw();
    section.complete();
  },
  error: (section) => (resource) => {
    section.withdraw();
    section.error(new BusyError(`cannot acquire ${resource}: it is busy`));
  },
};

function isOwn(acquirable: Acquirable): acquirable is Acquirable & OwnAcquirable {
  return admit in acquirable;
}
