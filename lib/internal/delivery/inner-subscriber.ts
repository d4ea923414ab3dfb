import { Subscriber, type Observer } from 'rxjs';

/**
 * Makes a subscriber that hands on to `observer`, if there is one. It can be unsubscribed while its source is still
 * being subscribed to, as the subscribers inside RxJS's own operators can.
 */
export function innerSubscriber<T>(observer?: Observer<T>): Subscriber<T> {
  // `subscribe(observer)` returns too late to stop a synchronous source, and `lift`, the other way to such a
  // subscriber, is deprecated as well. The class itself is public, and here to stay in RxJS 8.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above: there is no undeprecated way
  return new Subscriber(observer);
}
