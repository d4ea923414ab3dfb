import type { Observable, ObservableInput } from 'rxjs';

import { BusyError } from '../../errors.js';
import type { Acquirable } from '../../permit.js';
import { enter, type Busy, type Door } from '../waiting/claim.js';
import { isOfOtherCopy, refusal } from '../checks/copy.js';
import type { AcquireOptions } from '../waiting/demand.js';
import { ForeignDoor } from '../primitives/foreign-resource.js';
import { shown } from '../checks/shown.js';
import type { Section } from './section.js';
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

/** The checked options, made once for all subscriptions. */
export interface Admission {
  readonly until: Observable<unknown> | undefined;
  /** What a section does instead of waiting. */
  readonly busy: ((section: Pick<Section<unknown>, 'spend' | 'complete' | 'error'>) => Busy) | undefined;
}

/** Refuses an argument that cannot be acquired; returns the door where it is acquired. */
export function doorOf(operator: string, acquirable: unknown): Door {
  if (isOurs(acquirable)) {
    return acquirable;
  }
  if (isOfOtherCopy(acquirable) || !isAcquirable(acquirable)) {
    throw refusal(operator, 'something with an acquire() method', acquirable);
  }
  return new ForeignDoor(acquirable);
}

/** Refuses malformed options at the call. */
export function admissionOf(
  operator: string,
  acquirable: Acquirable,
  whenBusy: WhenBusy,
  until?: ObservableInput<unknown>,
): Admission {
  if (!Object.keys(waysWhenBusy).includes(whenBusy)) {
    throw new TypeError(`whenBusy must be 'wait', 'skip' or 'error', but is ${shown(whenBusy)}`);
  }
  if (whenBusy !== 'wait' && typeof acquirable.tryAcquire !== 'function') {
    throw new TypeError(`${operator} with whenBusy: '${whenBusy}' needs something with a tryAcquire() method`);
  }
  return { until: boundOf(until), busy: waysWhenBusy[whenBusy] };
}

const waysWhenBusy: Readonly<Record<WhenBusy, Admission['busy']>> = {
  wait: undefined,
  skip: (section) => () => {
    section.spend();
    section.complete();
  },
  error: (section) => (where) => {
    section.spend();
    section.error(new BusyError(`cannot acquire ${where}: it is busy`));
  },
};

function isOurs(acquirable: unknown): acquirable is Door {
  return typeof acquirable === 'object' && acquirable !== null && enter in acquirable;
}

function isAcquirable(acquirable: unknown): acquirable is Acquirable {
  return typeof (acquirable as Partial<Acquirable> | null | undefined)?.acquire === 'function';
}
