import { Observable, type ObservableInput, type Subscriber } from 'rxjs';

import type { Permit } from '../permit.js';
import type { Door } from './claim.js';
import type { Demand } from './demand.js';
import { Section, type SectionOptions } from './section.js';

/** Runs `work` inside, once for each subscription. */
export function inside<T>(
  door: Door,
  demand: Demand,
  work: (permit: Permit) => ObservableInput<T>,
  options: SectionOptions,
): Observable<T> {
  return new Observable((subscriber) => {
    new UseSection(demand, subscriber, options, work).start(door);
  });
}

/** Subscribes to `source` inside: what the operators do that leave a source as it is. */
export function sourceInside<T>(door: Door, demand: Demand, source: Observable<T>, options: SectionOptions): Observable<T> {
  return new Observable((subscriber) => {
    new SourceSection(demand, subscriber, options, source).start(door);
  });
}

/** A section that is all that its subscriber waits for. */
abstract class PlainSection<T> extends Section<T> {
  next(value: T): void {
    this.subscriber.next(value);
  }

  /** A synchronous work can be stopped midway too: the teardown is there before it starts. */
  protected wire(): void {
    this.subscriber.add(this);
  }

  protected tell(failed: boolean, error: unknown): void {
    if (failed) {
      this.subscriber.error(error);
    } else {
      this.subscriber.complete();
    }
  }
}

class UseSection<T> extends PlainSection<T> {
  constructor(
    demand: Demand,
    subscriber: Subscriber<T>,
    options: SectionOptions,
    private readonly work: (permit: Permit) => ObservableInput<T>,
  ) {
    super(demand, subscriber, options);
  }

  protected begin(): ObservableInput<T> {
    return this.work(this);
  }
}

/** Without a function that returns the source: it would be one more for every caller. */
export class SourceSection<T> extends PlainSection<T> {
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
