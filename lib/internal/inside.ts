import { Observable, type Subscriber } from 'rxjs';

import type { Door } from './claim.js';
import type { Demand } from './demand.js';
import type { Admission } from './admission.js';
import { Section } from './section.js';
import { WaitObservable } from './wait-observable.js';

/** Subscribes to `source` inside: what the operators do that leave a source as it is. */
export function sourceInside<T>(door: Door, demand: Demand, source: Observable<T>, { until, busy }: Admission): Observable<T> {
  return new WaitObservable((subscriber) => {
    const section = new SourceSection(demand, subscriber, until, source);
    section.start(door, busy?.(section));
  });
}

/** Without a function that returns the source: it would be one more for every caller. */
export class SourceSection<T> extends Section<T> {
  constructor(
    demand: Demand,
    subscriber: Subscriber<T>,
    until: Observable<unknown> | undefined,
    private readonly source: Observable<T>,
  ) {
    super(demand, subscriber, until);
  }

  protected begin(): Observable<T> {
    return this.source;
  }
}
