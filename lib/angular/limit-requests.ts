import type { HttpInterceptorFn, HttpRequest } from '@angular/common/http';
import { InjectionToken, type ProviderToken } from '@angular/core';

import { BoundedSemaphore, Semaphore } from '../index.js';
import { checkPositive } from '../internal/checks/arguments.js';
import { checkCallbacks, checkToken } from './internal/arguments.js';
import { interceptor } from './internal/passage.js';

/** The options of {@link limitRequests}. */
export interface LimitRequestsOptions {
  /** Which requests take a permit. By default all. */
  readonly when?: (request: HttpRequest<unknown>) => boolean;
  /** How many units a request takes. By default 1. */
  readonly weight?: (request: HttpRequest<unknown>) => number;
  /** Requests with a higher priority go first. By default 0. */
  readonly priority?: (request: HttpRequest<unknown>) => number;
}

/**
 * Sends at most `limit` requests at a time. Further requests wait in the queue of a semaphore.
 *
 * ```
 * limitRequests(2)   first, second and third are sent at 0
 *
 * first    ----|
 * second   ------|
 * third    (waits)---|
 * ```
 *
 * A request takes one permit of one semaphore, however many interceptors with that semaphore it meets. It gives the permit back while
 * it waits for a key or a lock.
 *
 * **Order.** Requests with a higher priority go first. Within a priority: first come, first served.
 *
 * **Cancel safety.** Unsubscribing while waiting leaves the queue, and the request is never sent. Unsubscribing later aborts
 * the request and releases the permit. The permit is held until the response is complete.
 *
 * ```ts
 * provideHttpClient(withInterceptors([limitRequests(6)]));
 * ```
 *
 * @param limit - a number makes one semaphore for each application; a token gives a semaphore that a page or a test can observe.
 * @throws RangeError at the call for a number that is not a positive integer, TypeError for anything else that is no token. The
 * error of the request: RangeError for a malformed weight or priority, or a weight above the limit; TypeError if the token gives
 * no `Semaphore`; `ClosedError` if the injector is destroyed while the request waits.
 */
export function limitRequests(limit: number | ProviderToken<Semaphore>, options: LimitRequestsOptions = {}): HttpInterceptorFn {
  const token = tokenOf(limit);
  checkCallbacks('limitRequests', options, ['when', 'weight', 'priority']);
  const { when, weight, priority } = options;
  return interceptor({ step: 'limit', name: 'limitRequests' }, (passage) => {
    const { req } = passage;
    if (!passage.concerns(when)) {
      return passage.forward();
    }
    const semaphore = passage.resolve(token, 'a Semaphore', (given) => given instanceof Semaphore);
    if (passage.holds(semaphore)) {
      return passage.forward();
    }
    return passage.enter(() => {
      const demand = {
        ...(weight && { weight: passage.call(() => weight(req)) }),
        ...(priority && { priority: passage.call(() => priority(req)) }),
      };
      return passage.holdPermit(semaphore, demand, () => passage.forward());
    });
  });
}

function tokenOf(limit: number | ProviderToken<Semaphore>): ProviderToken<Semaphore> {
  if (typeof limit !== 'number') {
    checkToken('limitRequests', 'a Semaphore, or a number', limit);
    return limit;
  }
  checkPositive('the limit', limit);
  const name = `limitRequests(${String(limit)})`;
  return new InjectionToken(name, { providedIn: 'root', factory: () => new BoundedSemaphore(limit, { name }) });
}
