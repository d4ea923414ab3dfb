import { NEVER, Observable, skip, Subject, takeUntil, tap, type Subscriber, type Subscription } from 'rxjs';

import type { AcquirableLike, BoundedSemaphoreLike, PermitLike, PrimitiveLike, SideLike } from './kit.js';
import type { Referee } from './referee.js';
import { nameOf, type Stage } from './stage.js';
import type { StreamReferee } from './stream-referee.js';

/** An actor. At the end of a script, it unsubscribes and releases what it holds. */
export interface Actor {
  close(): void;
}

/** Called before a notification is logged. */
export interface ListenerHooks {
  /** Before an error, a completion, or an unsubscription. */
  readonly ended?: () => void;
  readonly error?: (error: unknown) => void;
  readonly complete?: () => void;
}

/** The error of an actor that fails. */
class Failure extends Error {
  constructor(actor: string) {
    super();
    this.name = `${actor} failed`;
  }
}

/** Subscribes once, logs all notifications, and can unsubscribe at any time, also during `subscribe`. */
export class Listener<T> implements Actor {
  private subscriber: Subscriber<T> | undefined;

  constructor(
    private readonly stage: Stage,
    readonly name: string,
    private readonly hooks: ListenerHooks = {},
  ) {}

  /** Whether it has not subscribed yet. */
  get isNew(): boolean {
    return this.subscriber === undefined;
  }

  get isSubscribed(): boolean {
    return this.subscriber?.closed === false;
  }

  subscribeTo(source: Observable<T>, describe: (value: T) => string, isClosed = false): void {
    const subscription: Subscription = new Observable<T>((subscriber) => {
      this.subscriber = subscriber;
      if (isClosed) {
        subscriber.unsubscribe();
      }
      return source.subscribe(subscriber);
    }).subscribe({
      next: (value) => {
        this.logs(describe(value));
      },
      error: (error: unknown) => {
        this.hooks.error?.(error);
        this.ended();
        this.logs(nameOf(error));
      },
      complete: () => {
        this.hooks.complete?.();
        this.ended();
        this.logs('complete');
      },
    });
    subscription.add(() => {
      this.ended();
      this.logs('torn down');
    });
  }

  close(): void {
    this.ended();
    this.subscriber?.unsubscribe();
  }

  /** Adds the step in which it unsubscribes. */
  canUnsubscribe(): this {
    this.stage.step(
      `${this.name} unsubscribes`,
      () => this.isSubscribed,
      () => {
        this.close();
      },
    );
    return this;
  }

  private ended(): void {
    this.hooks.ended?.();
  }

  private logs(what: string): void {
    this.stage.callback(`${this.name}: ${what}`);
  }
}

/** What an actor acquires, and the queue in which it waits. */
export type AcquireTarget = Pick<AcquirableLike, 'acquire' | 'pipe' | 'waiting'>;

/** A side of a primitive, whose waiters are in the queue of the primitive. */
export function sideInQueueOf(primitive: PrimitiveLike, side: SideLike): AcquireTarget {
  return {
    acquire: () => side.acquire(),
    pipe: primitive.pipe.bind(primitive),
    get waiting() {
      return primitive.waiting;
    },
  };
}

export interface AcquirerOptions {
  readonly weight?: number;
  readonly priority?: number;
  /** Whether it unsubscribes as soon as the state changes. */
  readonly untilChange?: boolean;
  /** It unsubscribes when this emits. */
  readonly until?: Observable<unknown>;
  /** Whether it can also subscribe with a subscriber that is already closed. */
  readonly orUnsubscribed?: boolean;
  /** Receives the permit first. */
  readonly granted?: (permit: PermitLike) => void;
}

/** Acquires, and releases its permit up to two times. */
export function acquirer(
  stage: Stage,
  referee: Referee,
  primitive: AcquireTarget,
  name: string,
  {
    weight = 1,
    priority = 0,
    untilChange = false,
    until = untilChange ? primitive.pipe(skip(1)) : NEVER,
    orUnsubscribed = false,
    granted,
  }: AcquirerOptions = {},
): Actor {
  const listener = new Listener<PermitLike>(stage, name, {
    ended: () => {
      referee.leaves(name);
    },
  });
  let permit: PermitLike | undefined;
  const acquire = primitive.acquire({ weight, priority });
  const source = until === NEVER ? acquire : acquire.pipe(takeUntil(until));
  const subscribe = (isClosed: boolean): void => {
    referee.arrives(name, weight, primitive.waiting, priority);
    const receive = (given: PermitLike): string => {
      stage.must(name, 'acquires', 'a permit is granted');
      permit = given;
      granted?.(given);
      referee.granted(name);
      return 'permit';
    };
    listener.subscribeTo(source, receive, isClosed);
  };
  const release = (): void => {
    referee.released(name);
    permit?.release();
  };
  stage.step(
    `${name} acquires`,
    () => listener.isNew,
    () => {
      subscribe(false);
    },
  );
  if (orUnsubscribed) {
    stage.step(
      `${name} acquires, unsubscribed before`,
      () => listener.isNew,
      () => {
        subscribe(true);
      },
    );
  }
  stage.step(`${name} releases`, () => permit !== undefined, release, 2);
  listener.canUnsubscribe();
  return {
    close: () => {
      listener.close();
      release();
    },
  };
}

/** Observes the states of a primitive. */
export function observer(stage: Stage, states: Observable<object>, name: string): Actor {
  const listener = new Listener<object>(stage, name);
  stage.step(
    `${name} observes`,
    () => listener.isNew,
    () => {
      listener.subscribeTo(states, (state) => JSON.stringify(state));
    },
  );
  return listener.canUnsubscribe();
}

/** Observes a side of a primitive. At rest, its last state must say whether a new waiter would have to wait. */
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
    return isLocked === undefined || isLocked === side.locked()
      ? undefined
      : `the last state that ${name} received is locked: ${String(isLocked)}`;
  }
}

/** Adds the steps that cancel all waiters or close a primitive. */
export function closer(stage: Stage, primitive: PrimitiveLike, referee?: Referee): void {
  let isOpen = true;
  stage.step(
    'cancelWaiters()',
    () => primitive.waiting > 0,
    () => {
      referee?.allCancelled();
      primitive.cancelWaiters();
    },
  );
  stage.step(
    'complete()',
    () => isOpen,
    () => {
      isOpen = false;
      referee?.allCancelled();
      primitive.complete();
    },
  );
  stage.step(
    'error()',
    () => isOpen,
    () => {
      isOpen = false;
      referee?.allCancelled();
      primitive.error(new Error('closed'));
    },
  );
}

/** Adds the steps that resize a bounded semaphore. */
export function resizer(stage: Stage, semaphore: BoundedSemaphoreLike, bounds: readonly number[], times?: number): void {
  for (const bound of bounds) {
    const resize = (): void => {
      semaphore.resize(bound);
    };
    stage.step(`resize(${String(bound)})`, () => semaphore.bound !== bound, resize, times);
  }
}

/** Callbacks for the phases of a task. */
export interface TaskWatch {
  /** It is being subscribed to. */
  readonly begins?: () => void;
  /** It has been subscribed to, and has not ended. */
  readonly runs?: () => void;
  /** It is being torn down. */
  readonly ends?: () => void;
  readonly fails?: (error: unknown) => void;
}

/**
 * A task that runs until one of its steps ends it, or until it is torn down.
 *
 * A task nested in an operator of RxJS counts as a holder from the return of `subscribe` to the start of its teardown: if it
 * ends during one of the two, RxJS passes that on immediately.
 */
export class ControlledTask {
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
      () => this.isRunning(),
      () => this.subscriber?.next(`of ${name}`),
    );
    stage.step(
      `${name} completes`,
      () => this.isRunning(),
      () => {
        this.hasEnded = true;
        this.subscriber?.complete();
      },
    );
    stage.step(
      `${name} fails`,
      () => this.isRunning(),
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
      referee.granted(this.name);
    }
    try {
      this.stage.callback(`${this.name}: starts`);
    } catch (error) {
      this.referee.released(this.name);
      this.fails(error, () => {
        throw error;
      });
    }
    if (!subscriber.closed) {
      this.watch.runs?.();
      if (this.isNested && releases === referee.releases) {
        referee.granted(this.name);
      }
    }
    return () => {
      this.watch.ends?.();
      if (this.isNested) {
        referee.released(this.name);
      }
      try {
        this.stage.callback(`${this.name}: torn down`);
      } finally {
        referee.released(this.name);
      }
    };
  });

  /** A second failure, or one after the end, does not count. */
  private fails(error: unknown, how: (error: unknown) => void): void {
    if (!this.hasEnded && this.isRunning()) {
      this.watch.fails?.(error);
    }
    this.hasEnded = true;
    how(error);
  }

  private isRunning(): boolean {
    return this.subscriber?.closed === false;
  }
}

/** Runs its task inside a section of `inside`. */
export function taskRunner(
  stage: Stage,
  referee: Referee,
  name: string,
  inside: (source: Observable<string>) => Observable<string>,
  waiting: () => number,
  weight = 1,
): Actor {
  const listener = new Listener<string>(stage, name, {
    ended: () => {
      referee.leaves(name);
    },
    error: (error) => {
      referee.failed(name, error);
    },
  });
  const { source } = new ControlledTask(stage, referee, name, {
    begins: () => {
      stage.must(name, 'subscribes', 'its task starts');
    },
  });
  stage.step(
    `${name} subscribes`,
    () => listener.isNew,
    () => {
      referee.arrives(name, weight, waiting());
      listener.subscribeTo(inside(source), (value) => value);
    },
  );
  return listener.canUnsubscribe();
}

/** Waits for a primitive that gives no permit. */
export function waiter(stage: Stage, source: Observable<unknown>, name: string): Actor {
  const listener = new Listener<unknown>(stage, name);
  stage.step(
    `${name} waits`,
    () => listener.isNew,
    () => {
      listener.subscribeTo(source, (value) => {
        stage.must(name, 'waits', 'it is granted');
        return String(value);
      });
    },
  );
  return listener.canUnsubscribe();
}

/**
 * An `until` that emits in a step of its own.
 *
 * @param referee - checks that the waiter fails with a `TimeoutError` and is not granted.
 */
export function timeLimit(stage: Stage, name: string, referee?: Referee): Observable<void> {
  const end = new Subject<void>();
  stage.step(
    `${name} times out`,
    () => end.observed,
    () => {
      referee?.timedOut(name);
      end.next();
    },
  );
  return end;
}

/** Releases through the primitive instead of a permit, and tries to acquire it. */
export function outsider(stage: Stage, primitive: AcquirableLike, referee: Referee, released: () => void): Actor {
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
        referee.arrives('outsider', 1, 0);
        referee.granted('outsider');
      }
    },
  );
  return {
    close: () => {
      referee.released('outsider');
      permit?.release();
    },
  };
}

/** A source of values, and a subscription to an operator over it. */
export class Stream implements Actor {
  private readonly listener: Listener<string>;
  private subscriber: Subscriber<string> | undefined;

  /** @param endsEarly - whether the source can end before it has emitted all values. */
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
        stage.callback(`${name}: source torn down`);
      };
    });
    let emitted = 0;
    const isRunning = (): boolean => this.subscriber?.closed === false;
    const mayEnd = (): boolean => isRunning() && (endsEarly || emitted === values.length);
    this.listener = new Listener<string>(stage, name, {
      ended: () => {
        referee.unsubscribes();
      },
      error: (error) => {
        referee.receivesError(error);
      },
      complete: () => {
        referee.receivesCompletion();
      },
    }).canUnsubscribe();
    stage.step(
      `${name} subscribes`,
      () => this.listener.isNew,
      () => {
        referee.subscribes();
        this.listener.subscribeTo(operator(source), (value) => {
          referee.receives(value);
          return value;
        });
      },
    );
    values.forEach((value, index) => {
      stage.step(
        `${name} emits ${value}`,
        () => isRunning() && emitted === index,
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

/** A `project` function that returns a controlled task for each value. */
export function projectToTasks(
  stage: Stage,
  referee: Referee,
  stream: StreamReferee,
  values: readonly string[],
): (value: string) => Observable<string> {
  const tasks = new Map(
    values.map((value) => [
      value,
      new ControlledTask(stage, referee, value, {
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
      stage.callback(`${stream.name}: projects ${value}`);
    });
    return tasks.get(value) ?? NEVER;
  };
}

/** A callback of an operator, such as `keyOf` or `weight`, that is logged: any step can be taken inside it. */
export function loggedCallback<R extends readonly unknown[], A>(
  stage: Stage,
  stream: StreamReferee,
  what: string,
  answer: (value: string, ...others: R) => A,
): (value: string, ...others: R) => A {
  return (value, ...others) => {
    stream.during(() => {
      stage.callback(`${stream.name}: ${what} of ${value}`);
    });
    return answer(value, ...others);
  };
}
