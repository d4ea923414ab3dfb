import { distinctUntilChanged, map, Observable } from 'rxjs';

import { Acquisition, NOBODY, type ModelDoor, type ModelPermit } from './permits.js';
import { isSame, ModelError, ModelPrimitive, type ModelOptions } from './primitive.js';
import { deliver, deliverNow } from './turn.js';

type Purpose = 'read' | 'write';

interface State {
  readonly readers: number;
  readonly writing: boolean;
  readonly waiting: number;
}

/** Many who read, or one who writes. It writes down what each came for, and counts when it has to know. */
export class ModelReadWriteLock extends ModelPrimitive<ModelPermit> {
  readonly read = new ModelSide(this, 'read');
  readonly write = new ModelSide(this, 'write');
  /** What those in line came for. */
  readonly wants = new Map<ModelPermit, Purpose>();
  /** What those do who are inside, or promised to be. */
  private readonly does = new Map<ModelPermit, Purpose>();

  constructor(options: ModelOptions = {}) {
    super(options);
  }

  /** Whether one who has nobody before it could go in. */
  canGoIn(purpose: Purpose): boolean {
    return purpose === 'write' ? this.does.size === 0 : this.count('write') === 0;
  }

  goesIn(permit: ModelPermit, purpose: Purpose): void {
    permit.home = this;
    permit.standing = 'promised';
    this.does.set(permit, purpose);
  }

  downgrade(permit: object): void {
    const inside = [...this.does.keys()].find((each) => each === permit);
    if (inside === undefined) {
      throw new ModelError('NotAcquiredError');
    }
    if (this.does.get(inside) === 'write') {
      this.does.set(inside, 'read');
      this.settle();
      deliver();
    }
  }

  protected snapshot(): State {
    return { readers: this.count('read'), writing: this.count('write') === 1, waiting: this.waiting };
  }

  protected admit(): ModelPermit[] {
    const going: ModelPermit[] = [];
    for (let [head] = this.line; head !== undefined; [head] = this.line) {
      const purpose = this.wants.get(head) ?? 'read';
      if (!this.canGoIn(purpose)) {
        break;
      }
      this.line.shift();
      this.goesIn(head, purpose);
      going.push(head);
    }
    return going;
  }

  protected takeBack(permit: ModelPermit): void {
    this.does.delete(permit);
  }

  private count(purpose: Purpose): number {
    return [...this.does.values()].filter((each) => each === purpose).length;
  }
}

export class ModelSide extends Observable<object> implements ModelDoor {
  constructor(
    private readonly lock: ModelReadWriteLock,
    private readonly purpose: Purpose,
  ) {
    super((subscriber) => {
      const isInTheWay = ({ readers, writing, waiting }: State): boolean =>
        writing || waiting > 0 || (purpose === 'write' && readers > 0);
      return lock
        .pipe(
          map((state) => ({ locked: isInTheWay(state as State), waiting: (state as State).waiting })),
          distinctUntilChanged(isSame),
        )
        .subscribe(subscriber);
    });
  }

  locked(): boolean {
    return this.lock.waiting > 0 || !this.lock.canGoIn(this.purpose);
  }

  acquire(): Observable<ModelPermit> {
    return new Observable((subscriber) => {
      this.enter(new Acquisition(1, subscriber));
    });
  }

  tryAcquire(): ModelPermit | null {
    this.lock.checkOpen();
    if (this.locked()) {
      return null;
    }
    const permit = new Acquisition(1, NOBODY);
    this.goesIn(permit);
    deliver();
    permit.standing = 'inside';
    return permit;
  }

  enter(permit: ModelPermit): void {
    if (this.mustWait(permit)) {
      this.lock.wants.set(permit, this.purpose);
      this.lock.park(permit);
    }
  }

  mustWait(permit: ModelPermit): boolean {
    this.lock.checkOpen();
    if (permit.subscriber.closed) {
      return false;
    }
    if (this.locked()) {
      return true;
    }
    this.goesIn(permit);
    deliverNow(() => {
      this.lock.tell(permit);
    });
    return false;
  }

  private goesIn(permit: ModelPermit): void {
    this.lock.goesIn(permit, this.purpose);
    this.lock.publish();
  }
}
