import { BehaviorSubject, Observable, type Subscriber } from 'rxjs';

import { contextOfNow, HERE, runIn, type ModelContext } from './context.js';
import { append, deliver, report } from './turn.js';

/** An error of the library, known by its name alone. */
export class ModelError extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

/** Where one who came stands. `promised`: it is its turn, and it has not been told yet. */
export type Standing = 'outside' | 'waiting' | 'promised' | 'inside' | 'suspended' | 'gone';

/** One who came. */
export interface Visitor {
  readonly subscriber: Subscriber<unknown>;
  readonly weight: number;
  standing: Standing;
  /** Where it waits, or what it is promised or holds. */
  home: ModelPrimitive | undefined;
  /** Where it came, if it had to wait: it hears in that context. */
  context: ModelContext;
  /** Its turn has come, and its context is restored next. */
  called?(): void;
  /** It hears that it is its turn. */
  granted(): void;
  /** It hears that it waited in vain. */
  failed(error: unknown): void;
  /** Commits that it goes without; returns what others have to be told because of that. */
  withdraw(): (() => void)[];
  /** Appends what has changed elsewhere because of that. */
  announce(): void;
  /** Sees to it that unsubscribing makes it leave. */
  attach(): void;
  /** It leaves, whatever it has by then. */
  unsubscribe(): void;
}

export interface ModelOptions {
  readonly maxWaiting?: number;
}

export type Ending = { readonly error: unknown } | 'complete';

/** What all have in common: a line of visitors, a state that is observed, and ways to end. */
export abstract class ModelPrimitive<V extends Visitor = Visitor> extends Observable<object> {
  line: V[] = [];
  private readonly maxWaiting: number;
  private readonly states = new BehaviorSubject<object>({});
  private latest: object = {};
  private underWay = 0;
  protected ending: Ending | undefined;

  constructor({ maxWaiting = Infinity }: ModelOptions) {
    super((observer) => {
      if (this.ending === undefined && !this.isSeen()) {
        this.states.next((this.latest = this.snapshot()));
      }
      return this.states.subscribe(observer);
    });
    this.maxWaiting = maxWaiting;
  }

  get value(): object {
    if (typeof this.ending === 'object') {
      throw this.ending.error;
    }
    return this.snapshot();
  }

  get waiting(): number {
    return this.line.length;
  }

  protected abstract snapshot(): object;

  /** Commits that those go who can go now; returns them. */
  protected abstract admit(): V[];

  /** Commits that what one was promised or held is free. */
  protected abstract takeBack(visitor: V): void;

  /** The lines that end with this one's. */
  protected linesToClose(): ModelPrimitive[] {
    return [this];
  }

  /** The second half of whatever is done: who can go goes, the state is new, `told` hear, and then those who go. */
  settle(told: (() => void)[] = []): void {
    const going = this.admit();
    this.publish();
    append(...told);
    for (const visitor of going) {
      append(() => {
        this.tell(visitor);
      });
    }
  }

  /** Appends the state, where somebody sees it and it is new. */
  publish(): void {
    if (this.ending !== undefined || !this.isSeen()) {
      return;
    }
    const state = this.snapshot();
    if (isSame(state, this.latest)) {
      return;
    }
    this.latest = state;
    this.underWay++;
    append(() => {
      this.underWay--;
      this.states.next(state);
    });
  }

  /** Takes one out of those who are promised or inside. */
  giveBack(visitor: V, told: (() => void)[] = []): void {
    this.takeBack(visitor);
    this.settle(told);
  }

  /** One hears that it is its turn, unless it has gone. */
  tell(visitor: V): void {
    if (visitor.standing !== 'promised') {
      return;
    }
    const goIn = (): void => {
      if (visitor.standing !== 'promised') {
        return; // it left as its context was restored
      }
      if (isGone(visitor.subscriber)) {
        visitor.unsubscribe();
        return;
      }
      visitor.standing = 'inside';
      visitor.granted();
    };
    visitor.called?.();
    runIn(visitor.context, goIn, (error) => {
      if (visitor.standing === 'promised') {
        leave(visitor, () => {
          visitor.failed(error);
        });
      } else {
        report(error);
      }
    });
  }

  /** Puts one at the end of the line, unless foreign code sees to it that it cannot come any more. */
  park(
    visitor: V,
    check = (): void => {
      this.checkOpen();
    },
  ): void {
    const context = contextOfNow();
    if (visitor.context === HERE) {
      visitor.context = context;
    }
    check();
    this.checkRoom();
    if (visitor.subscriber.closed) {
      return;
    }
    visitor.attach();
    visitor.home = this;
    visitor.standing = 'waiting';
    this.lineUp(visitor);
    this.settle();
    deliver();
  }

  protected lineUp(visitor: V): void {
    this.line.push(visitor);
  }

  checkRoom(): void {
    if (this.line.length >= this.maxWaiting) {
      throw new ModelError('QueueFullError');
    }
  }

  checkOpen(): void {
    if (this.ending !== undefined) {
      throw typeof this.ending === 'object' ? this.ending.error : new ModelError('ClosedError');
    }
  }

  cancelWaiters(reason: unknown = new ModelError('CancelledError')): void {
    this.sendAway([this], reason);
    deliver();
  }

  complete(): void {
    this.close('complete');
    deliver();
  }

  error(error: unknown): void {
    this.close({ error });
    deliver();
  }

  close(ending: Ending): void {
    if (this.ending !== undefined) {
      return;
    }
    const error = typeof ending === 'object' ? ending.error : new ModelError('ClosedError');
    this.sendAway(this.linesToClose(), error, () => {
      if (typeof ending === 'object') {
        this.states.error(ending.error);
      } else {
        this.states.complete();
      }
    });
    if (!this.isSeen()) {
      this.states.next(this.snapshot());
    }
    this.ending = ending;
  }

  private sendAway(lines: ModelPrimitive[], error: unknown, ...first: (() => void)[]): void {
    const visitors = lines.flatMap((each) => each.line.splice(0));
    const told = visitors.flatMap((visitor) => [
      () => {
        fail(visitor, error);
      },
      ...visitor.withdraw(),
    ]);
    visitors.forEach((visitor) => {
      visitor.announce();
    });
    lines.forEach((each) => {
      each.settle();
    });
    append(...first, ...told);
  }

  private isSeen(): boolean {
    return this.underWay > 0 || this.states.observed;
  }
}

/** One hears, in its context, that it waited in vain. */
export function fail(visitor: Visitor, error: unknown): void {
  runIn(
    visitor.context,
    () => {
      visitor.failed(error);
    },
    (problem) => {
      try {
        visitor.failed(error);
      } finally {
        report(problem);
      }
    },
  );
}

/** Gives up a place in line, or what was promised; `told` hear of it. Nothing for one who neither waits nor is promised. */
export function leave(visitor: Visitor, ...told: (() => void)[]): void {
  const { home, standing } = visitor;
  if (home !== undefined && (standing === 'waiting' || standing === 'promised')) {
    const all = [...told, ...visitor.withdraw()];
    visitor.announce();
    if (standing === 'waiting') {
      home.line = home.line.filter((each) => each !== visitor);
      home.settle(all);
    } else {
      home.giveBack(visitor, all);
    }
  }
  deliver();
}

/** One who changes nothing elsewhere; without a weight, it takes nothing either. */
export abstract class PlainVisitor<T> implements Visitor {
  standing: Standing = 'outside';
  home: ModelPrimitive | undefined;
  context = HERE;

  constructor(
    readonly subscriber: Subscriber<T>,
    readonly weight = 0,
  ) {}

  abstract granted(): void;

  failed(error: unknown): void {
    this.subscriber.error(error);
  }

  withdraw(): (() => void)[] {
    this.standing = 'gone';
    return [];
  }

  announce(): void {
    // It changes nothing elsewhere.
  }

  attach(): void {
    this.subscriber.add(this);
  }

  unsubscribe(): void {
    leave(this);
  }
}

/** Whether one takes nothing any more: unsubscribed, or told that it is over. */
function isGone(subscriber: Subscriber<unknown>): boolean {
  return subscriber.closed || (subscriber as unknown as { readonly isStopped: boolean }).isStopped;
}

export function isSame(one: object, other: object): boolean {
  const others = new Map(Object.entries(other));
  return Object.entries(one).every(([key, value]) => others.get(key) === value);
}
