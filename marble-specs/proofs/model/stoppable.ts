import { Subscriber, type Observer } from 'rxjs';

/** A subscriber that can be unsubscribed while its source is still being subscribed to. */
export function stoppable<T>(observer: Observer<T>): Subscriber<T> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- `subscribe` returns too late to stop a synchronous source
  return new Subscriber(observer);
}
