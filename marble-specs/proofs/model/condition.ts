import { from, Observable, type ObservableInput, type Subscriber, type Subscription } from 'rxjs';

import { contextOfNow, HERE } from './context.js';
import { ModelLock, type LockWaiter, type PermitSource, type ModelPermit } from './permits.js';
import { fail, cancel, ModelError, ModelPrimitive, type ModelOptions, type Phase } from './primitive.js';
import { stoppable } from './stoppable.js';
import { deliver, holding } from './delivery.js';

export interface ModelWaitOptions {
  readonly until?: ObservableInput<unknown>;
  readonly permit?: unknown;
}

export class ModelCondition extends ModelPrimitive<ConditionWaiter> implements PermitSource {
  constructor(
    readonly lock: ModelLock = new ModelLock(),
    options: ModelOptions = {},
    private readonly ownsLock = true,
  ) {
    super(options);
  }

  enter(permit: ModelPermit): void {
    this.checkOpen();
    this.lock.enter(permit);
  }

  mustWait(permit: ModelPermit): boolean {
    this.checkOpen();
    return this.lock.mustWait(permit);
  }

  locked(): boolean {
    return this.lock.locked();
  }

  wait(options: ModelWaitOptions = {}): Observable<boolean> {
    return new Observable((subscriber) => {
      new ConditionWaiter(subscriber, this, undefined).start(options);
    });
  }

  waitFor<T>(predicate: () => T, options: ModelWaitOptions = {}): Observable<T> {
    return new Observable((subscriber) => {
      new ConditionWaiter(subscriber, this, predicate).start(options);
    });
  }

  notify(n = 1): void {
    this.lock.holding();
    this.wake(n);
    this.settleBoth();
    deliver();
  }

  notifyAll(): void {
    this.lock.holding();
    this.wake(this.waiting);
    this.settleBoth();
    deliver();
  }

  /** Commits that the first `n` waiters are notified: they move to the end of the lock's queue. */
  wake(n: number): void {
    for (const waiter of this.queue.splice(0, n)) {
      waiter.notified = true;
      this.moveToLock(waiter);
    }
  }

  /** Moves a waiter to the lock's queue without a notification. */
  moveUnnotified(waiter: ConditionWaiter): void {
    this.queue = this.queue.filter((each) => each !== waiter);
    this.moveToLock(waiter);
    this.settleBoth();
  }

  settleBoth(): void {
    this.admitNext();
    this.lock.admitNext();
  }

  override close(ending: { readonly error: unknown } | 'complete'): void {
    super.close(ending);
    if (this.ownsLock) {
      this.lock.close(ending);
    }
  }

  protected snapshot(): object {
    return { waiting: this.waiting };
  }

  protected grantNext(): [] {
    if (this.waiting === 0) {
      this.lock.conditions.delete(this);
    }
    return [];
  }

  protected takeBack(): void {
    // A condition has no holders.
  }

  private moveToLock(waiter: ConditionWaiter): void {
    waiter.resource = this.lock;
    this.lock.queue.push(waiter);
  }
}

/** A waiter of a condition, which suspends its permit meanwhile. */
class ConditionWaiter implements LockWaiter {
  readonly weight = 1;
  readonly priority = 0;
  phase: Phase = 'fresh';
  resource: ModelPrimitive | undefined;
  context = HERE;
  permit!: ModelPermit;
  notified = false;
  private expired = false;
  private untilError: { readonly error: unknown } | undefined;
  private watching: Subscription | undefined;

  constructor(
    readonly subscriber: Subscriber<unknown>,
    private readonly condition: ModelCondition,
    private readonly predicate: (() => unknown) | undefined,
  ) {}

  start({ permit, until }: ModelWaitOptions): void {
    const { condition } = this;
    if (this.isUnsubscribed()) {
      return;
    }
    condition.checkOpen();
    condition.lock.checkOpen();
    this.permit = condition.lock.holding();
    if (permit !== undefined && permit !== this.permit) {
      throw new ModelError('NotAcquiredError');
    }
    const value = this.predicate?.();
    if (value) {
      this.emit(value);
      return;
    }
    this.context = contextOfNow();
    condition.checkRoom();
    this.attach();
    if (this.isUnsubscribed()) {
      return;
    }
    this.suspend();
    if (until !== undefined && !this.isOver()) {
      this.watch(from(until));
    }
  }

  attach(): void {
    this.subscriber.add(this);
  }

  unsubscribe(): void {
    if (this.phase === 'held') {
      this.unsubscribeInPredicate();
    } else {
      cancel(this);
    }
    this.watching?.unsubscribe();
  }

  commitCancel(): (() => void)[] {
    this.phase = 'ended';
    this.passNotificationOn();
    return this.permit.commitLoss();
  }

  publishOthers(): void {
    if (this.notified) {
      this.condition.admitNext();
    }
  }

  onFailure(error: unknown): void {
    try {
      this.watching?.unsubscribe();
    } finally {
      this.subscriber.error(error);
    }
  }

  onGrant(): void {
    this.permit.phase = 'held';
    this.permit.endWait = undefined;
    let value: unknown = this.notified;
    if (this.predicate !== undefined) {
      try {
        value = this.predicate();
        if (this.isHolding() && !value && !this.expired) {
          if (this.untilError !== undefined) {
            throw this.untilError.error;
          }
          this.suspend();
          return;
        }
      } catch (error) {
        if (this.isHolding()) {
          this.phase = 'ended';
          this.passNotificationOn();
          this.condition.settleBoth();
          this.onFailure(error);
        }
        return;
      }
    }
    try {
      this.watching?.unsubscribe();
    } finally {
      if (this.isHolding()) {
        this.emit(value);
      }
    }
  }

  private isUnsubscribed(): boolean {
    return this.subscriber.closed;
  }

  private isHolding(): boolean {
    return this.phase === 'held';
  }

  private isOver(): boolean {
    return this.phase === 'ended';
  }

  private emit(value: unknown): void {
    this.phase = 'ended';
    holding(() => {
      this.subscriber.next(value);
      this.subscriber.complete();
    });
  }

  /** Enqueues first, and then releases the lock, so that no notification is missed. */
  private suspend(): void {
    const { condition, permit } = this;
    condition.checkOpen();
    condition.lock.checkOpen();
    if (condition.lock.holding() !== permit) {
      throw new ModelError('NotAcquiredError');
    }
    this.notified = false;
    permit.phase = 'suspended';
    if (permit.context === HERE) {
      permit.context = this.context;
    }
    permit.endWait = () => {
      cancel(this, () => {
        fail(this, new ModelError('NotAcquiredError'));
      });
    };
    this.phase = 'queued';
    this.resource = condition;
    condition.queue.push(this);
    condition.lock.conditions.add(condition);
    condition.publish();
    condition.lock.releaseFrom(permit);
    deliver();
  }

  /** The subscriber has unsubscribed inside its own predicate. */
  private unsubscribeInPredicate(): void {
    const { condition, permit } = this;
    const holdsIt = permit.phase === 'held';
    this.phase = 'ended';
    this.passNotificationOn();
    const notifications = holdsIt ? permit.commitLoss() : [];
    condition.settleBoth();
    if (holdsIt) {
      condition.lock.releaseFrom(permit, notifications);
    }
    deliver();
  }

  /** Passes a notification that it cannot use to the next waiter. */
  private passNotificationOn(): void {
    if (this.notified) {
      this.condition.wake(1);
    }
  }

  private isAtCondition(): boolean {
    return this.phase === 'queued' && this.resource === this.condition;
  }

  private watch(until: Observable<unknown>): void {
    const watching = stoppable<unknown>({
      next: () => {
        watching.unsubscribe();
        this.expired = true;
        if (this.isAtCondition()) {
          this.condition.moveUnnotified(this);
          deliver();
        }
      },
      error: (error: unknown) => {
        if (this.isAtCondition()) {
          cancel(this, () => {
            fail(this, error);
          });
        } else {
          this.untilError = { error };
        }
      },
      complete: () => undefined,
    });
    this.watching = watching;
    until.subscribe(watching);
  }
}
