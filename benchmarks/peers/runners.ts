/** The peers as those who are given a work, and run it when it may run. */
import { Mutex, Semaphore } from 'async-mutex';
import { bulkhead, type BulkheadPolicy } from 'cockatiel';
import { Effect, Option } from 'effect';
import pLimit, { type LimitFunction } from 'p-limit';
import PQueue from 'p-queue';

import { asyncMutex, asyncSema, esfx, EsfxLockable, SemaLockable, type Lockable } from './lockables.js';
import { LEAVING, STATE, WEIGHTS } from './without.js';

export interface Runner {
  run<T>(work: () => T | Promise<T>): Promise<T>;
  /** Whether nothing runs, as far as it says so. */
  isFree(): boolean;
}

export interface RunnerKind {
  readonly name: string;
  readonly without: readonly string[];
  readonly make: (permits: number) => Runner;
  /** How long a line may be: above it, one of its samples takes longer than all the others together. */
  readonly longest?: number;
  /** Whether it cannot be given works that take time: it would take a thousand times longer than the others. */
  readonly onlyAtOnce?: boolean;
}

/** Those that can do nothing else. */
export const queues: readonly RunnerKind[] = [
  { name: 'p-limit', without: [LEAVING, STATE], make: (permits) => new LimitRunner(permits) },
  // It takes the next one out of an array by shift(), which copies a long one.
  { name: 'p-queue', without: [LEAVING], make: (permits) => new QueueRunner(permits), longest: 20_000 },
  // A release wakes everyone who waits, of whom all but one go to wait again, unless the first ends at once.
  { name: 'effect', without: [STATE], make: (permits) => new EffectRunner(permits), longest: 1_000, onlyAtOnce: true },
  // As p-queue.
  { name: 'cockatiel', without: [LEAVING, STATE], make: (permits) => new BulkheadRunner(permits), longest: 20_000 },
];

/** All that let one in at a time. */
export const mutexes: readonly RunnerKind[] = [
  { ...asyncMutex, name: 'async-mutex runExclusive', make: () => new ExclusiveRunner(new Mutex()), longest: 20_000 },
  { ...asyncSema, make: () => new LockableRunner(new SemaLockable()) },
  { ...esfx, make: () => new LockableRunner(new EsfxLockable()) },
  ...queues,
];

/** All that let several in at a time. */
export const semaphores: readonly RunnerKind[] = [
  {
    ...asyncMutex,
    name: 'async-mutex Semaphore',
    make: (permits) => new ExclusiveRunner(new Semaphore(permits)),
    longest: 20_000,
  },
  unweighed({ ...asyncSema, make: (permits) => new LockableRunner(new SemaLockable(permits)) }),
  ...queues.map((kind) => (kind.name === 'effect' ? kind : unweighed(kind))),
];

function unweighed(kind: RunnerKind): RunnerKind {
  return { ...kind, without: [...kind.without, WEIGHTS] };
}

/** Starts a work that goes on until it is let go; resolves when it has begun. */
export function hold(runner: Runner): Promise<() => void> {
  return new Promise((inside) => {
    void runner.run(
      () =>
        new Promise<void>((release) => {
          inside(release);
        }),
    );
  });
}

/** What one writes around an `acquire` and a `release`. */
class LockableRunner<T> implements Runner {
  constructor(private readonly lockable: Lockable<T>) {}

  async run<R>(work: () => R | Promise<R>): Promise<R> {
    const taken = await this.lockable.acquire();
    try {
      return await work();
    } finally {
      this.lockable.release(taken);
    }
  }

  isFree(): boolean {
    return this.lockable.isFree();
  }
}

class ExclusiveRunner implements Runner {
  constructor(private readonly exclusive: Mutex | Semaphore) {}

  run<T>(work: () => T | Promise<T>): Promise<T> {
    return this.exclusive.runExclusive(work);
  }

  isFree(): boolean {
    return !this.exclusive.isLocked();
  }
}

class LimitRunner implements Runner {
  private readonly limit: LimitFunction;

  constructor(permits: number) {
    this.limit = pLimit(permits);
  }

  run<T>(work: () => T | Promise<T>): Promise<T> {
    return this.limit(work);
  }

  isFree(): boolean {
    return this.limit.activeCount === 0;
  }
}

export class QueueRunner implements Runner {
  readonly queue: PQueue;

  constructor(permits: number) {
    this.queue = new PQueue({ concurrency: permits });
  }

  run<T>(work: () => T | Promise<T>): Promise<T> {
    return this.queue.add(work as () => Promise<T>);
  }

  isFree(): boolean {
    return this.queue.pending === 0;
  }
}

export class EffectRunner implements Runner {
  private readonly semaphore: Effect.Semaphore;
  readonly admitted: ReturnType<Effect.Semaphore['withPermits']>;

  constructor(private readonly permits: number) {
    this.semaphore = Effect.unsafeMakeSemaphore(permits);
    this.admitted = this.semaphore.withPermits(1);
  }

  run<T>(work: () => T | Promise<T>): Promise<T> {
    const running = Effect.suspend(() => {
      const result = work();
      return result instanceof Promise ? Effect.promise(() => result) : Effect.succeed(result);
    });
    return Effect.runPromise(this.admitted(running));
  }

  isFree(): boolean {
    return Option.isSome(Effect.runSync(this.semaphore.withPermitsIfAvailable(this.permits)(Effect.void)));
  }
}

class BulkheadRunner implements Runner {
  private readonly bulkhead: BulkheadPolicy;

  constructor(private readonly permits: number) {
    this.bulkhead = bulkhead(permits, Infinity);
  }

  run<T>(work: () => T | Promise<T>): Promise<T> {
    return this.bulkhead.execute(work);
  }

  isFree(): boolean {
    return this.bulkhead.executionSlots === this.permits;
  }
}
