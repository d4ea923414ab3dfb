import { Observable, type Subscriber } from 'rxjs';

import { UnavailableError } from '../../index.js';
import { checkPositive } from '../../internal/checks/arguments.js';
import { currentContext, noAnswer, outsideZones, report, requestLimit, runIn, REFUSES } from '../../internal/remote/index.js';
import { isForGood, runScript } from './engine.js';
import type { Process, SessionTerms } from './session.js';

/** What the server says of one name. */
export interface RedisLockState {
  /** How many permits are held. */
  readonly held: number;
  /** How many callers wait. Those of a process that has died count until their turn. */
  readonly waiting: number;
}

export function watching(process: Process, terms: SessionTerms, every: number, owner: string): Observable<RedisLockState> {
  checkPositive('the period', every);
  return new Observable((subscriber) => {
    const watch = new Watch(process, terms, every, owner, subscriber);
    outsideZones(() => {
      watch.ask();
    });
    return () => {
      watch.end();
    };
  });
}

/** One subscription. It asks again when the last answer has arrived and the period is over. */
class Watch {
  private readonly context = currentContext();
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;
  private answeredAt = performance.now();
  /** Of the question under way. An answer to another one is late. */
  private question: object | undefined = undefined;
  private last: RedisLockState | undefined = undefined;

  constructor(
    private readonly process: Process,
    private readonly terms: SessionTerms,
    private readonly every: number,
    private readonly owner: string,
    private readonly subscriber: Subscriber<RedisLockState>,
  ) {}

  ask(): void {
    const { client, channelPrefix } = this.process;
    const { keys, value, lease } = this.terms;
    const question = (this.question = {});
    const limit = requestLimit(lease);
    this.timer = setTimeout(() => {
      this.failed(noAnswer(limit));
    }, limit);
    runScript(client, keys, ['', String(value), '0', 'look', '0', '0', channelPrefix]).then(
      ([, , , held, waiting]) => {
        if (question === this.question) {
          this.answeredAt = performance.now();
          this.askLater();
          this.publish({ held: Number(held), waiting: Number(waiting) });
        }
      },
      (error: unknown) => {
        if (question === this.question) {
          this.failed(error);
        }
      },
    );
  }

  end(): void {
    this.question = undefined;
    clearTimeout(this.timer);
  }

  private failed(error: unknown): void {
    const isRefused = isForGood(error);
    if (isRefused || performance.now() >= this.answeredAt + this.terms.patience) {
      const reason = isRefused ? REFUSES : 'the server does not answer';
      this.end();
      this.tell(() => {
        this.subscriber.error(new UnavailableError(`cannot look at ${this.owner}: ${reason}`, { cause: error }));
      });
    } else {
      this.askLater();
    }
  }

  private askLater(): void {
    this.end();
    this.timer = setTimeout(() => {
      this.ask();
    }, this.every);
  }

  private publish(state: RedisLockState): void {
    if (this.last?.held !== state.held || this.last.waiting !== state.waiting) {
      this.last = Object.freeze(state);
      this.tell(() => {
        this.subscriber.next(state);
      });
    }
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
