import type { MonoTypeOperatorFunction, ObservableInput, ObservedValueOf, OperatorFunction, Subscriber } from 'rxjs';

import type { Acquirable } from '../lib/index.js';
import { admissionOf, doorOf, type Admission, type AdmissionOptions, type WhenBusy } from '../lib/internal/admission.js';
import type { Door } from '../lib/internal/claim.js';
import { demandOf, type Demand } from '../lib/internal/demand.js';
import { inside } from '../lib/internal/inside.js';
import { observing } from '../lib/internal/source-observer.js';
import { Work, Works, type WorkPlan } from '../lib/internal/works.js';

/** The options of `throttleBySemaphore(semaphore, project, options)`. */
export interface ThrottleOptions<T> {
  /** How many units a work holds; 1 without it. */
  readonly weight?: number | ((value: T, index: number) => number);
  /** Works with a higher one go first; 0 without it. */
  readonly priority?: number | ((value: T, index: number) => number);
  /** What a work that waits is called in a `trace`. */
  readonly label?: string | ((value: T, index: number) => string);
  /** What to do with a value whose work would have to wait: let it wait, drop it (`'skip'`), or fail (`'error'`). */
  readonly whenBusy?: WhenBusy;
  /** Whether what the works emit comes in the order of the source's values, while the works overlap. */
  readonly ordered?: boolean;
}

/**
 * Limits how many works run at once, across all streams that share the semaphore.
 *
 * With `project`, each value's `project(value, index)` is a work, which runs while holding the semaphore: `mergeMap`,
 * whose `concurrent` limits one stream only, with permits that are shared.
 *
 * ```
 * source                    --a-b-c------------|
 * project                   x---x|
 * Semaphore(2)              --a-b-acb--c-------|
 * Semaphore(2), ordered     --a---abbc-c-------|
 * ```
 *
 * Without `project`, the source itself is the work, as for `withLock`: for one-shot sources such as a request.
 *
 * **Order.** Values and sources wait in the semaphore's one line: first come, first served. A work that has ended is
 * torn down and its permit released; then downstream hears of it; then the next one is woken. With `ordered`, values of
 * a work that is not the oldest are kept until it is.
 *
 * **Cancel safety.** Unsubscribing lets go of the source first, then of the works, then of the places in line. A work
 * that is a promise cannot be torn down: its permit is held until it has settled. When the source or a work fails,
 * everything is let go of, and the error goes downstream.
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
 * @param project - returns what to subscribe to: anything that `from` takes.
 * @param options - see {@link ThrottleOptions}; without `project`, those of `withLock`.
 * @throws TypeError at the call, for a `semaphore` that cannot be acquired and for malformed options. RangeError at the
 * call, for a malformed weight or priority; downstream, for a malformed result of such a function, for a weight above the
 * bound, and for a priority where there are none.
 * {@link ClosedError}, {@link QueueFullError}, {@link CancelledError} and {@link BusyError} downstream.
 */
export function throttleBySemaphore<T>(semaphore: Acquirable, options?: AdmissionOptions): MonoTypeOperatorFunction<T>;
export function throttleBySemaphore<T, O extends ObservableInput<unknown>>(
  semaphore: Acquirable,
  project: (value: T, index: number) => O,
  options?: ThrottleOptions<T>,
): OperatorFunction<T, ObservedValueOf<O>>;
export function throttleBySemaphore<T>(
  semaphore: Acquirable,
  projectOrOptions: ((value: T, index: number) => ObservableInput<unknown>) | AdmissionOptions = {},
  throttleOptions: ThrottleOptions<T> = {},
): OperatorFunction<T, unknown> {
  const door = doorOf('throttleBySemaphore', semaphore);
  if (typeof projectOrOptions === 'function') {
    const { ordered = false, whenBusy, ...wanted } = throttleOptions;
    if ('until' in throttleOptions) {
      throw new TypeError('throttleBySemaphore with a project takes no until: bound the wait of each source by itself');
    }
    const { busy } = admissionOf('throttleBySemaphore', semaphore, whenBusy === undefined ? {} : { whenBusy });
    const plan: Plan<T, unknown> = { door, project: projectOrOptions, demand: demandOfEach(wanted), ordered, busy };
    return observing((subscriber) => new Throttle(subscriber, plan));
  }
  checkOptions(projectOrOptions);
  const demand = demandOf(projectOrOptions);
  const admission = admissionOf('throttleBySemaphore', semaphore, projectOrOptions);
  return (source) => inside(door, demand, () => source, admission);
}

type Wanted<T> = Pick<ThrottleOptions<T>, 'weight' | 'priority' | 'label'>;
type DemandOfEach<T> = Demand | ((value: T, index: number) => Demand);

/** What the works come for: made once, unless it differs from value to value. */
function demandOfEach<T>({ weight = 1, priority = 0, label }: Wanted<T>): DemandOfEach<T> {
  const constants = {
    ...(typeof weight !== 'function' && { weight }),
    ...(typeof priority !== 'function' && { priority }),
    ...(typeof label === 'string' && { label }),
  };
  const demand = demandOf(constants);
  if (typeof weight !== 'function' && typeof priority !== 'function' && typeof label !== 'function') {
    return demand;
  }
  return (value, index) =>
    demandOf({
      ...constants,
      ...(typeof weight === 'function' && { weight: weight(value, index) }),
      ...(typeof priority === 'function' && { priority: priority(value, index) }),
      ...(typeof label === 'function' && { label: label(value, index) }),
    });
}

function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`throttleBySemaphore needs a function or options as its second argument, but got ${String(options)}`);
  }
}

/** What all subscriptions to one use of the operator have in common. */
interface Plan<T, R> extends WorkPlan<T, R> {
  readonly door: Door;
  readonly demand: DemandOfEach<T>;
  readonly ordered: boolean;
  readonly busy: Admission['busy'];
}

/** One subscription. With `ordered`, works that are over are kept until what they emitted was handed on in full. */
class Throttle<T, R> extends Works<T, R> {
  private index = 0;

  /** True while kept values are handed on: then even the oldest work keeps what it emits. */
  private flushing = false;

  constructor(
    subscriber: Subscriber<R>,
    private readonly plan: Plan<T, R>,
  ) {
    super(subscriber);
  }

  next(value: T): void {
    const { plan } = this;
    const index = this.index++;
    let { demand } = plan;
    if (typeof demand === 'function') {
      try {
        demand = demand(value, index);
      } catch (error) {
        this.error(error);
        return;
      }
    }
    const work = new Work(demand, this.subscriber, this, plan, value, index);
    this.add(work);
    work.start(plan.door, plan.busy?.(work));
  }

  override emit(work: Work<T, R>, value: R): void {
    if (this.plan.ordered && (this.flushing || work !== this.oldest)) {
      (work.kept ??= []).push(value);
    } else {
      this.subscriber.next(value);
    }
  }

  protected override remove(work: Work<T, R>): void {
    // Stryker disable next-line ConditionalExpression,BlockStatement: flush() would forget it too, only later
    if (!this.plan.ordered) {
      super.remove(work);
    } else if (!this.flushing) {
      this.flush();
    }
  }

  /** Goes on to the next work while the oldest is over, and hands on what each has kept: a work by itself, to be over too. */
  private flush(): void {
    this.flushing = true;
    this.running++;
    try {
      for (let work = this.oldest; work?.isOver; work = this.oldest) {
        super.remove(work);
        for (const value of this.oldest?.kept ?? []) {
          this.subscriber.next(value);
        }
      }
    } finally {
      this.flushing = false;
      this.running--;
    }
    // Stryker disable next-line ConditionalExpression,BlockStatement: what was handed on is kept for nothing, and no longer
    if (this.oldest !== undefined) {
      this.oldest.kept = undefined;
    }
  }
}
