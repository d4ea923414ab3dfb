import { AsyncMutex } from '@esfx/async-mutex';
import { Cancelable, CancelSubscription, type CancelSignal } from '@esfx/cancelable';
import { Effect, FiberId } from 'effect';
import { Observable, type Subscriber } from 'rxjs';
import { Lock, type Permit } from 'rxjs-locks';

import type { Case, Contestant, Role } from '../harness/case.js';
import { must, untilFree } from '../harness/work.js';
import { held, type Door } from '../peers/doors.js';
import { esfx } from '../peers/lockables.js';
import { EffectRunner, hold } from '../peers/runners.js';
import { STATE } from '../peers/without.js';

/** A door whose line can be left. */
interface LeavableDoor extends Omit<Door, 'join'> {
  /** Joins the line; the rest is what leaves it. */
  join(): () => void;
}

interface LeavableKind {
  readonly name: string;
  readonly role: Role;
  readonly without?: readonly string[];
  readonly atMost?: number;
  readonly longest?: number;
  /** Calls `left` when one who has left is out of the line. */
  readonly open: (visit: () => void, left: () => void) => LeavableDoor;
}

/** How many leave in a run. Then as many join again, which is not counted. */
const LEAVING = 1_000;

const kinds: readonly LeavableKind[] = [
  {
    name: 'Lock.acquire',
    role: 'ours',
    open(visit, left) {
      const lock = new Lock();
      const enter = (permit: Permit): void => {
        visit();
        permit.release();
      };
      return {
        join: () => {
          const subscription = lock.acquire().subscribe(enter);
          return () => {
            subscription.unsubscribe();
            left();
          };
        },
        hold: () => Promise.resolve(held(lock)),
        isFree: () => !lock.locked(),
      };
    },
  },
  {
    name: '@esfx/async-mutex',
    role: 'peer',
    without: esfx.without,
    open(visit, left) {
      const mutex = new AsyncMutex();
      const enter = (): void => {
        visit();
        mutex.unlock();
      };
      return {
        join: () => {
          const leaving = new Leaving();
          mutex.lock(leaving).then(enter, left);
          return () => {
            leaving.signal();
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
    longest: 5_000, // a fiber for each, which takes kilobytes
    open(visit, left) {
      const runner = new EffectRunner(1);
      const work = runner.admitted(Effect.sync(visit));
      return {
        join: () => {
          const fiber = Effect.runFork(work);
          return () => {
            fiber.addObserver(left);
            fiber.unsafeInterruptAsFork(FiberId.none);
          };
        },
        hold: () => hold(runner),
        isFree: () => runner.isFree(),
      };
    },
  },
  {
    // What it takes RxJS alone to forget one who waits: nobody is let in before another.
    name: 'bare Observable (floor)',
    role: 'floor',
    atMost: 3,
    open(visit, left) {
      const parked = new Set<Subscriber<number>>();
      const waiting = new Observable<number>((subscriber) => {
        parked.add(subscriber);
        return () => {
          parked.delete(subscriber);
        };
      });
      return {
        join: () => {
          const subscription = waiting.subscribe(visit);
          return () => {
            subscription.unsubscribe();
            left();
          };
        },
        hold: () =>
          Promise.resolve(() => {
            for (const subscriber of [...parked]) {
              subscriber.next(0);
              subscriber.complete();
            }
          }),
        isFree: () => parked.size === 0,
      };
    },
  },
];

/** What @esfx/async-mutex is cancelled by. */
class Leaving implements Cancelable, CancelSignal {
  signaled = false;
  readonly reason = new Error('left');
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

/** Takes some out of a line, which is in the order in which they joined; they leave in the order of the rest. */
type Choice = (line: (() => void)[], count: number) => (() => void)[];

const choices: readonly (readonly [string, Choice])[] = [
  ['oldest first', (line, count) => line.splice(0, count)],
  ['newest first', (line, count) => line.splice(-count).reverse()],
  ['random', (line, count) => Array.from({ length: count }, () => takeAny(line))],
];

function takeAny(line: (() => void)[]): () => void {
  const last = line.pop();
  const place = Math.floor(random() * (line.length + 1));
  const chosen = line[place] ?? last;
  if (chosen === undefined || last === undefined) {
    throw new Error('the line is too short');
  }
  if (place < line.length) {
    line[place] = last;
  }
  return chosen;
}

/** The same numbers in every process. */
let seed = 1;
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

/** A line that is kept from one run to the next, always of the same length when one begins. */
class Line {
  private readonly door: LeavableDoor;
  private readonly line: (() => void)[] = [];
  private go: () => void = () => undefined;
  private visits = 0;
  private left = 0;
  private allHaveLeft: () => void = () => undefined;

  constructor(
    open: LeavableKind['open'],
    private readonly choose: Choice,
  ) {
    this.door = open(
      () => {
        this.visits++;
      },
      () => {
        if (++this.left === LEAVING) {
          this.allHaveLeft();
        }
      },
    );
  }

  async fill(length: number): Promise<void> {
    if (this.line.length === 0) {
      this.go = await this.door.hold();
    }
    while (this.line.length < length) {
      this.line.push(this.door.join());
    }
    await new Promise(setImmediate);
    must(this.visits === 0, 'not everyone was in line');
  }

  /** Resolves to how many milliseconds it took until all were out of the line. */
  async leave(): Promise<number> {
    const leaving = this.choose(this.line, LEAVING);
    this.left = 0;
    const allHaveLeft = new Promise<void>((resolve) => {
      this.allHaveLeft = resolve;
    });
    const start = performance.now();
    for (const leave of leaving) {
      leave();
    }
    await allHaveLeft;
    return performance.now() - start;
  }

  /** Lets those go in who are left, and throws unless it is these, and nobody else. */
  async drain(): Promise<void> {
    this.go();
    await untilFree(this.door);
    must(this.visits === this.line.length, 'who left was let in, or who stayed was not');
  }
}

function contestant({ name, role, without, atMost, longest, open }: LeavableKind, choose: Choice): Contestant {
  const lines = new Map<number, Line>();
  return {
    name,
    role,
    without,
    atMost,
    longest,
    async run(size) {
      const line = lines.get(size) ?? new Line(open, choose);
      lines.set(size, line);
      await line.fill(size);
      return line.leave();
    },
    async finish(size) {
      await lines.get(size)?.drain();
      lines.delete(size);
    },
  };
}

export const cases: readonly Case[] = choices.map(([order, choose]) => ({
  // Not those that are given an AbortSignal: p-queue and cockatiel look at it when its turn has come, and the place in line
  // stays taken until then. async-mutex and p-limit can cancel all who wait, but not one; async-sema nobody.
  name: `cancel: ${order}`,
  sizes: [5_000, 200_000],
  of: 'waiters',
  each: LEAVING,
  perSample: 3 * LEAVING,
  growth: { atMost: 1.5 },
  contestants: kinds.map((kind) => contestant(kind, choose)),
}));
