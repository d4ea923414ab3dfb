import { distinctUntilChanged, map, Observable } from 'rxjs';

import { Acquisition, NO_SUBSCRIBER, type PermitSource, type ModelPermit } from './permits.js';
import { isSame, ModelError, ModelPrimitive, type ModelOptions } from './primitive.js';
import { deliver, deliverNow } from './delivery.js';

type Purpose = 'read' | 'write';

interface State {
  readonly readers: number;
  readonly writing: boolean;
  readonly waiting: number;
}

/** Many readers, or one writer. It stores the purpose of each permit, and counts when it needs a number. */
export class ModelReadWriteLock extends ModelPrimitive<ModelPermit> {
  readonly read = new ModelSide(this, 'read');
  readonly write = new ModelSide(this, 'write');
  /** The purposes of the waiters. */
  readonly wanted = new Map<ModelPermit, Purpose>();
  /** The purposes of the holders, and of the waiters with a grant that is not delivered yet. */
  private readonly holders = new Map<ModelPermit, Purpose>();

  constructor(options: ModelOptions = {}) {
    super(options);
  }

  /** Whether a permit could be granted if the queue were empty. */
  isFreeFor(purpose: Purpose): boolean {
    return purpose === 'write' ? this.holders.size === 0 : this.count('write') === 0;
  }

  grant(permit: ModelPermit, purpose: Purpose): void {
    permit.resource = this;
    permit.phase = 'granted';
    this.holders.set(permit, purpose);
  }

  downgrade(permit: object): void {
    const holder = [...this.holders.keys()].find((each) => each === permit);
    if (holder === undefined) {
      throw new ModelError('NotAcquiredError');
    }
    if (this.holders.get(holder) === 'write') {
      this.holders.set(holder, 'read');
      this.admitNext();
      deliver();
    }
  }

  protected snapshot(): State {
    return { readers: this.count('read'), writing: this.count('write') === 1, waiting: this.waiting };
  }

  protected grantNext(): ModelPermit[] {
    const granted: ModelPermit[] = [];
    for (let [head] = this.queue; head !== undefined; [head] = this.queue) {
      const purpose = this.wanted.get(head) ?? 'read';
      if (!this.isFreeFor(purpose)) {
        break;
      }
      this.queue.shift();
      this.grant(head, purpose);
      granted.push(head);
    }
    return granted;
  }

  protected takeBack(permit: ModelPermit): void {
    this.holders.delete(permit);
  }

  private count(purpose: Purpose): number {
    return [...this.holders.values()].filter((each) => each === purpose).length;
  }
}

export class ModelSide extends Observable<object> implements PermitSource {
  constructor(
    private readonly lock: ModelReadWriteLock,
    private readonly purpose: Purpose,
  ) {
    super((subscriber) => {
      const isLocked = ({ readers, writing, waiting }: State): boolean =>
        writing || waiting > 0 || (purpose === 'write' && readers > 0);
      return lock
        .pipe(
          map((state) => ({ locked: isLocked(state as State), waiting: (state as State).waiting })),
          distinctUntilChanged(isSame),
        )
        .subscribe(subscriber);
    });
  }

  locked(): boolean {
    return this.lock.waiting > 0 || !this.lock.isFreeFor(this.purpose);
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
    const permit = new Acquisition(1, NO_SUBSCRIBER);
    this.grant(permit);
    deliver();
    permit.phase = 'held';
    return permit;
  }

  enter(permit: ModelPermit): void {
    if (this.mustWait(permit)) {
      this.lock.wanted.set(permit, this.purpose);
      this.lock.enqueue(permit);
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
    this.grant(permit);
    deliverNow(() => {
      this.lock.deliverGrant(permit);
    });
    return false;
  }

  private grant(permit: ModelPermit): void {
    this.lock.grant(permit, this.purpose);
    this.lock.publish();
  }
}
