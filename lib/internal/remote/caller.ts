import type { Subscriber } from 'rxjs';

import type { Permit } from '../../permit.js';
import { currentContext, report, runIn, type Context } from '../delivery/delivery.js';
import { isStopped } from '../waiting/waiter.js';

/**
 * One subscription to `acquire()` or `tryAcquire()` of a lock outside the process. It is answered once, in the context in which
 * it subscribed: with a permit, with `null` because the lock is busy, or with an error.
 */
export class Caller<P extends Permit> {
  private readonly context: Context | undefined = currentContext();

  constructor(private readonly subscriber: Subscriber<P | null>) {}

  /** Whether the subscriber takes no answer any more. */
  get isGone(): boolean {
    return isStopped(this.subscriber);
  }

  /** Emits the answer and completes. A permit that finds its subscriber gone is released. */
  answer(permit: P | null): void {
    this.tell(
      () => {
        if (this.isGone) {
          permit?.release();
          return;
        }
        this.subscriber.next(permit);
        this.subscriber.complete();
      },
      () => permit?.release(),
    );
  }

  fail(error: unknown): void {
    this.tell(
      () => {
        this.subscriber.error(error);
      },
      () => undefined,
    );
  }

  /** Runs `task` in the context. A broken context is the error of the subscriber. What a subscriber throws is reported. */
  private tell(task: () => void, giveUp: () => void): void {
    try {
      runIn(this.context, task, (error) => {
        giveUp();
        this.subscriber.error(error);
      });
    } catch (error) {
      report(error);
    }
  }
}
