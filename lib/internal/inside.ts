import { Observable, type Subscriber } from 'rxjs';

import type { Door } from './claim.js';
import type { Demand } from './demand.js';
import { Section, type SectionOptions } from './section.js';

/** Subscribes to `source` inside: what the operators do that leave a source as it is. */
export function sourceInside<T>(door: Door, demand: Demand, source: Observable<T>, options: SectionOptions): Observable<T> {
  return new Observable((subscriber) => {
    new SourceSection(demand, subscriber, options, source).start(door);
  });
}

/** Without a function that returns the source: it would be one more for every caller. */
export class SourceSection<T> extends Section<T> {
  constructor(
    demand: Demand,
    subscriber: Subscriber<T>,
    options: SectionOptions,
    private readonly source: Observable<T>,
  ) {
    super(demand, subscriber, options);
  }

  protected begin(): Observable<T> {
    return this.source;
  }
}
