/**
 * Two runs that use the primitives as a program does that runs for weeks. They measure neither time nor memory: the command
 * does, and a spec plays short runs.
 */
import { retry, type Observable, type Subscription } from 'rxjs';
import { Lock } from 'rxjs-locks';

import { PrimitiveGroup } from './primitive-group.js';
import { randomOf } from './random.js';

/** How many waiters share the primitives of a group: enough for queues, and few enough for most to be granted. */
const perGroup = 100;

/** The number of cycles from one action on a group to the next. */
const cyclesPerAction = 100;

export interface CyclesOptions {
  readonly seed: number;
  readonly cycles: number;
  /** How many waiters and holders there are at any time. */
  readonly live: number;
  /** Called after each tenth with the number of waiters. Returns whether to continue. */
  readonly tenth?: (waiting: number) => boolean;
}

/**
 * In each cycle, one waiter or holder unsubscribes, and another one subscribes. At the end, all unsubscribe. Returns whether
 * all primitives are empty then.
 */
export function playCycles({ seed, cycles, live, tenth }: CyclesOptions): boolean {
  const random = randomOf(seed);
  const groups = Array.from({ length: Math.ceil(live / perGroup) }, () => new PrimitiveGroup());
  const anyGroup = (): PrimitiveGroup => pick(groups, random(groups.length));
  // A slot always has the same way to wait, so that the heap has the same mix of objects at each measurement.
  const subscribe = (slot: number): Subscription => {
    const { waits } = anyGroup();
    return pick<Observable<unknown>>(waits, slot % waits.length)
      .pipe(retry())
      .subscribe();
  };
  const subscriptions = Array.from({ length: live }, (_, slot) => subscribe(slot));
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const slot = random(live);
    subscriptions[slot]?.unsubscribe();
    subscriptions[slot] = subscribe(slot);
    if (cycle % cyclesPerAction === 0) {
      anyGroup().act(random);
    }
    if (tenth !== undefined && Math.floor((cycle * 10) / cycles) > Math.floor(((cycle - 1) * 10) / cycles)) {
      if (!tenth(groups.reduce((sum, { waiting }) => sum + waiting, 0))) {
        return false;
      }
    }
  }
  for (const subscription of subscriptions) {
    subscription.unsubscribe();
  }
  return groups.every((group) => group.isEmpty());
}

export interface QueueOptions {
  readonly seed: number;
  readonly length: number;
  /** Calls the function that cancels all waiters, and may measure it. */
  readonly cancelling?: (cancelAll: () => void) => void;
}

/** Cancels the waiters of a long queue in random order, while the lock is held. Returns the number of waiters at the end. */
export function playQueue({ seed, length, cancelling = run }: QueueOptions): number {
  const random = randomOf(seed);
  const lock = new Lock();
  lock.tryAcquire();
  const queue = Array.from({ length }, () => lock.acquire().subscribe());
  for (let left = length; left > 1; left--) {
    const other = random(left);
    [queue[left - 1], queue[other]] = [pick(queue, other), pick(queue, left - 1)];
  }
  cancelling(() => {
    for (const waiter of queue) {
      waiter.unsubscribe();
    }
  });
  return lock.waiting;
}

function run(task: () => void): void {
  task();
}

function pick<T>(list: readonly T[], index: number): T {
  const picked = list[index];
  if (picked === undefined) {
    throw new RangeError(`there is no ${String(index)} among ${String(list.length)}`);
  }
  return picked;
}
