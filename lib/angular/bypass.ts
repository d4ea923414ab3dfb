import { HttpContext, HttpContextToken } from '@angular/common/http';

import { shown } from '../internal/checks/shown.js';
import { isList } from './internal/arguments.js';
import { checkedStep, stepsInOrder, type RequestStep } from './internal/steps.js';

/** @internal The steps that a request is taken past. */
export const BYPASS = /* @__PURE__ */ new HttpContextToken<readonly RequestStep[]>(() => []);

/**
 * Takes a request past some steps, or past all of them.
 *
 * A refresh must not wait for requests that wait for the refresh. So `refreshOn401` passes a context with `bypass('all')` to
 * `refresh()`, which has to use it for its own request.
 *
 * ```ts
 * http.get('/health', { context: bypass(['limit']) });
 * ```
 *
 * @param which - `'all'`, or a list of `'gate'`, `'serialize'`, `'limit'` and `'refresh'`. They are added to the steps that the
 * context already names.
 * @param context - the context to extend; by default a new one.
 * @returns the same context.
 * @throws TypeError for an unknown step.
 */
export function bypass(which: 'all' | readonly RequestStep[], context: HttpContext = new HttpContext()): HttpContext {
  const steps: readonly unknown[] | undefined = which === 'all' ? stepsInOrder : which;
  if (!isList(steps)) {
    throw new TypeError(`bypass needs 'all' or a list of steps, but got ${shown(which)}`);
  }
  const checked = steps.map((step) => checkedStep('bypass', step));
  const before = context.has(BYPASS) ? context.get(BYPASS) : [];
  return context.set(BYPASS, [...before, ...checked]);
}
