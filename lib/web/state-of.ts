import type { Observable } from 'rxjs';

import { checkTime } from '../internal/checks/arguments.js';
import { polling } from '../internal/remote/index.js';
import { checkWebName } from './internal/arguments.js';
import { platformLocks, refusalIn, type LockSnapshot } from './internal/platform.js';

/** How long an answer of the platform may take, in milliseconds. Then it is asked again. */
const LIMIT = 5000;

/** What the platform says of one name. */
export interface WebLockState {
  /** Whether an exclusive holder has the lock. */
  readonly exclusive: boolean;
  /** How many shared holders have the lock. */
  readonly shared: number;
  /** How many callers wait. */
  readonly waiting: number;
}

/**
 * Emits whether a web lock is held, and how many wait, for a display. It asks the platform while it is subscribed to, at once and
 * then every `period` milliseconds, and emits what has changed. The units of a {@link WebSemaphore} have names of their own.
 *
 * A snapshot is old when it arrives: never decide by it whether to acquire. In Node it shows the locks of the own thread only.
 *
 * @example
 * stateOf('token-refresh').pipe(take(1)).subscribe(({ waiting }) => console.log(`${waiting} wait`));
 *
 * @param period - in milliseconds; 1,000.
 * @throws TypeError for a name that is no string, RangeError for a name that starts with `-` and for a malformed period, at the
 * call. {@link WebLocksUnavailableError} downstream.
 */
export function stateOf(name: string, period = 1000): Observable<WebLockState> {
  checkWebName('the name of a web lock', name);
  checkTime('the period', period);
  return polling(
    period,
    LIMIT,
    () => platformLocks().query(),
    (snapshot) => stateIn(snapshot, name),
    refusalIn,
  );
}

function stateIn({ held = [], pending = [] }: LockSnapshot, name: string): WebLockState {
  const holders = held.filter((each) => each.name === name);
  const shared = holders.filter(({ mode }) => mode === 'shared').length;
  return {
    exclusive: holders.length > shared,
    shared,
    waiting: pending.filter((each) => each.name === name).length,
  };
}
