import { Observable, type ObservableInput, type Subscriber } from 'rxjs';

import type { Permit } from '../permit.js';
import type { PermitHome } from './claim.js';
import { Section, type SectionOptions } from './section.js';

/** Runs `work` inside, once for each subscription. */
export function inside<T>(
  home: () => PermitHome,
  weight: number,
  work: (permit: Permit) => ObservableInput<T>,
  options: SectionOptions,
): Observable<T> {
  return new Observable((subscriber) => {
    if (!subscriber.closed) {
      new PlainSection(weight, subscriber, options, work).start(home());
    }
  });
}

/** A section that is all that its subscriber waits for. */
export class PlainSection<T> extends Section<T> {
  constructor(
    weight: number,
    subscriber: Subscriber<T>,
    options: SectionOptions,
    private readonly work: (permit: Permit) => ObservableInput<T>,
  ) {
    super(weight, subscriber, options);
  }

  next(value: T): void {
    this.subscriber.next(value);
  }

  /** A synchronous work can be stopped midway too: the teardown is there before it starts. */
  protected wire(): void {
    this.subscriber.add(this);
  }

  protected begin(): ObservableInput<T> {
    return this.work(this);
  }

  protected tell(failed: boolean, error: unknown): void {
    if (failed) {
      this.subscriber.error(error);
    } else {
      this.subscriber.complete();
    }
  }
}
