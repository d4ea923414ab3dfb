import { Observable, type Subscriber } from 'rxjs';

import { currentContext, outsideZones, report, runIn } from '../internal/remote/index.js';
import { checkName, checkTime } from './internal/arguments.js';
import { platformLocks, refusalIn, type LockSnapshot } from './internal/platform.js';

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
  checkName('the name of a web lock', name);
  checkTime('the period', period);
  return new Observable((subscriber: Subscriber<WebLockState>) => {
    const poll = new Poll(name, period, subscriber);
    outsideZones(() => {
      poll.ask();
    });
    return () => {
      poll.end();
    };
  });
}

/** One subscription. It asks again when the last answer has arrived and the period is over. */
class Poll {
  private readonly context = currentContext();
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;
  private last: WebLockState | undefined = undefined;

  constructor(
    private readonly name: string,
    private readonly period: number,
    private readonly subscriber: Subscriber<WebLockState>,
  ) {}

  ask(): void {
    try {
      platformLocks()
        .query()
        .then(
          (snapshot) => {
            this.answered(snapshot);
          },
          (error: unknown) => {
            this.failed(refusalIn(error));
          },
        );
    } catch (error) {
      this.failed(error);
    }
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private answered(snapshot: LockSnapshot): void {
    if (this.subscriber.closed) {
      return;
    }
    const state = stateIn(snapshot, this.name);
    const { last } = this;
    this.timer = setTimeout(() => {
      this.ask();
    }, this.period);
    if (last?.exclusive !== state.exclusive || last.shared !== state.shared || last.waiting !== state.waiting) {
      this.last = state;
      this.tell(() => {
        this.subscriber.next(state);
      });
    }
  }

  private failed(error: unknown): void {
    this.tell(() => {
      this.subscriber.error(error);
    });
  }

  private tell(task: () => void): void {
    try {
      runIn(this.context, task, (error) => {
        this.subscriber.error(error);
      });
    } catch (error) {
      report(error);
    }
  }
}

function stateIn({ held = [], pending = [] }: LockSnapshot, name: string): WebLockState {
  const holders = held.filter((each) => each.name === name);
  const shared = holders.filter(({ mode }) => mode === 'shared').length;
  return Object.freeze({
    exclusive: holders.length > shared,
    shared,
    waiting: pending.filter((each) => each.name === name).length,
  });
}
