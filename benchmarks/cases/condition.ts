import { EMPTY } from 'rxjs';
import { Condition } from 'rxjs-locks';

import type { Case, Contestant } from '../harness/case.js';
import { must, untilFree } from '../harness/task.js';
import { lockables, type Lockable, type LockableKind } from '../peers/lockables.js';
import { CANCELLING, STATE } from '../peers/without.js';

/** A place for one number. A producer puts it, a consumer takes it. The lock of the condition protects the slot. */
class Slot {
  private content: number | undefined;
  private count = 0;
  private sum = 0;

  readonly isFull = (): boolean => this.content !== undefined;

  put(): void {
    must(!this.isFull(), 'a number was overwritten');
    this.content = this.count++;
  }

  /** Returns how many numbers have been taken. */
  take(): number {
    must(this.isFull(), 'a number was taken twice');
    this.sum += this.content ?? NaN;
    this.content = undefined;
    return this.count;
  }

  /** Throws unless the numbers 0 … size - 1 have been taken. */
  check(size: number): void {
    must(!this.isFull() && this.count === size && this.sum === (size * (size - 1)) / 2, 'not all numbers were handed over');
  }
}

/** All consumers wait. Each consumer takes a number, requests the next one, and then releases the lock. */
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
      must(filled.waiting === size, 'not all consumers were waiting');
      put.subscribe();
    });
    slot.check(size);
    must(!filled.locked() && filled.waiting === 0, 'the lock was not released');
  },
};

/** None of the peers has a condition. This is the algorithm of asyncio over a mutex of a peer, without cancellation. */
class ConditionByHand {
  private readonly waiters: (() => void)[] = [];

  constructor(private readonly lock: Lockable) {}

  /** Takes the permit of the held lock and releases it until `notify()`. Resolves to the permit of the reacquired lock. */
  async wait(permit: unknown): Promise<unknown> {
    const notified = new Promise<void>((resolve) => {
      this.waiters.push(resolve);
    });
    this.lock.release(permit);
    await notified;
    return this.lock.acquire();
  }

  notify(): void {
    this.waiters.shift()?.();
  }
}

function byHand({ name, make }: LockableKind): Contestant {
  return {
    name: `by hand over ${name}`,
    role: 'peer',
    without: [CANCELLING, STATE],
    async run(size) {
      const slot = new Slot();
      const lock = make();
      const filled = new ConditionByHand(lock);
      const put = async (): Promise<void> => {
        const permit = await lock.acquire();
        slot.put();
        filled.notify();
        lock.release(permit);
      };
      await new Promise<void>((resolve, reject) => {
        const take = async (): Promise<void> => {
          let permit = await lock.acquire();
          while (!slot.isFull()) {
            permit = await filled.wait(permit);
          }
          if (slot.take() === size) {
            resolve();
          } else {
            void put();
          }
          lock.release(permit);
        };
        for (let i = 0; i < size; i++) {
          take().catch(reject);
        }
        void put(); // last in the queue of the lock, so that all consumers are waiting by then
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
