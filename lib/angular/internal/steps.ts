/**
 * The four steps that a request takes, in the order in which it takes them:
 *
 * ```
 *   HttpClient ──► gate ──► serialize ──► limit ──► refresh ──► backend
 *                  event     lock, keys    permit    token
 * ```
 *
 * A request that waits at the gate holds no key, and a request that waits for a key holds no permit. Each interceptor of this
 * entry point carries a mark with its step and its name. `coordinateRequests` sorts by the mark, and errors show the name.
 */
import type { HttpInterceptorFn } from '@angular/common/http';

import { shown } from '../../internal/checks/shown.js';

/** A step that a request takes before it is sent. */
export type RequestStep = 'gate' | 'serialize' | 'limit' | 'refresh';

/** All steps, in their order. */
export const stepsInOrder: readonly RequestStep[] = ['gate', 'serialize', 'limit', 'refresh'];

/** What an interceptor of this entry point is. */
export interface StepMark {
  readonly step: RequestStep;
  /** The name of the function that made the interceptor. */
  readonly name: string;
}

const mark: unique symbol = Symbol('step');

type Marked = HttpInterceptorFn & { readonly [mark]?: StepMark };

export function marked(interceptor: HttpInterceptorFn, step: StepMark): HttpInterceptorFn {
  return Object.assign(interceptor, { [mark]: step });
}

/** The mark of an interceptor, or undefined for an interceptor of another origin. */
export function markOf(interceptor: unknown): StepMark | undefined {
  return (interceptor as Marked | null | undefined)?.[mark];
}

/** Returns a step, and refuses what is no name of one. */
export function checkedStep(taker: string, step: unknown): RequestStep {
  const known = stepsInOrder.find((each) => each === step);
  if (known === undefined) {
    throw new TypeError(`${taker} knows no step ${shown(step)}: the steps are ${stepsInOrder.join(', ')}`);
  }
  return known;
}
