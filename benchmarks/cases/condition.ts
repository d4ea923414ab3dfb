import { EMPTY } from 'rxjs';
import { Condition } from 'rxjs-locks';

import type { Case, Contestant } from '../harness/case.js';
import { must, untilFree } from '../harness/work.js';
import { lockables, type Lockable, type LockableKind } from '../peers/lockables.js';
import { LEAVING, STATE } from '../peers/without.js';

/** Where one puts a number, and another takes it: the lock of the condition protects it. */
class Slot {
  private content: number | undefined;
  private count = 0;
  private sum = 0;

  readonly isFull = (): boolean => this.content !== undefined;

  put(): void {
    must(!this.isFull(), 'a number was put over another one');
    this.content = this.count++;
  }

  /** Says how many have been taken. */
  take(): number {
    must(this.isFull(), 'a number was taken twice');
    this.sum += this.content ?? NaN;
    this.content = undefined;
    return this.count;
  }

  /** Throws unless 0 … size - 1 have been taken. */
  check(size: number): void {
    must(!this.isFull() && this.count === size && this.sum === (size * (size - 1)) / 2, 'not all were handed over');
  }
}

/** All consumers sleep; each that has been handed a number has the next one put, before it leaves. */
const ours: Contestant = {
  name: 'Condition.waitFor',
  role: 'ours',
  async run(size) {
    const slot = new Slot();
    const filled = new Condition();
    const put = filled.use(() => {
      slot.put();
      filled.notify();
      return EMPTY;
    });
    const take = filled.use((permit) => filled.waitFor(slot.isFull, { permit }));
    await new Promise<void>((resolve, reject) => {
      const taken = (): void => {
        if (slot.take() === size) {
          resolve();
        } else {
          put.subscribe();
        }
      };
      for (let i = 0; i < size; i++) {
        take.subscribe({ next: taken, error: reject });
      }
      must(filled.waiting === size, 'not everyone slept');
      put.subscribe();
    });
    slot.check(size);
    must(!filled.locked() && filled.waiting === 0, 'the lock was not released');
  },
};

/** None of the peers has a condition: this is asyncio's, over a mutex of theirs, without what it takes to leave. */
class ConditionByHand {
  private readonly sleepers: (() => void)[] = [];

  constructor(private readonly lock: Lockable) {}

  /** Goes to sleep with what holds the lock; resolves to what holds it again. */
  async wait(taken: unknown): Promise<unknown> {
    const notified = new Promise<void>((resolve) => {
      this.sleepers.push(resolve);
    });
    this.lock.release(taken);
    await notified;
    return this.lock.acquire();
  }

  notify(): void {
    this.sleepers.shift()?.();
  }
}

function byHand({ name, make }: LockableKind): Contestant {
  return {
    name: `by hand over ${name}`,
    role: 'peer',
    without: [LEAVING, STATE],
    async run(size) {
      const slot = new Slot();
      const lock = make();
      const filled = new ConditionByHand(lock);
      const put = async (): Promise<void> => {
        const holding = await lock.acquire();
        slot.put();
        filled.notify();
        lock.release(holding);
      };
      await new Promise<void>((resolve, reject) => {
        const take = async (): Promise<void> => {
          let holding = await lock.acquire();
          while (!slot.isFull()) {
            holding = await filled.wait(holding);
          }
          if (slot.take() === size) {
            resolve();
          } else {
            void put();
          }
          lock.release(holding);
        };
        for (let i = 0; i < size; i++) {
          take().catch(reject);
        }
        void put(); // who comes last, when all sleep
      });
      await untilFree(lock);
      slot.check(size);
    },
  };
}

export const cases: readonly Case[] = [
  {
    name: 'condition: hand-over',
    sizes: [10_000],
    of: 'hand-overs',
    contestants: [ours, ...lockables.map(byHand)],
  },
];
