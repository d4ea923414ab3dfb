import type { Subscriber } from 'rxjs';

import type { Permit } from '../../permit.js';
import { currentContext, type Context } from '../delivery/delivery.js';
import { isStopped } from '../waiting/waiter.js';
import { tell } from './tell.js';

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
    tell(
      this.context,
      () => {
        if (this.isGone) {
          permit?.release();
          return;
        }
        this.subscriber.next(permit);
        this.subscriber.complete();
      },
      (error) => {
        permit?.release();
        this.subscriber.error(error);
      },
    );
  }

  fail(error: unknown): void {
    const emit = (reason: unknown): void => {
      this.subscriber.error(reason);
    };
    tell(
      this.context,
      () => {
        emit(error);
      },
      emit,
    );
  }
}
