import { NEVER, Observable, skip, Subject, takeUntil, tap, type Subscriber, type Subscription } from 'rxjs';

import type { AcquirableLike, BoundedSemaphoreLike, PermitLike, PrimitiveLike, SideLike } from './kit.js';
import type { Referee } from './referee.js';
import { nameOf, type Stage } from './stage.js';
import type { StreamReferee } from './stream-referee.js';

/** An actor; when all is over, it goes and gives back what it has. */
export interface Actor {
  close(): void;
}

/** What somebody hears who subscribes, and that it leaves. */
export interface Ears {
  readonly over?: () => void;
  readonly error?: (error: unknown) => void;
  readonly complete?: () => void;
}

/** What one fails with, by its name. */
class Failure extends Error {
  constructor(who: string) {
    super();
    this.name = `${who} failed`;
  }
}

/** One who subscribes once, says what it hears, and can leave at any moment, also while it is subscribing. */
export class Listener<T> implements Actor {
  private subscriber: Subscriber<T> | undefined;

  /** @param ears - are told before anything else is: `over` when it hears that it is over, or leaves. */
  constructor(
    private readonly stage: Stage,
    readonly name: string,
    private readonly ears: Ears = {},
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
        this.ears.error?.(error);
        this.over();
        this.hears(nameOf(error));
      },
      complete: () => {
        this.ears.complete?.();
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
    this.stage.step(
      `${this.name} leaves`,
      () => this.isThere,
      () => {
        this.close();
      },
    );
    return this;
  }

  private over(): void {
    this.ears.over?.();
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
  const listener = new Listener<PermitLike>(stage, name, {
    over: () => {
      referee.goes(name);
    },
  });
  let permit: PermitLike | undefined;
  const acquire = primitive.acquire({ weight, priority });
  const source = until === NEVER ? acquire : acquire.pipe(takeUntil(until));
  const come = (isGone: boolean): void => {
    referee.comes(name, weight, primitive.waiting, priority);
    const enter = (given: PermitLike): string => {
      stage.must(name, 'acquires', 'a permit is granted');
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
  stage.step(
    `${name} acquires`,
    () => listener.isNew,
    () => {
      come(false);
    },
  );
  if (orGone) {
    stage.step(
      `${name} acquires, and has gone`,
      () => listener.isNew,
      () => {
        come(true);
      },
    );
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
export function observer(stage: Stage, states: Observable<object>, name: string): Actor {
  const listener = new Listener<object>(stage, name);
  stage.step(
    `${name} observes`,
    () => listener.isNew,
    () => {
      listener.listen(states, (state) => JSON.stringify(state));
    },
  );
  return listener.canLeave();
}

/** One who observes a side of something, and must know at rest whether one who comes would have to wait. */
export class SideObserver implements Actor {
  private isLocked: boolean | undefined;
  private readonly actor: Actor;

  constructor(
    stage: Stage,
    private readonly side: SideLike,
    private readonly name: string,
  ) {
    const forget = (): void => {
      this.isLocked = undefined;
    };
    const states = side.pipe(
      tap({
        next: (state) => {
          this.isLocked = (state as { readonly locked: boolean }).locked;
        },
        error: forget,
        complete: forget,
        unsubscribe: forget,
      }),
    );
    this.actor = observer(stage, states, name);
  }

  close(): void {
    this.actor.close();
  }

  judgeAtRest(): string | undefined {
    const { isLocked, name, side } = this;
    return isLocked === undefined || isLocked === side.locked() ? undefined : `${name} believes ${String(isLocked)}`;
  }
}

/** What someone from outside does to a primitive as a whole. */
export function closer(stage: Stage, primitive: PrimitiveLike, referee?: Referee): void {
  let isOpen = true;
  stage.step(
    'cancelWaiters()',
    () => primitive.waiting > 0,
    () => {
      referee?.sendsAway();
      primitive.cancelWaiters();
    },
  );
  stage.step(
    'complete()',
    () => isOpen,
    () => {
      isOpen = false;
      referee?.sendsAway();
      primitive.complete();
    },
  );
  stage.step(
    'error()',
    () => isOpen,
    () => {
      isOpen = false;
      referee?.sendsAway();
      primitive.error(new Error('closed'));
    },
  );
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

/** What becomes of a task. */
export interface TaskWatch {
  /** It is just being subscribed to. */
  readonly begins?: () => void;
  /** It has been subscribed to, and goes on. */
  readonly runs?: () => void;
  /** It is just being torn down. */
  readonly ends?: () => void;
  readonly fails?: (error: unknown) => void;
}

/**
 * A work that goes on until it ends itself, or is torn down.
 *
 * One that is nested in an operator of RxJS is inside from when it has been subscribed to until it is torn down: what
 * ends it in the middle of one or the other, RxJS passes on at once.
 */
export class Work {
  private subscriber: Subscriber<string> | undefined;

  private hasEnded = false;

  constructor(
    private readonly stage: Stage,
    private readonly referee: Referee,
    readonly name: string,
    private readonly watch: TaskWatch = {},
    private readonly isNested = false,
  ) {
    stage.step(
      `${name} emits`,
      () => this.goesOn(),
      () => this.subscriber?.next(`of ${name}`),
    );
    stage.step(
      `${name} completes`,
      () => this.goesOn(),
      () => {
        this.hasEnded = true;
        this.subscriber?.complete();
      },
    );
    stage.step(
      `${name} fails`,
      () => this.goesOn(),
      () => {
        this.fails(new Failure(name), (error) => this.subscriber?.error(error));
      },
    );
  }

  readonly source = new Observable<string>((subscriber) => {
    this.subscriber = subscriber;
    const { referee } = this;
    const { releases } = referee;
    this.watch.begins?.();
    if (!this.isNested) {
      referee.enters(this.name);
    }
    try {
      this.stage.heard(`${this.name}: in`);
    } catch (error) {
      this.referee.exits(this.name);
      this.fails(error, () => {
        throw error;
      });
    }
    if (!subscriber.closed) {
      this.watch.runs?.();
      if (this.isNested && releases === referee.releases) {
        referee.enters(this.name);
      }
    }
    return () => {
      this.watch.ends?.();
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

  /** What fails twice, or after it has ended, does not fail. */
  private fails(error: unknown, how: (error: unknown) => void): void {
    if (!this.hasEnded && this.goesOn()) {
      this.watch.fails?.(error);
    }
    this.hasEnded = true;
    how(error);
  }

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
  const listener = new Listener<string>(stage, name, {
    over: () => {
      referee.goes(name);
    },
    error: (error) => {
      referee.hears(name, error);
    },
  });
  const { source } = new Work(stage, referee, name, {
    begins: () => {
      stage.must(name, 'comes', 'a work begins');
    },
  });
  stage.step(
    `${name} comes`,
    () => listener.isNew,
    () => {
      referee.comes(name, weight, waiting());
      listener.listen(inside(source), (value) => value);
    },
  );
  return listener.canLeave();
}

/** One who waits for its turn in something that gives no permit. */
export function waiter(stage: Stage, source: Observable<unknown>, name: string): Actor {
  const listener = new Listener<unknown>(stage, name);
  stage.step(
    `${name} waits`,
    () => listener.isNew,
    () => {
      listener.listen(source, (value) => {
        stage.must(name, 'waits', 'its turn has come');
        return String(value);
      });
    },
  );
  return listener.canLeave();
}

/**
 * What ends the patience of somebody.
 *
 * @param referee - sees to it that this one does not begin any more, where it is to hear a `TimeoutError`.
 */
export function patience(stage: Stage, name: string, referee?: Referee): Observable<void> {
  const end = new Subject<void>();
  stage.step(
    `the time of ${name} is up`,
    () => end.observed,
    () => {
      referee?.expires(name);
      end.next();
    },
  );
  return end;
}

/** Anyone can release something, by the primitive, and try to acquire it. */
export function anyone(stage: Stage, primitive: AcquirableLike, referee: Referee, released: () => void): Actor {
  let permit: PermitLike | null = null;
  stage.step(
    'release()',
    () => true,
    () => {
      released();
      primitive.release();
    },
  );
  stage.step(
    'tryAcquire()',
    () => permit === null,
    () => {
      permit = primitive.tryAcquire();
      if (permit !== null) {
        referee.comes('anyone', 1, 0);
        referee.enters('anyone');
      }
    },
  );
  return {
    close: () => {
      referee.exits('anyone');
      permit?.release();
    },
  };
}

/** A stream of values that an operator works on. */
export class Stream implements Actor {
  private readonly listener: Listener<string>;
  private subscriber: Subscriber<string> | undefined;

  /** @param endsEarly - whether it can end before it has emitted all values. */
  constructor(
    stage: Stage,
    referee: StreamReferee,
    values: readonly string[],
    operator: (source: Observable<string>) => Observable<string>,
    endsEarly = true,
  ) {
    const { name } = referee;
    const source = new Observable<string>((subscriber) => {
      this.subscriber = subscriber;
      return () => {
        stage.heard(`${name}: let go of`);
      };
    });
    let emitted = 0;
    const goesOn = (): boolean => this.subscriber?.closed === false;
    const mayEnd = (): boolean => goesOn() && (endsEarly || emitted === values.length);
    this.listener = new Listener<string>(stage, name, {
      over: () => {
        referee.leaves();
      },
      error: (error) => {
        referee.hearsError(error);
      },
      complete: () => {
        referee.hearsCompletion();
      },
    }).canLeave();
    stage.step(
      `${name} comes`,
      () => this.listener.isNew,
      () => {
        referee.comes();
        this.listener.listen(operator(source), (value) => {
          referee.hears(value);
          return value;
        });
      },
    );
    values.forEach((value, index) => {
      stage.step(
        `${name} emits ${value}`,
        () => goesOn() && emitted === index,
        () => {
          emitted++;
          referee.emits(value);
          this.subscriber?.next(value);
        },
      );
    });
    stage.step(`${name} completes`, mayEnd, () => {
      referee.completes();
      this.subscriber?.complete();
    });
    stage.step(`${name} fails`, mayEnd, () => {
      const error = new Failure(name);
      referee.sourceFails(error);
      this.subscriber?.error(error);
    });
  }

  close(): void {
    this.listener.close();
  }
}

/** For each value of a stream, its work. */
export function workOf(
  stage: Stage,
  referee: Referee,
  stream: StreamReferee,
  values: readonly string[],
): (value: string) => Observable<string> {
  const works = new Map(
    values.map((value) => [
      value,
      new Work(stage, referee, value, {
        runs: () => {
          stream.runs(value);
        },
        ends: () => {
          stream.ends(value);
        },
        fails: (error) => {
          stream.fails(error);
        },
      }).source,
    ]),
  );
  return (value) => {
    stream.projects(value);
    stream.during(() => {
      stage.heard(`${stream.name}: projects ${value}`);
    });
    return works.get(value) ?? NEVER;
  };
}

/** What a stream asks of its values, in the middle of which anything can be done. */
export function asking<R extends readonly unknown[], A>(
  stage: Stage,
  stream: StreamReferee,
  what: string,
  answer: (value: string, ...others: R) => A,
): (value: string, ...others: R) => A {
  return (value, ...others) => {
    stream.during(() => {
      stage.heard(`${stream.name}: ${what} of ${value}`);
    });
    return answer(value, ...others);
  };
}
