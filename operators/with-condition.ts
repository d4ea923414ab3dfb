import type { MonoTypeOperatorFunction, Observable, ObservableInput, Subscriber } from 'rxjs';

import { Condition } from '../lib/index.js';
import { checkFunction, checkOptions } from '../lib/internal/checks/arguments.js';
import { refusal } from '../lib/internal/checks/copy.js';
import { ONE } from '../lib/internal/waiting/demand.js';
import { innerSubscriber } from '../lib/internal/delivery/inner-subscriber.js';
import { TaskSection } from '../lib/internal/tasks/task-section.js';
import { shown } from '../lib/internal/checks/shown.js';
import { boundOf } from '../lib/internal/tasks/until.js';
import { WaitObservable } from '../lib/internal/waiting/wait.js';
import { HELD, ENDED } from '../lib/internal/waiting/waiter.js';

/** Which waiters of the condition are notified when the section ends. */
export type Notify = 'one' | 'all' | 'none';

/** The options of {@link withCondition}. */
export interface WithConditionOptions {
  /** Which waiters of the condition are notified when the section ends. The default is `'all'`. */
  readonly notify?: Notify;
  /**
   * Bounds the wait, not the source. If `until` emits before the source is subscribed to, RxJS's `TimeoutError` goes
   * downstream.
   */
  readonly until?: ObservableInput<unknown>;
}

/**
 * Acquires the lock of `condition`, waits until `predicate()` is true, and runs the source while holding the lock. It
 * notifies the waiters of the condition before it releases the lock.
 *
 * ```
 * predicate     false   true
 * …             --------x
 * source                --a--b--|
 * the result    ----------a--b--|
 * the others                    notified
 * ```
 *
 * **Order.** As with `Condition.waitFor`: first come, first served, behind the waiters that are in the lock's queue already.
 * When the source ends, it is torn down, the waiters are notified, and the lock is released. Then downstream is notified, and
 * then the next waiter is woken.
 *
 * **Cancel safety.** Unsubscribing or an error during a wait, for the lock or for the predicate, leaves the queue and notifies
 * no waiter. A notification that the cancelled waiter had consumed goes to the next waiter. While the source runs, both tear
 * it down, notify, and release the lock.
 *
 * **Python.** `async with condition: await condition.wait_for(predicate); …; condition.notify_all()`.
 *
 * @example
 * const buffer: string[] = [];
 * const changed = new Condition();
 *
 * const put = (item: string) =>
 *   defer(() => of(buffer.push(item))).pipe(withCondition(changed, () => buffer.length < 2));
 * const take = defer(() => of(buffer.shift())).pipe(withCondition(changed, () => buffer.length > 0));
 *
 * take.subscribe(console.log);
 * put('a letter').subscribe();
 *
 * @param predicate - called while the lock is held. An error that it throws goes downstream.
 * @throws TypeError at the call, if `condition` is not a condition, if `predicate` is not a function, and for an unknown
 * `notify`. {@link ClosedError}, {@link QueueFullError} and {@link CancelledError} downstream.
 */
export function withCondition<T>(
  condition: Condition,
  predicate: () => unknown,
  options: WithConditionOptions = {},
): MonoTypeOperatorFunction<T> {
  checkOptions('withCondition', options, ['notify', 'until'] satisfies (keyof WithConditionOptions)[]);
  const { notify = 'all', until } = options;
  checkArguments(condition, predicate, notify);
  const plan: Plan = { condition, predicate, notify, until: boundOf(until) };
  return (source) =>
    new WaitObservable((subscriber) => {
      new ConditionSection(subscriber, source, plan).start(condition);
    });
}

const audiences: readonly string[] = ['one', 'all', 'none'] satisfies Notify[];

function checkArguments(condition: unknown, predicate: unknown, notify: string): void {
  if (!(condition instanceof Condition)) {
    throw refusal('withCondition', 'a Condition', condition);
  }
  checkFunction('predicate', predicate);
  if (!audiences.includes(notify)) {
    throw new TypeError(`notify must be 'one', 'all' or 'none', but is ${shown(notify)}`);
  }
}

/** What all subscriptions to one call of the operator share. */
interface Plan {
  readonly condition: Condition;
  readonly predicate: () => unknown;
  readonly notify: Notify;
  readonly until: Observable<unknown> | undefined;
}

/** A section that waits for its predicate between the grant of the lock and the start of the task. */
class ConditionSection<T> extends TaskSection<T> {
  /** The subscription to `condition.waitFor(predicate)`. */
  private waiting: Subscriber<unknown> | undefined = undefined;

  constructor(
    subscriber: Subscriber<T>,
    source: Observable<T>,
    private readonly plan: Plan,
  ) {
    super(ONE, subscriber, plan.until, () => source);
  }

  /** Notifies before it releases, if it holds the lock. */
  override commitRelease(): void {
    const { condition, notify } = this.plan;
    if (this.phase === HELD && notify !== 'none') {
      condition.wake(notify === 'one' ? 1 : condition.waiting);
      condition.admitNextOfBoth();
    }
    super.commitRelease();
  }

  protected override granted(): void {
    const { condition, predicate } = this.plan;
    this.waiting = innerSubscriber<unknown>({
      next: () => {
        this.startTask();
      },
      error: (error: unknown) => {
        this.error(error);
      },
      complete: () => undefined,
    });
    // Stryker disable next-line ObjectLiteral: this section holds the lock, so waitFor() finds its permit without the option too
    condition.waitFor(predicate, { permit: this.toPermit() }).subscribe(this.waiting);
  }

  protected override cancelWait(error: unknown): void {
    if (this.isPending()) {
      super.cancelWait(error);
    } else if (this.phase !== ENDED) {
      this.fail(error);
    }
  }

  override tearDown(): void {
    try {
      this.waiting?.unsubscribe();
    } finally {
      super.tearDown();
    }
  }
}
