import { Observable, type Subscriber } from 'rxjs';

import { fail, ModelError, ModelPrimitive, PlainWaiter, type ModelOptions, type Waiter } from './primitive.js';
import { stoppable } from './stoppable.js';
import { deliver, deliverNow } from './delivery.js';

/** A waiter in the queue of a lock: for a new permit, or for the permit that it had before it waited for a condition. */
export interface LockWaiter extends Waiter {
  readonly priority: number;
  readonly permit: ModelPermit;
}

/** A waiter for a permit, and the permit itself. */
export abstract class ModelPermit extends PlainWaiter<unknown> implements LockWaiter {
  /** Ends the wait for which the permit is suspended. */
  endWait: (() => void) | undefined;

  constructor(
    weight: number,
    subscriber: Subscriber<unknown>,
    readonly priority = 0,
  ) {
    super(subscriber, weight);
  }

  get permit(): this {
    return this;
  }

  get released(): boolean {
    return this.phase === 'ended';
  }

  release(): void {
    this.commitRelease();
    deliver();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  commitRelease(): void {
    if (this.phase === 'held') {
      this.phase = 'ended';
      this.resource?.releaseFrom(this);
    } else if (this.phase === 'suspended') {
      this.endWait?.();
    }
  }

  /** Commits that the permit is lost. Returns the notifications that follow. */
  commitLoss(): (() => void)[] {
    this.phase = 'ended';
    this.endWait = undefined;
    return [];
  }
}

export class Acquisition extends ModelPermit {
  onGrant(): void {
    this.subscriber.next(this);
    this.subscriber.complete();
  }
}

/** The subscriber of a permit from `tryAcquire()`. */
export const NO_SUBSCRIBER = stoppable<unknown>({ next: () => undefined, error: () => undefined, complete: () => undefined });

/** The weight, or the weight and the priority. */
type ModelDemand = number | { readonly weight?: number; readonly priority?: number };

function demandOf(wanted: ModelDemand = 1): { weight: number; priority: number } {
  return { weight: 1, priority: 0, ...(typeof wanted === 'number' ? { weight: wanted } : wanted) };
}

/** Gives permits. */
export interface PermitSource {
  /** Grants immediately, or enqueues. */
  enter(permit: ModelPermit): void;
  /** Grants immediately, or returns that the permit would have to wait. */
  mustWait(permit: ModelPermit): boolean;
}

/** A primitive that is acquired. */
abstract class ModelAcquirable extends ModelPrimitive<LockWaiter> implements PermitSource {
  acquire(wanted?: ModelDemand): Observable<ModelPermit> {
    const { weight, priority } = demandOf(wanted);
    return new Observable((subscriber) => {
      this.enter(new Acquisition(weight, subscriber, priority));
    });
  }

  tryAcquire(wanted?: ModelDemand): ModelPermit | null {
    const { weight, priority } = demandOf(wanted);
    this.check(weight);
    const permit = new Acquisition(weight, NO_SUBSCRIBER, priority);
    if (!this.isFreeFor(permit)) {
      return null;
    }
    this.grant(permit);
    deliver();
    permit.phase = 'held';
    return permit;
  }

  enter(permit: ModelPermit): void {
    if (this.mustWait(permit)) {
      this.enqueue(permit, () => {
        this.check(permit.weight);
      });
    }
  }

  mustWait(permit: ModelPermit): boolean {
    this.check(permit.weight);
    if (permit.subscriber.closed) {
      return false;
    }
    if (!this.isFreeFor(permit)) {
      return true;
    }
    this.grant(permit);
    deliverNow(() => {
      this.deliverGrant(permit);
    });
    return false;
  }

  protected abstract isFree(weight: number): boolean;

  protected abstract take(waiter: LockWaiter): void;

  protected check(_weight: number): void {
    this.checkOpen();
  }

  protected grantNext(): LockWaiter[] {
    const granted: LockWaiter[] = [];
    for (let [head] = this.queue; head !== undefined && this.isFree(head.weight); [head] = this.queue) {
      this.queue.shift();
      head.phase = 'granted';
      this.take(head);
      granted.push(head);
    }
    return granted;
  }

  /** Whether a new waiter would be the head of the queue. */
  protected isFirst(_permit: ModelPermit): boolean {
    return this.queue.length === 0;
  }

  private isFreeFor(permit: ModelPermit): boolean {
    return this.isFirst(permit) && this.isFree(permit.weight);
  }

  private grant(permit: ModelPermit): void {
    permit.resource = this;
    permit.phase = 'granted';
    this.take(permit);
    this.publish();
  }
}

export class ModelLock extends ModelAcquirable {
  holder: ModelPermit | undefined;
  /** The conditions that have waiters, which have to acquire this lock again. */
  readonly conditions = new Set<ModelPrimitive>();

  constructor(options: ModelOptions = {}) {
    super(options);
  }

  locked(): boolean {
    return this.holder !== undefined;
  }

  release(): void {
    this.holding().release();
  }

  /** The permit of the holder. */
  holding(): ModelPermit {
    if (this.holder?.phase !== 'held') {
      throw new ModelError('NotAcquiredError');
    }
    return this.holder;
  }

  protected snapshot(): object {
    return { locked: this.locked(), waiting: this.waiting };
  }

  protected isFree(): boolean {
    return this.holder === undefined;
  }

  protected take({ permit }: LockWaiter): void {
    this.holder = permit;
  }

  protected takeBack(): void {
    this.holder = undefined;
  }

  protected override queuesToClose(): ModelPrimitive[] {
    return [this, ...this.conditions];
  }
}

export class ModelSemaphore extends ModelAcquirable {
  protected free: number;

  constructor(value = 1, options: ModelOptions = {}) {
    super(options);
    this.free = value;
  }

  get available(): number {
    return Math.max(0, this.free);
  }

  locked(): boolean {
    return this.free <= 0 || this.waiting > 0;
  }

  release(n = 1): void {
    this.free += n;
    this.admitNext();
    deliver();
  }

  protected snapshot(): object {
    return { available: this.available, waiting: this.waiting };
  }

  protected isFree(weight: number): boolean {
    return weight <= this.free;
  }

  protected override isFirst({ priority }: ModelPermit): boolean {
    return this.queue.every((each) => each.priority < priority);
  }

  protected override insert(waiter: LockWaiter): void {
    const before = this.queue.filter((each) => each.priority >= waiter.priority);
    const behind = this.queue.filter((each) => each.priority < waiter.priority);
    this.queue = [...before, waiter, ...behind];
  }

  protected take({ weight }: LockWaiter): void {
    this.free -= weight;
  }

  protected takeBack({ weight }: LockWaiter): void {
    this.free += weight;
  }
}

export class ModelBoundedSemaphore extends ModelSemaphore {
  bound: number;
  /** All permits there have been. */
  private readonly permits: LockWaiter[] = [];

  constructor(value = 1, options: ModelOptions = {}) {
    super(value, options);
    this.bound = value;
  }

  override release(n = 1): void {
    if (n > this.bound - this.free) {
      throw new ModelError('OverReleaseError');
    }
    if (n > this.held()) {
      throw new ModelError('NotAcquiredError');
    }
    super.release(n);
  }

  resize(bound: number): void {
    this.free += bound - this.bound;
    this.bound = bound;
    const unfit = this.queue.filter(({ weight }) => !this.canFit(weight));
    this.queue = this.queue.filter(({ weight }) => this.canFit(weight));
    const notifications = unfit.flatMap((waiter) => [
      () => {
        fail(waiter, new RangeError());
      },
      ...waiter.commitCancel(),
    ]);
    this.admitNext(notifications);
    deliver();
  }

  protected override check(weight: number): void {
    super.check(weight);
    if (!this.canFit(weight)) {
      throw new RangeError();
    }
  }

  /** A bound of 0 is a pause: a later bound decides. */
  private canFit(weight: number): boolean {
    return this.bound === 0 || weight <= this.bound;
  }

  protected override take(waiter: LockWaiter): void {
    super.take(waiter);
    this.permits.push(waiter);
  }

  /** Units that `release(n)` has returned already are not returned again. */
  protected override takeBack({ weight }: LockWaiter): void {
    this.free += Math.min(weight, this.held());
  }

  /** The units that are neither free nor granted and undelivered. */
  private held(): number {
    const undelivered = this.permits.filter(({ phase }) => phase === 'granted');
    return undelivered.reduce((rest, { weight }) => rest - weight, this.bound - this.free);
  }
}
