import type { MonoTypeOperatorFunction, ObservableInput, ObservedValueOf, OperatorFunction, Subscriber } from 'rxjs';

import type { Acquirable, Permit } from '../lib/index.js';
import { checkObject, checkOptions } from '../lib/internal/checks/arguments.js';
import { ManyAtATime, ValueTask, type TaskPlan } from '../lib/internal/streams/many-at-a-time.js';
import { observing } from '../lib/internal/streams/source-observer.js';
import { ValueQueue } from '../lib/internal/streams/value-queue.js';
import { admissionOf, ownAcquirable, type AdmissionOptions, type WhenBusy } from '../lib/internal/tasks/admission.js';
import type { SectionOptions } from '../lib/internal/tasks/task-section.js';
import { acquireOptionNames, ONE } from '../lib/internal/waiting/demand.js';
import type { OwnAcquirable } from '../lib/internal/waiting/waiter.js';
import { demandOfEach, type DemandOfEach } from './demand-of-each.js';
import { insideOf } from './inside-of.js';

/** The options of `throttleBySemaphore(semaphore, project, options)`. */
export interface ThrottleOptions<T> {
  /** How many units a task holds. The default is 1. */
  readonly weight?: number | ((value: T, index: number) => number);
  /** Tasks with a higher priority run first. The default is 0. */
  readonly priority?: number | ((value: T, index: number) => number);
  /** The name of a waiting task in a `trace`. */
  readonly label?: string | ((value: T, index: number) => string);
  /** What to do with a value whose task would have to wait: let it wait, drop it (`'skip'`), or fail (`'error'`). */
  readonly whenBusy?: WhenBusy;
  /** Whether the outputs of the tasks are emitted in the order of the source's values, although the tasks overlap. */
  readonly ordered?: boolean;
}

/**
 * Limits how many tasks run concurrently, across all streams that share the semaphore.
 *
 * With `project`, each value has a task, `project(value, index, permit)`, which runs while it holds the semaphore. This is `mergeMap`
 * with shared permits, whereas the `concurrent` of `mergeMap` limits one stream only.
 *
 * ```
 * source                    --a-b-c------------|
 * project                   x---x|
 * Semaphore(2)              --a-b-acb--c-------|
 * Semaphore(2), ordered     --a---abbc-c-------|
 * ```
 *
 * Without `project`, the source itself is the task, as with `withLock`. Use this for one-shot sources such as a request.
 *
 * **Order.** Values and sources wait in the semaphore's one queue: first come, first served. When a task ends, it is torn
 * down and its permit is released. Then downstream is notified, and then the next waiter is woken. With `ordered`, the outputs of
 * a task are kept until it is the oldest task.
 *
 * **Cancel safety.** Unsubscribing unsubscribes from the source first, then tears down the tasks, and then cancels the
 * waiters. A task that is a promise cannot be torn down: its permit is held until the promise has settled. When the source or
 * a task fails, the operator tears down everything in the same order, and the first error goes downstream.
 *
 * **Errors and retries.** One failure ends the stream: handle errors inside `project`. The wait of a value is part of the stream
 * too: `resize()` may lower the bound below the weight of a waiting value. The RangeError of that value then ends the stream,
 * including its running tasks. `retry` inside `project` holds the permit during its back-off.
 *
 * **Lost permits.** The permit of a semaphore outside the process can be lost. That is an error of its task: everything else is
 * torn down in the order above, and a {@link LockLostError} goes downstream. `project` gets the permit as its third argument, with
 * its `signal` and its `token`, see {@link LosablePermit}. A task that is a promise goes on, and learns of the loss by the `signal`.
 *
 * **Context.** The task of a value runs in the async context in which the value arrived. With `ordered`, a kept output is
 * emitted downstream in the context in which its task emitted it.
 *
 * **Python.** `async with semaphore:` in each task of a `TaskGroup`.
 *
 * @example
 * const connections = new Semaphore(2);
 * const get = (page: number) => of(`page ${page}`);
 *
 * range(1, 5).pipe(throttleBySemaphore(connections, get)).subscribe(console.log);
 *
 * @param semaphore - a `Semaphore`, a `Lock`, or anything else that can be acquired.
 * @param project - returns the task of a value: anything that `from` takes.
 * @param options - see {@link ThrottleOptions}.
 * @throws TypeError at the call, for a `semaphore` that cannot be acquired and for malformed options. RangeError at the
 * call, for a malformed weight or priority. RangeError downstream, for a malformed result of a `weight` or `priority`
 * function, for a weight above the bound, and for a priority where the semaphore has no priorities.
 * {@link ClosedError}, {@link QueueFullError}, {@link CancelledError}, {@link BusyError} and {@link LockLostError} downstream.
 */
export function throttleBySemaphore<T, O extends ObservableInput<unknown>, P extends Permit = Permit>(
  semaphore: Acquirable<P>,
  project: (value: T, index: number, permit: P) => O,
  options?: ThrottleOptions<T>,
): OperatorFunction<T, ObservedValueOf<O>>;
/**
 * Limits how many sources run concurrently: without `project`, the source itself is the task.
 *
 * @param semaphore - a `Semaphore`, a `Lock`, or anything else that can be acquired.
 * @param options - the options of {@link withLock}.
 */
export function throttleBySemaphore<T>(semaphore: Acquirable, options?: AdmissionOptions): MonoTypeOperatorFunction<T>;
export function throttleBySemaphore<T>(
  semaphore: Acquirable,
  projectOrOptions: TaskPlan<T, unknown>['project'] | AdmissionOptions = {},
  throttleOptions?: ThrottleOptions<T>,
): OperatorFunction<T, unknown> {
  if (typeof projectOrOptions === 'function') {
    return observing(throttling(semaphore, projectOrOptions, throttleOptions));
  }
  checkObject('the second argument of throttleBySemaphore, unless it is a function,', projectOrOptions);
  if (throttleOptions !== undefined) {
    throw new TypeError('throttleBySemaphore without a project takes its options as the second argument, not as the third');
  }
  return insideOf('throttleBySemaphore', semaphore, projectOrOptions);
}

const optionNames: readonly string[] = [
  ...acquireOptionNames,
  'whenBusy',
  'ordered',
] satisfies (keyof ThrottleOptions<unknown>)[];

/** Returns a function that makes one `Throttle` for each subscriber. */
function throttling<T, R>(
  semaphore: Acquirable,
  project: TaskPlan<T, R>['project'],
  options: ThrottleOptions<T> = {},
): (subscriber: Subscriber<R>) => Throttle<T, R> {
  const acquirable = ownAcquirable('throttleBySemaphore', semaphore);
  checkOptions('throttleBySemaphore with a project', options, optionNames);
  const { ordered = false, whenBusy = 'wait' } = options;
  const { onBusy } = admissionOf('throttleBySemaphore', semaphore, whenBusy);
  const plan: Plan<T, R> = { acquirable, project, demand: demandOfEach(options), ordered, onBusy };
  return (subscriber) => new Throttle(subscriber, plan);
}

/** What all subscriptions to one call of the operator share. */
interface Plan<T, R> extends TaskPlan<T, R> {
  readonly acquirable: OwnAcquirable;
  readonly demand: DemandOfEach<T>;
  readonly ordered: boolean;
  readonly onBusy: SectionOptions['onBusy'];
}

/** One subscription. With `ordered`, an ended task stays in the list until all of its outputs have been emitted. */
class Throttle<T, R> extends ManyAtATime<T, R> {
  private index = 0;

  constructor(
    subscriber: Subscriber<R>,
    private readonly plan: Plan<T, R>,
  ) {
    super(subscriber);
  }

  protected take(value: T): void {
    const { plan } = this;
    const index = this.index++;
    const { demand: wanted } = plan;
    const task = new ValueTask(ONE, this.subscriber, this, plan, value, index);
    this.add(task); // Before user code runs, since it can make the source emit or complete.
    const demand = typeof wanted === 'function' ? this.callUser(() => wanted(value, index)) : wanted;
    if (demand !== undefined) {
      task.demand = demand;
      task.start(plan.acquirable, plan.onBusy?.(task));
    }
  }

  override emit(task: ValueTask<T, R>, value: R): void {
    if (this.plan.ordered && (this.isDraining || task !== this.oldest)) {
      this.keep((task.kept ??= new ValueQueue()), value);
      this.flush();
    } else {
      this.sendNext(value);
    }
  }

  protected override remove(task: ValueTask<T, R>): void {
    // Stryker disable next-line ConditionalExpression,BlockStatement: flush() would remove the task too, only later
    if (!this.plan.ordered) {
      super.remove(task);
    } else {
      this.flush();
    }
  }

  /** Emits the kept outputs that are due, and completes after that, if it is due. */
  private flush(): void {
    this.drain(
      () => this.flushOne(),
      () => {
        this.completeIfDone();
      },
    );
  }

  /** Emits one kept output of the oldest task, or removes that task if it has ended. Returns false if there is nothing to do. */
  private flushOne(): boolean {
    const { oldest } = this;
    const kept = oldest?.kept?.shift();
    if (kept !== undefined) {
      this.sendKept(kept);
    } else if (oldest?.isOver) {
      super.remove(oldest);
    } else {
      return false;
    }
    return true;
  }
}
