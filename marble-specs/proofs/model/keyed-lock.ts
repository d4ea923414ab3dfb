import { Observable, type Subscriber } from 'rxjs';

import { Acquisition, NO_SUBSCRIBER, type PermitSource, type ModelPermit } from './permits.js';
import { isSame, ModelPrimitive, type Ending, type ModelOptions } from './primitive.js';
import { append, deliver, deliverNow } from './delivery.js';

/** A keyed lock in its simplest form: to find the next waiters, it looks at all of them in the order of their arrival. */
export class ModelKeyedLock extends ModelPrimitive<ModelPermit> {
  /** The keys of all waiters and holders there have been. */
  private readonly wanted = new Map<ModelPermit, readonly string[]>();

  /** The holders, and the waiters with a grant that is not delivered yet. */
  private holders: ModelPermit[] = [];

  /** The observers of keys. */
  private views: KeyView[] = [];

  constructor(options: ModelOptions = {}) {
    super(options);
  }

  get(key: string): ModelSide {
    return new ModelSide(this, [key]);
  }

  all(keys: Iterable<string>): ModelSide {
    return new ModelSide(this, [...keys]);
  }

  isFree(keys: readonly string[]): boolean {
    const used = [...this.holders, ...this.queue].flatMap((each) => this.keysOf(each));
    return !keys.some((key) => used.includes(key));
  }

  enqueueFor(permit: ModelPermit, keys: readonly string[]): void {
    this.wanted.set(permit, keys);
    this.enqueue(permit);
  }

  grant(permit: ModelPermit, keys: readonly string[]): void {
    this.wanted.set(permit, keys);
    permit.resource = this;
    permit.phase = 'granted';
    this.holders.push(permit);
    this.publish();
  }

  /** Subscribes an observer to the state of some keys. */
  observe(keys: readonly string[], subscriber: Subscriber<object>): void {
    if (this.ending !== undefined) {
      if (typeof this.ending === 'object') {
        subscriber.error(this.ending.error);
      } else {
        subscriber.complete();
      }
      return;
    }
    const view: KeyView = { keys, subscriber, latest: this.stateOf(keys), isOver: false };
    this.views.push(view);
    subscriber.add(() => {
      this.views = this.views.filter((each) => each !== view);
    });
    subscriber.next(view.latest);
  }

  override publish(): void {
    super.publish();
    for (const view of this.views) {
      const state = this.stateOf(view.keys);
      if (!view.isOver && !isSame(state, view.latest)) {
        view.latest = state;
        append(() => {
          view.subscriber.next(state);
        });
      }
    }
  }

  override close(ending: Ending): void {
    super.close(ending);
    this.views.forEach((view) => {
      this.endView(view, ending);
    });
  }

  private endView(view: KeyView, ending: Ending): void {
    if (view.isOver) {
      return;
    }
    view.isOver = true;
    append(() => {
      if (typeof ending === 'object') {
        view.subscriber.error(ending.error);
      } else {
        view.subscriber.complete();
      }
    });
  }

  private stateOf(keys: readonly string[]): object {
    const waiting = this.queue.filter((each) => this.keysOf(each).some((key) => keys.includes(key)));
    return { locked: !this.isFree(keys), waiting: waiting.length };
  }

  protected snapshot(): object {
    const used = [...this.holders, ...this.queue].flatMap((each) => this.keysOf(each));
    return { keys: new Set(used).size, waiting: this.waiting };
  }

  /** Grants each waiter that shares no key with a holder or an earlier waiter. */
  protected grantNext(): ModelPermit[] {
    const taken = this.holders.flatMap((each) => this.keysOf(each));
    const granted: ModelPermit[] = [];
    for (const permit of this.queue) {
      const keys = this.keysOf(permit);
      if (!keys.some((key) => taken.includes(key))) {
        permit.phase = 'granted';
        granted.push(permit);
      }
      taken.push(...keys);
    }
    this.queue = this.queue.filter((each) => !granted.includes(each));
    this.holders.push(...granted);
    return granted;
  }

  protected takeBack(permit: ModelPermit): void {
    this.holders = this.holders.filter((each) => each !== permit);
  }

  private keysOf(permit: ModelPermit): readonly string[] {
    return this.wanted.get(permit) ?? [];
  }
}

/** One observer of some keys. */
interface KeyView {
  readonly keys: readonly string[];
  readonly subscriber: Subscriber<object>;
  latest: object;
  isOver: boolean;
}

/** Some keys of a lock. */
class ModelSide extends Observable<object> implements PermitSource {
  constructor(
    private readonly locks: ModelKeyedLock,
    private readonly keys: readonly string[],
  ) {
    super((subscriber) => {
      locks.observe(keys, subscriber);
    });
  }

  acquire(): Observable<ModelPermit> {
    return new Observable((subscriber) => {
      this.enter(new Acquisition(1, subscriber));
    });
  }

  tryAcquire(): ModelPermit | null {
    this.check(1);
    if (this.locked()) {
      return null;
    }
    const permit = new Acquisition(1, NO_SUBSCRIBER);
    this.locks.grant(permit, this.keys);
    deliver();
    permit.phase = 'held';
    return permit;
  }

  locked(): boolean {
    return !this.locks.isFree(this.keys);
  }

  enter(permit: ModelPermit): void {
    if (this.mustWait(permit)) {
      this.locks.enqueueFor(permit, this.keys);
    }
  }

  mustWait(permit: ModelPermit): boolean {
    this.check(permit.weight);
    if (permit.subscriber.closed) {
      return false;
    }
    if (this.locked()) {
      return true;
    }
    this.locks.grant(permit, this.keys);
    deliverNow(() => {
      this.locks.deliverGrant(permit);
    });
    return false;
  }

  private check(weight: number): void {
    this.locks.checkOpen();
    if (weight > 1) {
      throw new RangeError();
    }
  }
}
