import type { ObservableInput } from 'rxjs';

import type { Acquirable } from '../permit.js';
import { enter, type Door } from './claim.js';
import type { AcquireOptions } from './demand.js';
import { ForeignDoor } from './foreign-home.js';
import { waitingAs, type SectionOptions, type WhenBusy } from './section.js';

/** How one is let in: what the operators take besides what they do. */
export interface AdmissionOptions extends AcquireOptions {
  /** Bounds the wait, not the work: when it emits first, the place in line is given up with RxJS's `TimeoutError`. */
  readonly until?: ObservableInput<unknown>;
  /** What to do where one would have to wait: `'wait'`, complete without running (`'skip'`), or fail (`'error'`). */
  readonly whenBusy?: WhenBusy;
}

/** Refuses what cannot be acquired; returns where one goes to acquire it. */
export function doorOf(operator: string, acquirable: unknown): Door {
  if (isOurs(acquirable)) {
    return acquirable;
  }
  if (!isAcquirable(acquirable)) {
    throw new TypeError(`${operator} needs something with an acquire() method, but got ${String(acquirable)}`);
  }
  return new ForeignDoor(acquirable);
}

/** Refuses malformed options at the call. */
export function sectionOptions(
  operator: string,
  acquirable: Acquirable,
  { whenBusy = 'wait', until }: Pick<AdmissionOptions, 'whenBusy' | 'until'>,
): SectionOptions {
  if (!waysWhenBusy.includes(whenBusy)) {
    throw new TypeError(`whenBusy must be 'wait', 'skip' or 'error', but is ${whenBusy as string}`);
  }
  if (whenBusy !== 'wait' && typeof acquirable.tryAcquire !== 'function') {
    throw new TypeError(`${operator} with whenBusy: '${whenBusy}' needs something with a tryAcquire() method`);
  }
  return waitingAs(whenBusy, until);
}

const waysWhenBusy: readonly string[] = ['wait', 'skip', 'error'] satisfies WhenBusy[];

function isOurs(acquirable: unknown): acquirable is Door {
  return typeof acquirable === 'object' && acquirable !== null && enter in acquirable;
}

function isAcquirable(acquirable: unknown): acquirable is Acquirable {
  return typeof (acquirable as Partial<Acquirable> | null | undefined)?.acquire === 'function';
}
