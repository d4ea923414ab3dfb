import type { MonoTypeOperatorFunction, ObservableInput, ObservedValueOf, OperatorFunction, Subscriber } from 'rxjs';

import type { Acquirable } from '../lib/index.js';
import { admissionOf, doorOf, type Admission, type AdmissionOptions, type WhenBusy } from '../lib/internal/admission.js';
import type { Door } from '../lib/internal/claim.js';
import { ONE, wantedNames } from '../lib/internal/demand.js';
import { checkObject, checkOptions } from '../lib/internal/arguments.js';
import { observing, stepByStep } from '../lib/internal/source-observer.js';
import { ValueQueue } from '../lib/internal/value-queue.js';
import { Work, Works, type WorkPlan } from '../lib/internal/works.js';
import { insideOf } from './inside-of.js';
import { demandOfEach, type DemandOfEach } from './demand-of-each.js';

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
 * everything is let go of, and the first error goes downstream.
 *
 * **Errors and retries.** One failure ends the stream: handle errors inside `project`. The wait of a value is part of the stream
 * too: where `resize()` leaves a waiting value with more weight than the bound, its RangeError ends the stream, running works
 * included. `retry` inside `project` holds the permit through its back-off.
 *
 * **Context.** A value runs in the async context in which it arrived; with `ordered`, a kept output is handed on in the context in
 * which it was emitted.
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
  throttleOptions?: ThrottleOptions<T>,
): OperatorFunction<T, unknown> {
  const door = doorOf('throttleBySemaphore', semaphore);
  if (typeof projectOrOptions === 'function') {
    return observing(throttling(semaphore, door, projectOrOptions, throttleOptions));
  }
  checkObject('the second argument of throttleBySemaphore, unless it is a function,', projectOrOptions);
  if (throttleOptions !== undefined) {
    throw new TypeError('throttleBySemaphore without a project takes its options as the second argument, not as the third');
  }
  return insideOf('throttleBySemaphore', semaphore, projectOrOptions);
}

const optionNames: readonly string[] = [...wantedNames, 'whenBusy', 'ordered'] satisfies (keyof ThrottleOptions<unknown>)[];

/** Makes a subscription for each who subscribes. */
function throttling<T, R>(
  semaphore: Acquirable,
  door: Door,
  project: (value: T, index: number) => ObservableInput<R>,
  options: ThrottleOptions<T> = {},
): (subscriber: Subscriber<R>) => Throttle<T, R> {
  checkOptions('throttleBySemaphore with a project', options, optionNames);
  const { ordered = false, whenBusy = 'wait' } = options;
  const { busy } = admissionOf('throttleBySemaphore', semaphore, whenBusy);
  const plan: Plan<T, R> = { door, project, demand: demandOfEach(options), ordered, busy };
  return (subscriber) => new Throttle(subscriber, plan);
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

  protected take(value: T): void {
    const { plan } = this;
    const index = this.index++;
    const { demand: wanted } = plan;
    const work = new Work(typeof wanted === 'function' ? ONE : wanted, this.subscriber, this, plan, value, index);
    this.add(work); // before user code runs, which can make the source emit or complete
    const demand = typeof wanted === 'function' ? this.ask(() => wanted(value, index)) : wanted;
    if (demand !== undefined) {
      work.demand = demand;
      work.start(plan.door, plan.busy?.(work));
    }
  }

  override emit(work: Work<T, R>, value: R): void {
    if (this.plan.ordered && (this.flushing || work !== this.oldest)) {
      this.keepOutput((work.kept ??= new ValueQueue()), value);
    } else {
      this.handOn(value);
    }
  }

  /** Hands nothing on while the context is captured, and completes after it: what is kept goes on in its own context alone. */
  private keepOutput(kept: ValueQueue<R>, value: R): void {
    if (this.flushing) {
      this.keep(kept, value);
      return;
    }
    this.flushing = true;
    this.prepare(() => {
      kept.push(value);
    });
    this.flushing = false;
    this.flush();
    this.completeIfDone();
  }

  protected override remove(work: Work<T, R>): void {
    // Stryker disable next-line ConditionalExpression,BlockStatement: flush() would forget it too, only later
    if (!this.plan.ordered) {
      super.remove(work);
    } else if (!this.flushing) {
      this.flush();
    }
  }

  /** A work by itself, to be over too: the result does not complete in the midst of it. */
  private flush(): void {
    this.flushing = true;
    this.running++;
    stepByStep(
      () => this.flushOne(),
      () => {
        this.flushing = false;
        this.running--;
      },
    );
  }

  /** Hands on what the oldest work has kept, one after another, and goes on to the next work when it is over. */
  private flushOne(): boolean {
    const { oldest } = this;
    const kept = oldest?.kept?.shift();
    if (kept !== undefined) {
      this.goOn(kept, this.handOnKept);
    } else if (oldest?.isOver) {
      super.remove(oldest);
    } else {
      return false;
    }
    return true;
  }

  private readonly handOnKept = (value: R): void => {
    this.handOn(value);
  };
}
