import { Observable, type Subscriber } from 'rxjs';

import { fail, ModelError, ModelPrimitive, PlainVisitor, type ModelOptions, type Visitor } from './primitive.js';
import { stoppable } from './stoppable.js';
import { deliver, deliverNow } from './turn.js';

/** One who can stand in the line of a lock: it comes for a permit, or comes back for the one it had. */
export interface Contender extends Visitor {
  readonly priority: number;
  readonly permit: ModelPermit;
}

/** One who comes for a permit, and is the permit. */
export abstract class ModelPermit extends PlainVisitor<unknown> implements Contender {
  /** Ends the wait for which it is suspended. */
  resign: (() => void) | undefined;

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
    return this.standing === 'gone';
  }

  release(): void {
    this.giveBack();
    deliver();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  giveBack(): void {
    if (this.standing === 'inside') {
      this.standing = 'gone';
      this.home?.giveBack(this);
    } else if (this.standing === 'suspended') {
      this.resign?.();
    }
  }

  /** Commits that it is lost; returns what others have to be told because of that. */
  spend(): (() => void)[] {
    this.standing = 'gone';
    this.resign = undefined;
    return [];
  }
}

export class Acquisition extends ModelPermit {
  granted(): void {
    this.subscriber.next(this);
    this.subscriber.complete();
  }
}

/** The subscriber of a permit that was asked for without subscribing. */
export const NOBODY = stoppable<unknown>({ next: () => undefined, error: () => undefined, complete: () => undefined });

/** So many units, or those and the priority of who wants them. */
type ModelDemand = number | { readonly weight?: number; readonly priority?: number };

function demandOf(wanted: ModelDemand = 1): { weight: number; priority: number } {
  return { weight: 1, priority: 0, ...(typeof wanted === 'number' ? { weight: wanted } : wanted) };
}

/** Where one goes for a permit. */
export interface ModelDoor {
  /** Lets one in, or puts it in line. */
  enter(permit: ModelPermit): void;
  /** Lets one in, or says that it would have to wait. */
  mustWait(permit: ModelPermit): boolean;
}

/** What is acquired. */
abstract class ModelAcquirable extends ModelPrimitive<Contender> implements ModelDoor {
  acquire(wanted?: ModelDemand): Observable<ModelPermit> {
    const { weight, priority } = demandOf(wanted);
    return new Observable((subscriber) => {
      this.enter(new Acquisition(weight, subscriber, priority));
    });
  }

  tryAcquire(wanted?: ModelDemand): ModelPermit | null {
    const { weight, priority } = demandOf(wanted);
    this.check(weight);
    const permit = new Acquisition(weight, NOBODY, priority);
    if (!this.isFreeFor(permit)) {
      return null;
    }
    this.promise(permit);
    deliver();
    permit.standing = 'inside';
    return permit;
  }

  enter(permit: ModelPermit): void {
    if (this.mustWait(permit)) {
      this.park(permit, () => {
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
    this.promise(permit);
    deliverNow(() => {
      this.tell(permit);
    });
    return false;
  }

  protected abstract isFree(weight: number): boolean;

  protected abstract take(visitor: Contender): void;

  protected check(_weight: number): void {
    this.checkOpen();
  }

  protected admit(): Contender[] {
    const going: Contender[] = [];
    for (let [head] = this.line; head !== undefined && this.isFree(head.weight); [head] = this.line) {
      this.line.shift();
      head.standing = 'promised';
      this.take(head);
      going.push(head);
    }
    return going;
  }

  /** Whether one would stand at the head of the line. */
  protected isFirst(_permit: ModelPermit): boolean {
    return this.line.length === 0;
  }

  private isFreeFor(permit: ModelPermit): boolean {
    return this.isFirst(permit) && this.isFree(permit.weight);
  }

  private promise(permit: ModelPermit): void {
    permit.home = this;
    permit.standing = 'promised';
    this.take(permit);
    this.publish();
  }
}

export class ModelLock extends ModelAcquirable {
  holder: ModelPermit | undefined;
  /** The conditions that somebody waits for who has to come back to this lock. */
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

  /** The permit that is inside. */
  holding(): ModelPermit {
    if (this.holder?.standing !== 'inside') {
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

  protected take({ permit }: Contender): void {
    this.holder = permit;
  }

  protected takeBack(): void {
    this.holder = undefined;
  }

  protected override linesToClose(): ModelPrimitive[] {
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
    this.settle();
    deliver();
  }

  protected snapshot(): object {
    return { available: this.available, waiting: this.waiting };
  }

  protected isFree(weight: number): boolean {
    return weight <= this.free;
  }

  protected override isFirst({ priority }: ModelPermit): boolean {
    return this.line.every((each) => each.priority < priority);
  }

  protected override lineUp(visitor: Contender): void {
    const before = this.line.filter((each) => each.priority >= visitor.priority);
    const behind = this.line.filter((each) => each.priority < visitor.priority);
    this.line = [...before, visitor, ...behind];
  }

  protected take({ weight }: Contender): void {
    this.free -= weight;
  }

  protected takeBack({ weight }: Contender): void {
    this.free += weight;
  }
}

export class ModelBoundedSemaphore extends ModelSemaphore {
  bound: number;
  /** All who ever took something. */
  private readonly takers: Contender[] = [];

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
    const unfit = this.line.filter(({ weight }) => !this.canEverHave(weight));
    this.line = this.line.filter(({ weight }) => this.canEverHave(weight));
    const told = unfit.flatMap((visitor) => [
      () => {
        fail(visitor, new RangeError());
      },
      ...visitor.withdraw(),
    ]);
    this.settle(told);
    deliver();
  }

  protected override check(weight: number): void {
    super.check(weight);
    if (!this.canEverHave(weight)) {
      throw new RangeError();
    }
  }

  /** With a bound of 0 it is paused, and a later bound decides. */
  private canEverHave(weight: number): boolean {
    return this.bound === 0 || weight <= this.bound;
  }

  protected override take(visitor: Contender): void {
    super.take(visitor);
    this.takers.push(visitor);
  }

  /** What `release(n)` has put back already is not put back again. */
  protected override takeBack({ weight }: Contender): void {
    this.free += Math.min(weight, this.held());
  }

  /** What is neither free nor promised. */
  private held(): number {
    const promised = this.takers.filter(({ standing }) => standing === 'promised');
    return promised.reduce((rest, { weight }) => rest - weight, this.bound - this.free);
  }
}
