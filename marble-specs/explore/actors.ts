import { NEVER, Observable, skip, Subject, takeUntil, type Subscriber, type Subscription } from 'rxjs';

import type { AcquirableLike, BoundedSemaphoreLike, PermitLike, PrimitiveLike, SideLike } from './kit.js';
import type { Referee } from './referee.js';
import { nameOf, type Stage } from './stage.js';

/** An actor; when all is over, it goes and gives back what it has. */
export interface Actor {
  close(): void;
}

/** One who subscribes once, says what it hears, and can leave at any moment, also while it is subscribing. */
export class Listener<T> implements Actor {
  private subscriber: Subscriber<T> | undefined;

  /** @param over - is told when it hears that it is over, or leaves. */
  constructor(
    private readonly stage: Stage,
    readonly name: string,
    private readonly over: () => void = () => undefined,
  ) {}

  /** Whether it has never subscribed. */
  get isNew(): boolean {
    return this.subscriber === undefined;
  }

  get isThere(): boolean {
    return this.subscriber?.closed === false;
  }

  listen(source: Observable<T>, describe: (value: T) => string, isGone = false): void {
    const subscription: Subscription = new Observable<T>((subscriber) => {
      this.subscriber = subscriber;
      if (isGone) {
        subscriber.unsubscribe();
      }
      return source.subscribe(subscriber);
    }).subscribe({
      next: (value) => {
        this.hears(describe(value));
      },
      error: (error: unknown) => {
        this.over();
        this.hears(nameOf(error));
      },
      complete: () => {
        this.over();
        this.hears('complete');
      },
    });
    subscription.add(() => {
      this.over();
      this.hears('gone');
    });
  }

  close(): void {
    this.over();
    this.subscriber?.unsubscribe();
  }

  /** Adds the step in which it leaves. */
  canLeave(): this {
    this.stage.step(`${this.name} leaves`, () => this.isThere, () => {
      this.close();
    });
    return this;
  }

  private hears(what: string): void {
    this.stage.heard(`${this.name}: ${what}`);
  }
}

/** What one acquires, and what one sees of the line in which one waits for it. */
export type Acquired = Pick<AcquirableLike, 'acquire' | 'pipe' | 'waiting'>;

/** A side of a primitive, whose visitors wait in the line of the whole. */
export function sideIn(line: PrimitiveLike, side: SideLike): Acquired {
  return {
    acquire: () => side.acquire(),
    pipe: line.pipe.bind(line),
    get waiting() {
      return line.waiting;
    },
  };
}

export interface AcquirerOptions {
  readonly weight?: number;
  readonly priority?: number;
  /** Whether it stops as soon as the state changes in any way. */
  readonly untilChange?: boolean;
  /** What it stops at. */
  readonly until?: Observable<unknown>;
  /** Whether it can also come as one who has gone already. */
  readonly orGone?: boolean;
  /** Is given the permit, before anything else is done with it. */
  readonly granted?: (permit: PermitLike) => void;
}

/** One who acquires, and releases by its permit, once and then once more. */
export function acquirer(
  stage: Stage,
  referee: Referee,
  primitive: Acquired,
  name: string,
  {
    weight = 1,
    priority = 0,
    untilChange = false,
    until = untilChange ? primitive.pipe(skip(1)) : NEVER,
    orGone = false,
    granted,
  }: AcquirerOptions = {},
): Actor {
  const listener = new Listener<PermitLike>(stage, name, () => {
    referee.goes(name);
  });
  let permit: PermitLike | undefined;
  const acquire = primitive.acquire({ weight, priority });
  const source = until === NEVER ? acquire : acquire.pipe(takeUntil(until));
  const come = (isGone: boolean): void => {
    referee.comes(name, weight, primitive.waiting, priority);
    const enter = (given: PermitLike): string => {
      permit = given;
      granted?.(given);
      referee.enters(name);
      return 'permit';
    };
    listener.listen(source, enter, isGone);
  };
  const giveBack = (): void => {
    referee.exits(name);
    permit?.release();
  };
  stage.step(`${name} acquires`, () => listener.isNew, () => {
    come(false);
  });
  if (orGone) {
    stage.step(`${name} acquires, and has gone`, () => listener.isNew, () => {
      come(true);
    });
  }
  stage.step(`${name} releases`, () => permit !== undefined, giveBack, 2);
  listener.canLeave();
  return {
    close: () => {
      listener.close();
      giveBack();
    },
  };
}

/** One who observes a state. */
export function observer(stage: Stage, primitive: PrimitiveLike, name: string): Actor {
  const listener = new Listener<object>(stage, name);
  stage.step(`${name} observes`, () => listener.isNew, () => {
    listener.listen(primitive, (state) => JSON.stringify(state));
  });
  return listener.canLeave();
}

/** What someone from outside does to a primitive as a whole. */
export function closer(stage: Stage, primitive: PrimitiveLike): void {
  let isOpen = true;
  stage.step('cancelWaiters()', () => primitive.waiting > 0, () => {
    primitive.cancelWaiters();
  });
  stage.step('complete()', () => isOpen, () => {
    isOpen = false;
    primitive.complete();
  });
  stage.step('error()', () => isOpen, () => {
    isOpen = false;
    primitive.error(new Error('closed'));
  });
}

/** Someone from outside makes a bounded semaphore larger and smaller. */
export function resizer(stage: Stage, semaphore: BoundedSemaphoreLike, bounds: readonly number[], times?: number): void {
  for (const bound of bounds) {
    const resize = (): void => {
      semaphore.resize(bound);
    };
    stage.step(`resize(${String(bound)})`, () => semaphore.bound !== bound, resize, times);
  }
}

/**
 * A work that goes on until it ends itself, or is torn down.
 *
 * One that is nested in an operator of RxJS is inside from when it has been subscribed to until it is torn down: what
 * ends it in the middle of one or the other, RxJS passes on at once.
 */
export class Work {
  private subscriber: Subscriber<string> | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly referee: Referee,
    readonly name: string,
    private readonly isNested = false,
  ) {
    stage.step(`${name} emits`, () => this.goesOn(), () => this.subscriber?.next(`of ${name}`));
    stage.step(`${name} completes`, () => this.goesOn(), () => this.subscriber?.complete());
    stage.step(`${name} fails`, () => this.goesOn(), () => this.subscriber?.error(new Error('work')));
  }

  readonly source = new Observable<string>((subscriber) => {
    this.subscriber = subscriber;
    const { referee } = this;
    const { releases } = referee;
    if (!this.isNested) {
      referee.enters(this.name);
    }
    try {
      this.stage.heard(`${this.name}: in`);
    } catch (error) {
      this.referee.exits(this.name);
      throw error;
    }
    if (this.isNested && !subscriber.closed && releases === referee.releases) {
      referee.enters(this.name);
    }
    return () => {
      if (this.isNested) {
        referee.exits(this.name);
      }
      try {
        this.stage.heard(`${this.name}: out`);
      } finally {
        referee.exits(this.name);
      }
    };
  });

  private goesOn(): boolean {
    return this.subscriber?.closed === false;
  }
}

/** One who does its work inside of something. */
export function worker(
  stage: Stage,
  referee: Referee,
  name: string,
  inside: (source: Observable<string>) => Observable<string>,
  waiting: () => number,
  weight = 1,
): Actor {
  const listener = new Listener<string>(stage, name, () => {
    referee.goes(name);
  });
  const { source } = new Work(stage, referee, name);
  stage.step(`${name} comes`, () => listener.isNew, () => {
    referee.comes(name, weight, waiting());
    listener.listen(inside(source), (value) => value);
  });
  return listener.canLeave();
}

/** One who waits for its turn in something that gives no permit. */
export function waiter(stage: Stage, source: Observable<unknown>, name: string): Actor {
  const listener = new Listener<unknown>(stage, name);
  stage.step(`${name} waits`, () => listener.isNew, () => {
    listener.listen(source, String);
  });
  return listener.canLeave();
}

/** What ends the patience of somebody. */
export function patience(stage: Stage, name: string): Observable<void> {
  const end = new Subject<void>();
  stage.step(`the time of ${name} is up`, () => end.observed, () => {
    end.next();
  });
  return end;
}

/** Anyone can release something, by the primitive, and try to acquire it. */
export function anyone(stage: Stage, primitive: AcquirableLike, referee: Referee, released: () => void): Actor {
  let permit: PermitLike | null = null;
  stage.step('release()', () => true, () => {
    released();
    primitive.release();
  });
  stage.step('tryAcquire()', () => permit === null, () => {
    permit = primitive.tryAcquire();
    if (permit !== null) {
      referee.comes('anyone', 1, 0);
      referee.enters('anyone');
    }
  });
  return {
    close: () => {
      referee.exits('anyone');
      permit?.release();
    },
  };
}

/** A stream of values that an operator works on. */
export class Stream implements Actor {
  readonly emitted: string[] = [];
  readonly received: string[] = [];
  private readonly listener: Listener<string>;
  private subscriber: Subscriber<string> | undefined;

  /** @param endsEarly - whether it can end before it has emitted all values. */
  constructor(
    stage: Stage,
    name: string,
    values: readonly string[],
    operator: (source: Observable<string>) => Observable<string>,
    endsEarly = true,
  ) {
    const source = new Observable<string>((subscriber) => {
      this.subscriber = subscriber;
      return () => {
        stage.heard(`${name}: let go of`);
      };
    });
    const goesOn = (): boolean => this.subscriber?.closed === false;
    const mayEnd = (): boolean => goesOn() && (endsEarly || this.emitted.length === values.length);
    this.listener = new Listener<string>(stage, name).canLeave();
    stage.step(`${name} comes`, () => this.listener.isNew, () => {
      this.listener.listen(operator(source), (value) => {
        this.received.push(value);
        return value;
      });
    });
    values.forEach((value, index) => {
      stage.step(`${name} emits ${value}`, () => goesOn() && this.emitted.length === index, () => {
        this.emitted.push(value);
        this.subscriber?.next(value);
      });
    });
    stage.step(`${name} completes`, mayEnd, () => this.subscriber?.complete());
    stage.step(`${name} fails`, mayEnd, () => this.subscriber?.error(new Error('source')));
  }

  close(): void {
    this.listener.close();
  }
}

/** For each value of a stream, its work. */
export function workOf(
  stage: Stage,
  referee: Referee,
  name: string,
  values: readonly string[],
): (value: string) => Observable<string> {
  const works = new Map(values.map((value) => [value, new Work(stage, referee, value).source]));
  return (value) => {
    stage.heard(`${name}: projects ${value}`);
    return works.get(value) ?? NEVER;
  };
}
