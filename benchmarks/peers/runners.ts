/** The peers as runners: a runner gets a task, and runs it when a permit is free. */
import { Mutex, Semaphore } from 'async-mutex';
import { bulkhead, type BulkheadPolicy } from 'cockatiel';
import { Effect, Option } from 'effect';
import pLimit, { type LimitFunction } from 'p-limit';
import PQueue from 'p-queue';

import { asyncMutex, asyncSema, esfx, EsfxLockable, SemaLockable, type Lockable } from './lockables.js';
import { CANCELLING, STATE, WEIGHTS } from './without.js';

export interface Runner {
  run<T>(task: () => T | Promise<T>): Promise<T>;
  /** Whether no task runs, as far as the peer tells. */
  isFree(): boolean;
}

export interface RunnerKind {
  readonly name: string;
  readonly without: readonly string[];
  readonly make: (permits: number) => Runner;
  /** The largest queue that is measured. With a longer one, a sample takes longer than those of all others together. */
  readonly longest?: number;
  /** Whether the peer runs synchronous tasks only. With other tasks it is a thousand times slower than the others. */
  readonly onlySynchronous?: boolean;
}

/** The peers that are runners only. */
export const taskQueues: readonly RunnerKind[] = [
  { name: 'p-limit', without: [CANCELLING, STATE], make: (permits) => new LimitRunner(permits) },
  // Dequeues with Array.shift(), which copies a long array.
  { name: 'p-queue', without: [CANCELLING], make: (permits) => new QueueRunner(permits), longest: 20_000 },
  // A release wakes all waiters. All but one wait again, unless the first task completes synchronously.
  { name: 'effect', without: [STATE], make: (permits) => new EffectRunner(permits), longest: 1_000, onlySynchronous: true },
  // Dequeues like p-queue.
  { name: 'cockatiel', without: [CANCELLING, STATE], make: (permits) => new BulkheadRunner(permits), longest: 20_000 },
];

/** All peers that can run one task at a time. */
export const mutexes: readonly RunnerKind[] = [
  { ...asyncMutex, name: 'async-mutex runExclusive', make: () => new ExclusiveRunner(new Mutex()), longest: 20_000 },
  { ...asyncSema, make: () => new LockableRunner(new SemaLockable()) },
  { ...esfx, make: () => new LockableRunner(new EsfxLockable()) },
  ...taskQueues,
];

/** All peers that can run several tasks at a time. */
export const semaphores: readonly RunnerKind[] = [
  {
    ...asyncMutex,
    name: 'async-mutex Semaphore',
    make: (permits) => new ExclusiveRunner(new Semaphore(permits)),
    longest: 20_000,
  },
  withoutWeights({ ...asyncSema, make: (permits) => new LockableRunner(new SemaLockable(permits)) }),
  ...taskQueues.map((kind) => (kind.name === 'effect' ? kind : withoutWeights(kind))),
];

function withoutWeights(kind: RunnerKind): RunnerKind {
  return { ...kind, without: [...kind.without, WEIGHTS] };
}

/** Starts a task, and resolves when it runs, to the function that ends it. */
export function hold(runner: Runner): Promise<() => void> {
  return new Promise((started) => {
    void runner.run(
      () =>
        new Promise<void>((release) => {
          started(release);
        }),
    );
  });
}

/** A runner made of `acquire` and `release`. */
class LockableRunner<T> implements Runner {
  constructor(private readonly lockable: Lockable<T>) {}

  async run<R>(task: () => R | Promise<R>): Promise<R> {
    const permit = await this.lockable.acquire();
    try {
      return await task();
    } finally {
      this.lockable.release(permit);
    }
  }

  isFree(): boolean {
    return this.lockable.isFree();
  }
}

class ExclusiveRunner implements Runner {
  constructor(private readonly exclusive: Mutex | Semaphore) {}

  run<T>(task: () => T | Promise<T>): Promise<T> {
    return this.exclusive.runExclusive(task);
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

  run<T>(task: () => T | Promise<T>): Promise<T> {
    return this.limit(task);
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

  run<T>(task: () => T | Promise<T>): Promise<T> {
    return this.queue.add(task as () => Promise<T>);
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

  run<T>(task: () => T | Promise<T>): Promise<T> {
    const running = Effect.suspend(() => {
      const result = task();
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

  run<T>(task: () => T | Promise<T>): Promise<T> {
    return this.bulkhead.execute(task);
  }

  isFree(): boolean {
    return this.bulkhead.executionSlots === this.permits;
  }
}
