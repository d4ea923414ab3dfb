import { AsyncMutex } from '@esfx/async-mutex';
import { Cancelable, CancelSubscription, type CancelSignal } from '@esfx/cancelable';
import { Effect, FiberId } from 'effect';
import { Observable, type Subscriber } from 'rxjs';
import { Lock, type Permit } from 'rxjs-locks';

import type { Case, Contestant, Role } from '../harness/case.js';
import { must, untilFree } from '../harness/task.js';
import { esfx } from '../peers/lockables.js';
import { EffectRunner, hold } from '../peers/runners.js';
import { acquireNow, type WaitQueue } from '../peers/wait-queues.js';
import { STATE } from '../peers/without.js';

/** A queue whose waiters can be cancelled one at a time. */
interface CancellableQueue extends Omit<WaitQueue, 'enqueue'> {
  /** Enqueues a waiter, and returns the function that cancels it. */
  enqueue(): () => void;
}

interface CancellableQueueKind {
  readonly name: string;
  readonly role: Role;
  readonly without?: readonly string[];
  readonly atMost?: number;
  readonly longest?: number;
  /** Calls `onCancelled` when a cancelled waiter is out of the queue. */
  readonly create: (onGrant: () => void, onCancelled: () => void) => CancellableQueue;
}

/** The number of waiters cancelled in a run. The next run enqueues as many again, outside of the measured time. */
const CANCELLED = 1_000;

const kinds: readonly CancellableQueueKind[] = [
  {
    name: 'Lock.acquire',
    role: 'ours',
    create(onGrant, onCancelled) {
      const lock = new Lock();
      const enter = (permit: Permit): void => {
        onGrant();
        permit.release();
      };
      return {
        enqueue: () => {
          const subscription = lock.acquire().subscribe(enter);
          return () => {
            subscription.unsubscribe();
            onCancelled();
          };
        },
        hold: () => Promise.resolve(acquireNow(lock)),
        isFree: () => !lock.locked(),
      };
    },
  },
  {
    name: '@esfx/async-mutex',
    role: 'peer',
    without: esfx.without,
    create(onGrant, onCancelled) {
      const mutex = new AsyncMutex();
      const enter = (): void => {
        onGrant();
        mutex.unlock();
      };
      return {
        enqueue: () => {
          const source = new CancelSource();
          mutex.lock(source).then(enter, onCancelled);
          return () => {
            source.signal();
          };
        },
        hold: async () => {
          await mutex.lock();
          return () => {
            mutex.unlock();
          };
        },
        isFree: () => !mutex.isLocked,
      };
    },
  },
  {
    name: 'effect',
    role: 'peer',
    without: [STATE],
    longest: 5_000, // each waiter is a fiber of several kilobytes
    create(onGrant, onCancelled) {
      const runner = new EffectRunner(1);
      const task = runner.admitted(Effect.sync(onGrant));
      return {
        enqueue: () => {
          const fiber = Effect.runFork(task);
          return () => {
            fiber.addObserver(onCancelled);
            fiber.unsafeInterruptAsFork(FiberId.none);
          };
        },
        hold: () => hold(runner),
        isFree: () => runner.isFree(),
      };
    },
  },
  {
    // The cost of an unsubscription in RxJS alone. It keeps no order among the waiters.
    name: 'bare Observable (floor)',
    role: 'floor',
    atMost: 3,
    create(onGrant, onCancelled) {
      const waiters = new Set<Subscriber<number>>();
      const wait = new Observable<number>((subscriber) => {
        waiters.add(subscriber);
        return () => {
          waiters.delete(subscriber);
        };
      });
      return {
        enqueue: () => {
          const subscription = wait.subscribe(onGrant);
          return () => {
            subscription.unsubscribe();
            onCancelled();
          };
        },
        hold: () =>
          Promise.resolve(() => {
            for (const subscriber of [...waiters]) {
              subscriber.next(0);
              subscriber.complete();
            }
          }),
        isFree: () => waiters.size === 0,
      };
    },
  },
];

/** The cancel signal for @esfx/async-mutex. */
class CancelSource implements Cancelable, CancelSignal {
  signaled = false;
  readonly reason = new Error('cancelled');
  private listener: (() => void) | undefined = undefined;

  [Cancelable.cancelSignal](): CancelSignal {
    return this;
  }

  subscribe(listener: () => void): CancelSubscription {
    this.listener = listener;
    return CancelSubscription.create(() => {
      this.listener = undefined;
    });
  }

  signal(): void {
    this.signaled = true;
    this.listener?.();
  }
}

/** Removes `count` waiters from the array, which is in queue order. Returns them in the order in which to cancel them. */
type Choice = (waiters: (() => void)[], count: number) => (() => void)[];

const choices: readonly (readonly [string, Choice])[] = [
  ['oldest first', (waiters, count) => waiters.splice(0, count)],
  ['newest first', (waiters, count) => waiters.splice(-count).reverse()],
  ['random', (waiters, count) => Array.from({ length: count }, () => takeAny(waiters))],
];

function takeAny(waiters: (() => void)[]): () => void {
  const last = waiters.pop();
  const place = Math.floor(random() * (waiters.length + 1));
  const chosen = waiters[place] ?? last;
  if (chosen === undefined || last === undefined) {
    throw new Error('the queue is too short');
  }
  if (place < waiters.length) {
    waiters[place] = last;
  }
  return chosen;
}

/** Seeded, so that each process gets the same numbers. */
let seed = 1;
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

/** A queue that is kept between the runs. It has the same length at the start of each run. */
class KeptQueue {
  private readonly queue: CancellableQueue;
  private readonly waiters: (() => void)[] = [];
  private release: () => void = () => undefined;
  private grants = 0;
  private cancelled = 0;
  private allCancelled: () => void = () => undefined;

  constructor(
    create: CancellableQueueKind['create'],
    private readonly choose: Choice,
  ) {
    this.queue = create(
      () => {
        this.grants++;
      },
      () => {
        if (++this.cancelled === CANCELLED) {
          this.allCancelled();
        }
      },
    );
  }

  async fill(length: number): Promise<void> {
    if (this.waiters.length === 0) {
      this.release = await this.queue.hold();
    }
    while (this.waiters.length < length) {
      this.waiters.push(this.queue.enqueue());
    }
    await new Promise(setImmediate);
    must(this.grants === 0, 'not all waiters were enqueued');
  }

  /** Resolves to the milliseconds until all cancelled waiters were out of the queue. */
  async cancel(): Promise<number> {
    const cancelled = this.choose(this.waiters, CANCELLED);
    this.cancelled = 0;
    const allCancelled = new Promise<void>((resolve) => {
      this.allCancelled = resolve;
    });
    const start = performance.now();
    for (const cancel of cancelled) {
      cancel();
    }
    await allCancelled;
    return performance.now() - start;
  }

  /** Grants the waiters that are left, and throws unless exactly these were granted. */
  async drain(): Promise<void> {
    this.release();
    await untilFree(this.queue);
    must(this.grants === this.waiters.length, 'a cancelled waiter was granted, or another waiter was not');
  }
}

function contestant({ name, role, without, atMost, longest, create }: CancellableQueueKind, choose: Choice): Contestant {
  const queues = new Map<number, KeptQueue>();
  return {
    name,
    role,
    without,
    atMost,
    longest,
    async run(size) {
      const kept = queues.get(size) ?? new KeptQueue(create, choose);
      queues.set(size, kept);
      await kept.fill(size);
      return kept.cancel();
    },
    async finish(size) {
      await queues.get(size)?.drain();
      queues.delete(size);
    },
  };
}

export const cases: readonly Case[] = choices.map(([order, choose]) => ({
  // p-queue and cockatiel do not take part: they check an AbortSignal only when the task would start, so that a cancelled task
  // stays in the queue until then. async-mutex and p-limit can cancel all waiters, but not one. async-sema cannot cancel any.
  name: `cancel: ${order}`,
  sizes: [5_000, 200_000],
  of: 'waiters',
  each: CANCELLED,
  perSample: 3 * CANCELLED,
  growth: { atMost: 1.5 },
  contestants: kinds.map((kind) => contestant(kind, choose)),
}));
