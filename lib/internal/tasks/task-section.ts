import type { Observable, ObservableInput, Subscriber } from 'rxjs';

import type { Demand } from '../waiting/demand.js';
import { WaitObservable } from '../waiting/wait.js';
import type { OnBusy, OwnAcquirable, Waiter } from '../waiting/waiter.js';
import { Section } from './section.js';

/** A section whose task is made by a function of the holder. */
export class TaskSection<T> extends Section<T> {
  constructor(
    demand: Demand,
    subscriber: Subscriber<T>,
    until: Observable<unknown> | undefined,
    private readonly task: (holder: Waiter) => ObservableInput<T>,
  ) {
    super(demand, subscriber, until);
  }

  protected createTask(): ObservableInput<T> {
    return this.task(this);
  }
}

/** The checked options of a section, made once for all subscriptions. */
export interface SectionOptions {
  readonly until: Observable<unknown> | undefined;
  /** What a section does instead of waiting. */
  readonly onBusy: ((section: Pick<Section<unknown>, 'withdraw' | 'complete' | 'error'>) => OnBusy) | undefined;
}

/**
 * Runs `task` while holding a permit, once for each subscription. `use` does this, and so do the operators that leave a
 * source unchanged.
 */
export function whileHolding<T>(
  acquirable: OwnAcquirable,
  demand: Demand,
  task: (holder: Waiter) => ObservableInput<T>,
  { until, onBusy }: SectionOptions,
): Observable<T> {
  return new WaitObservable((subscriber) => {
    const section = new TaskSection(demand, subscriber, until, task);
    section.start(acquirable, onBusy?.(section));
  });
}
