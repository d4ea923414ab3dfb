import type { HttpInterceptorFn } from '@angular/common/http';

import { checkObject } from '../internal/checks/arguments.js';
import { shown } from '../internal/checks/shown.js';
import { noteOwners } from './internal/owner-at-start.js';
import { interceptor } from './internal/passage.js';
import { checkedStep, markOf, stepsInOrder, type RequestStep } from './internal/steps.js';
import { serializeRequests } from './serialize-requests.js';

/**
 * Puts interceptors of this entry point into the right order: gate, serialize, limit, refresh.
 *
 * A request that waits at the gate holds no key, and a request that waits for a key holds no permit. The interceptors always
 * include one that reads `lockedBy`. With a refresh, the first of them notes whose request it is: after a logout or another login,
 * a request that still waits fails with {@link SessionChangedError}.
 *
 * ```ts
 * provideHttpClient(withInterceptors(coordinateRequests({
 *   refresh: refreshOn401(Auth, { when: isApi }),
 *   limit: limitRequests(6),
 * })));
 * ```
 *
 * @param steps - one interceptor, or several, for each step. The order of the properties does not matter.
 * @throws TypeError for an unknown step, for an interceptor under the name of another step, and for any other interceptor.
 */
export function coordinateRequests(
  steps: Readonly<Partial<Record<RequestStep, HttpInterceptorFn | readonly HttpInterceptorFn[]>>>,
): HttpInterceptorFn[] {
  checkObject('the steps of coordinateRequests', steps);
  const given = new Map<RequestStep, readonly HttpInterceptorFn[]>();
  for (const [name, interceptors] of Object.entries<HttpInterceptorFn | readonly HttpInterceptorFn[] | undefined>(steps)) {
    const step = checkedStep('coordinateRequests', name);
    const list = interceptors === undefined ? [] : [interceptors].flat();
    for (const each of list) {
      checkInterceptor(step, each);
    }
    given.set(step, list);
  }
  // It stands behind the other interceptors of its step, whose onCancel is then in charge of the lock too.
  given.set('serialize', [...(given.get('serialize') ?? []), serializeRequests()]);
  const inOrder = stepsInOrder.flatMap((step) => given.get(step) ?? []);
  const refreshes = given.get('refresh') ?? [];
  if (refreshes.length === 0) {
    return inOrder;
  }
  const noting = interceptor({ step: 'gate', name: 'coordinateRequests' }, (passage) => noteOwners(refreshes, passage));
  return [noting, ...inOrder];
}

function checkInterceptor(step: RequestStep, interceptor: unknown): void {
  const mark = markOf(interceptor);
  if (mark === undefined) {
    throw new TypeError(
      `coordinateRequests needs an interceptor of rxjs-locks/angular for ${step}, but got ${shown(interceptor)}`,
    );
  }
  if (mark.step !== step) {
    throw new TypeError(`coordinateRequests got ${mark.name} for ${step}, but it belongs to ${mark.step}`);
  }
}
