import type { Observable, ObservableInput, Subscriber } from 'rxjs';

import type { Admission } from './admission.js';
import type { Claim, Door } from '../waiting/claim.js';
import type { Demand } from '../waiting/demand.js';
import { Section } from './section.js';
import { WaitObservable } from '../waiting/wait-observable.js';

/**
 * Runs `work` while holding a permit, once for each subscription. `use` does this, and so do the operators that leave a
 * source unchanged.
 */
export function inside<T>(
  door: Door,
  demand: Demand,
  work: (claim: Claim) => ObservableInput<T>,
  { until, busy }: Admission,
): Observable<T> {
  return new WaitObservable((subscriber) => {
    const section = new WorkSection(demand, subscriber, until, work);
    section.start(door, busy?.(section));
  });
}

export class WorkSection<T> extends Section<T> {
  constructor(
    demand: Demand,
    subscriber: Subscriber<T>,
    until: Observable<unknown> | undefined,
    private readonly work: (claim: Claim) => ObservableInput<T>,
  ) {
    super(demand, subscriber, until);
  }

  protected begin(): ObservableInput<T> {
    return this.work(this);
  }
}
