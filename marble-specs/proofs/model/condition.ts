import { from, Observable, type ObservableInput, type Subscriber, type Subscription } from 'rxjs';

import { contextOfNow, HERE } from './context.js';
import { ModelLock, type Contender, type ModelDoor, type ModelPermit } from './permits.js';
import { fail, leave, ModelError, ModelPrimitive, type ModelOptions, type Standing } from './primitive.js';
import { stoppable } from './stoppable.js';
import { deliver, holding } from './turn.js';

export interface ModelWaitOptions {
  readonly until?: ObservableInput<unknown>;
  readonly permit?: unknown;
}

export class ModelCondition extends ModelPrimitive<Sleeper> implements ModelDoor {
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
      new Sleeper(subscriber, this, undefined).start(options);
    });
  }

  waitFor<T>(predicate: () => T, options: ModelWaitOptions = {}): Observable<T> {
    return new Observable((subscriber) => {
      new Sleeper(subscriber, this, predicate).start(options);
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

  /** Commits that the first `n` are notified: they stand at the end of the lock's line. */
  wake(n: number): void {
    for (const sleeper of this.line.splice(0, n)) {
      sleeper.notified = true;
      this.repark(sleeper);
    }
  }

  /** One goes on without a notification. */
  wakeUnnotified(sleeper: Sleeper): void {
    this.line = this.line.filter((each) => each !== sleeper);
    this.repark(sleeper);
    this.settleBoth();
  }

  settleBoth(): void {
    this.settle();
    this.lock.settle();
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

  protected admit(): [] {
    if (this.waiting === 0) {
      this.lock.conditions.delete(this);
    }
    return [];
  }

  protected takeBack(): void {
    // Nobody takes anything from a condition.
  }

  private repark(sleeper: Sleeper): void {
    sleeper.home = this.lock;
    this.lock.line.push(sleeper);
  }
}

/** One who sleeps in a condition, for the permit that it suspends. */
class Sleeper implements Contender {
  readonly weight = 1;
  readonly priority = 0;
  standing: Standing = 'outside';
  home: ModelPrimitive | undefined;
  context = HERE;
  permit!: ModelPermit;
  notified = false;
  private expired = false;
  private broken: { readonly error: unknown } | undefined;
  private watching: Subscription | undefined;

  constructor(
    readonly subscriber: Subscriber<unknown>,
    private readonly condition: ModelCondition,
    private readonly predicate: (() => unknown) | undefined,
  ) {}

  start({ permit, until }: ModelWaitOptions): void {
    const { condition } = this;
    if (this.hasLeft()) {
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
    if (this.hasLeft()) {
      return;
    }
    this.sleep();
    if (until !== undefined && !this.isOver()) {
      this.watch(from(until));
    }
  }

  attach(): void {
    this.subscriber.add(this);
  }

  unsubscribe(): void {
    if (this.standing === 'inside') {
      this.leaveInside();
    } else {
      leave(this);
    }
    this.watching?.unsubscribe();
  }

  withdraw(): (() => void)[] {
    this.standing = 'gone';
    this.passOn();
    return this.permit.spend();
  }

  announce(): void {
    if (this.notified) {
      this.condition.settle();
    }
  }

  failed(error: unknown): void {
    try {
      this.watching?.unsubscribe();
    } finally {
      this.subscriber.error(error);
    }
  }

  granted(): void {
    this.permit.standing = 'inside';
    this.permit.resign = undefined;
    let value: unknown = this.notified;
    if (this.predicate !== undefined) {
      try {
        value = this.predicate();
        if (this.isInside() && !value && !this.expired) {
          if (this.broken !== undefined) {
            throw this.broken.error;
          }
          this.sleep();
          return;
        }
      } catch (error) {
        if (this.isInside()) {
          this.standing = 'gone';
          this.passOn();
          this.condition.settleBoth();
          this.failed(error);
        }
        return;
      }
    }
    try {
      this.watching?.unsubscribe();
    } finally {
      if (this.isInside()) {
        this.emit(value);
      }
    }
  }

  private hasLeft(): boolean {
    return this.subscriber.closed;
  }

  private isInside(): boolean {
    return this.standing === 'inside';
  }

  private isOver(): boolean {
    return this.standing === 'gone';
  }

  private emit(value: unknown): void {
    this.standing = 'gone';
    holding(() => {
      this.subscriber.next(value);
      this.subscriber.complete();
    });
  }

  /** Law 11: it stands in line first, and lets go of the lock then. */
  private sleep(): void {
    const { condition, permit } = this;
    condition.checkOpen();
    condition.lock.checkOpen();
    if (condition.lock.holding() !== permit) {
      throw new ModelError('NotAcquiredError');
    }
    this.notified = false;
    permit.standing = 'suspended';
    if (permit.context === HERE) {
      permit.context = this.context;
    }
    permit.resign = () => {
      leave(this, () => {
        fail(this, new ModelError('NotAcquiredError'));
      });
    };
    this.standing = 'waiting';
    this.home = condition;
    condition.line.push(this);
    condition.lock.conditions.add(condition);
    condition.publish();
    condition.lock.giveBack(permit);
    deliver();
  }

  /** Its subscriber left while it was inside its own predicate. */
  private leaveInside(): void {
    const { condition, permit } = this;
    const holdsIt = permit.standing === 'inside';
    this.standing = 'gone';
    this.passOn();
    const told = holdsIt ? permit.spend() : [];
    condition.settleBoth();
    if (holdsIt) {
      condition.lock.giveBack(permit, told);
    }
    deliver();
  }

  /** A notification that it cannot use goes to the next one. */
  private passOn(): void {
    if (this.notified) {
      this.condition.wake(1);
    }
  }

  private isAsleep(): boolean {
    return this.standing === 'waiting' && this.home === this.condition;
  }

  private watch(until: Observable<unknown>): void {
    const watching = stoppable<unknown>({
      next: () => {
        watching.unsubscribe();
        this.expired = true;
        if (this.isAsleep()) {
          this.condition.wakeUnnotified(this);
          deliver();
        }
      },
      error: (error: unknown) => {
        if (this.isAsleep()) {
          leave(this, () => {
            fail(this, error);
          });
        } else {
          this.broken = { error };
        }
      },
      complete: () => undefined,
    });
    this.watching = watching;
    until.subscribe(watching);
  }
}
