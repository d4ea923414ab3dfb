import { Observable, type Subscriber } from 'rxjs';

import { Acquisition, NOBODY, type ModelDoor, type ModelPermit } from './permits.js';
import { isSame, ModelPrimitive, type Ending, type ModelOptions } from './primitive.js';
import { append, deliver, deliverNow } from './turn.js';

/** Locks by key, in their plainest form: to find out who can go, one asks everybody, in the order in which they came. */
export class ModelKeyedLock extends ModelPrimitive<ModelPermit> {
  /** What everyone wants who ever came. */
  private readonly wanted = new Map<ModelPermit, readonly string[]>();

  /** Who is inside, or has been promised to be. */
  private having: ModelPermit[] = [];

  /** Those who observe some keys. */
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
    const used = [...this.having, ...this.line].flatMap((each) => this.keysOf(each));
    return !keys.some((key) => used.includes(key));
  }

  comes(permit: ModelPermit, keys: readonly string[]): void {
    this.wanted.set(permit, keys);
    this.park(permit);
  }

  promise(permit: ModelPermit, keys: readonly string[]): void {
    this.wanted.set(permit, keys);
    permit.home = this;
    permit.standing = 'promised';
    this.having.push(permit);
    this.publish();
  }

  /** Shows some keys to one who observes them. */
  show(keys: readonly string[], subscriber: Subscriber<object>): void {
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
    const waiting = this.line.filter((each) => this.keysOf(each).some((key) => keys.includes(key)));
    return { locked: !this.isFree(keys), waiting: waiting.length };
  }

  protected snapshot(): object {
    const used = [...this.having, ...this.line].flatMap((each) => this.keysOf(each));
    return { keys: new Set(used).size, waiting: this.waiting };
  }

  /** Who shares no key with anybody who came before it and is still there. */
  protected admit(): ModelPermit[] {
    const taken = this.having.flatMap((each) => this.keysOf(each));
    const going: ModelPermit[] = [];
    for (const permit of this.line) {
      const keys = this.keysOf(permit);
      if (!keys.some((key) => taken.includes(key))) {
        permit.standing = 'promised';
        going.push(permit);
      }
      taken.push(...keys);
    }
    this.line = this.line.filter((each) => !going.includes(each));
    this.having.push(...going);
    return going;
  }

  protected takeBack(permit: ModelPermit): void {
    this.having = this.having.filter((each) => each !== permit);
  }

  private keysOf(permit: ModelPermit): readonly string[] {
    return this.wanted.get(permit) ?? [];
  }
}

/** What one observer sees of some keys. */
interface KeyView {
  readonly keys: readonly string[];
  readonly subscriber: Subscriber<object>;
  latest: object;
  isOver: boolean;
}

/** Some keys of a lock. */
class ModelSide extends Observable<object> implements ModelDoor {
  constructor(
    private readonly locks: ModelKeyedLock,
    private readonly keys: readonly string[],
  ) {
    super((subscriber) => {
      locks.show(keys, subscriber);
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
    const permit = new Acquisition(1, NOBODY);
    this.locks.promise(permit, this.keys);
    deliver();
    permit.standing = 'inside';
    return permit;
  }

  locked(): boolean {
    return !this.locks.isFree(this.keys);
  }

  enter(permit: ModelPermit): void {
    if (this.mustWait(permit)) {
      this.locks.comes(permit, this.keys);
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
    this.locks.promise(permit, this.keys);
    deliverNow(() => {
      this.locks.tell(permit);
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
