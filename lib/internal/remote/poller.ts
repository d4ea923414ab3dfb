import { defer, Observable, type Subscription } from 'rxjs';

import { currentContext } from '../delivery/delivery.js';
import { tell } from './tell.js';
import { startTimer } from './timers.js';
import { outsideZones } from './zones.js';

/**
 * Emits a state outside of the process that only a request shows: at once, and then when it has changed. It asks again when the last
 * answer has arrived and the period is over, while it is subscribed to.
 *
 * @param limit - how many milliseconds an answer may take. A later one is ignored.
 * @param read - reads the state from an answer: a flat object.
 * @param errorOf - the error for the subscriber when there is no answer, or `undefined` to ask again. It gets the reason, which is
 * `undefined` if the answer takes too long.
 */
export function polling<A, S extends object>(
  period: number,
  limit: number,
  ask: () => Promise<A>,
  read: (answer: A) => S,
  errorOf: (reason: unknown) => unknown,
): Observable<S> {
  return new Observable((subscriber) => {
    const context = currentContext();
    /** Runs until the request under way takes too long, or until the next request. */
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Of the request under way. */
    let answers: Subscription | undefined;
    let last: string | undefined;

    function request(): void {
      timer = startTimer(failed, limit);
      answers = defer(ask).subscribe({ next: answered, error: failed });
    }

    function requestLater(): void {
      end();
      timer = startTimer(request, period);
    }

    function end(): void {
      clearTimeout(timer);
      answers?.unsubscribe();
    }

    function answered(answer: A): void {
      requestLater();
      const state = Object.freeze(read(answer));
      const text = JSON.stringify(state);
      if (text !== last) {
        last = text;
        tell(
          context,
          () => {
            subscriber.next(state);
          },
          fail,
        );
      }
    }

    function failed(reason?: unknown): void {
      requestLater();
      const error = errorOf(reason);
      if (error !== undefined) {
        tell(
          context,
          () => {
            fail(error);
          },
          fail,
        );
      }
    }

    /** Ends the subscription, and so the timer. */
    function fail(error: unknown): void {
      subscriber.error(error);
    }

    outsideZones(request);
    return end;
  });
}
