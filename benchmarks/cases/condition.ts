import { map, repeat, type Observable } from 'rxjs';
import { Condition } from 'rxjs-locks';

import type { Case, Contestant } from '../harness/case.js';
import { must } from '../harness/work.js';
import { lockables, type Lockable, type LockableKind } from '../peers/lockables.js';

/** Where one puts a number, and another takes it: the lock of the condition protects it. */
class Slot {
  private content: number | undefined;
  private count = 0;
  private sum = 0;

  readonly isEmpty = (): boolean => this.content === undefined;
  readonly isFull = (): boolean => this.content !== undefined;

  put(): void {
    must(this.isEmpty(), 'a number was put over another one');
    this.content = this.count++;
  }

  take(): void {
    must(this.isFull(), 'a number was taken twice');
    this.sum += this.content ?? NaN;
    this.content = undefined;
  }

  /** Throws unless 0 … size - 1 have been taken. */
  check(size: number): void {
    must(this.isEmpty() && this.count === size && this.sum === (size * (size - 1)) / 2, 'not all were handed over');
  }
}

const ours: Contestant = {
  name: 'Condition.waitFor',
  role: 'ours',
  async run(size) {
    const slot = new Slot();
    const changed = new Condition();
    const step = (predicate: () => boolean, act: () => void): Observable<void> => {
      const work = changed.use((permit) =>
        changed.waitFor(predicate, { permit }).pipe(
          map(() => {
            act();
            changed.notify();
          }),
        ),
      );
      return work.pipe(repeat(size));
    };
    await new Promise<void>((resolve, reject) => {
      step(slot.isFull, () => {
        slot.take();
      }).subscribe({ error: reject, complete: resolve });
      step(slot.isEmpty, () => {
        slot.put();
      }).subscribe({ error: reject });
    });
    slot.check(size);
    must(!changed.locked() && changed.waiting === 0, 'the lock was not released');
  },
};

/** None of the peers has a condition: this is asyncio's, over a mutex of theirs. */
class ConditionByHand {
  private readonly sleepers: (() => void)[] = [];

  constructor(readonly lock: Lockable) {}

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
    async run(size) {
      const slot = new Slot();
      const changed = new ConditionByHand(make());
      const steps = async (predicate: () => boolean, act: () => void): Promise<void> => {
        for (let i = 0; i < size; i++) {
          let taken = await changed.lock.acquire();
          while (!predicate()) {
            taken = await changed.wait(taken);
          }
          act();
          changed.notify();
          changed.lock.release(taken);
        }
      };
      await Promise.all([
        steps(slot.isFull, () => {
          slot.take();
        }),
        steps(slot.isEmpty, () => {
          slot.put();
        }),
      ]);
      slot.check(size);
      must(changed.lock.isFree(), 'the lock was not released');
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
