import { isPlatformServer } from '@angular/common';
import type { HttpInterceptorFn, HttpRequest } from '@angular/common/http';
import { PLATFORM_ID, type ProviderToken } from '@angular/core';

import { Event } from '../index.js';
import { checkCallbacks, checkOneOf, checkToken, checkWhen } from './internal/arguments.js';
import { interceptor } from './internal/passage.js';

/** The options of {@link gateRequests}. */
export interface GateRequestsOptions {
  /** Which requests wait at the gate. */
  readonly when: (request: HttpRequest<unknown>) => boolean;
  /** What requests do on a server. `'pass'`: the gate is open. `'hold'`: they wait, and so does the render. */
  readonly onServer?: 'pass' | 'hold';
}

/**
 * Lets requests wait until an event is set.
 *
 * ```
 * ONLINE.clear()   x
 * request          (waits)--------|
 * ONLINE.set()             x
 * ```
 *
 * **Order.** `set()` sends all requests that wait at that moment, in the order in which they came.
 *
 * **Cancel safety.** Unsubscribing while waiting leaves the queue, and the request is never sent.
 *
 * **On a server** the gate is open, unless `onServer` is `'hold'`. A gate that nothing opens there would keep the render for
 * ever.
 *
 * ```ts
 * gateRequests(ONLINE, { when: (request) => request.method !== 'GET' });
 * ```
 *
 * @throws TypeError at the call without a token, and without `when`. The error of the request: TypeError if the token gives no
 * `Event`, `ClosedError` if the event is closed or the injector is destroyed while the request waits.
 */
export function gateRequests(event: ProviderToken<Event>, options: GateRequestsOptions): HttpInterceptorFn {
  checkToken('gateRequests', 'an Event', event);
  checkWhen('gateRequests', options);
  checkCallbacks('gateRequests', options, ['when'], ['onServer']);
  const { when, onServer = 'pass' } = options;
  checkOneOf('gateRequests', 'onServer', onServer, ['pass', 'hold']);
  return interceptor({ step: 'gate', name: 'gateRequests' }, (passage) => {
    if ((onServer === 'pass' && isPlatformServer(passage.injector.get(PLATFORM_ID))) || !passage.concerns(when)) {
      return passage.forward();
    }
    const gate = passage.resolve(event, 'an Event', (given) => given instanceof Event);
    return passage.enter(() => passage.waitFor(gate, () => passage.forward()));
  });
}
