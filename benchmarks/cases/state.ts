import { BehaviorSubject } from 'rxjs';
import { Lock, type LockState } from 'rxjs-locks';

import type { Case, Contestant } from '../harness/case.js';
import { must } from '../harness/task.js';
import { lockables, type LockableKind } from '../peers/lockables.js';
import { hold, QueueRunner } from '../peers/runners.js';
import { ofLock, type WaitQueue } from '../peers/wait-queues.js';
import { CANCELLING, ORDER, STATE } from '../peers/without.js';
import { queueAndDrain } from './queue-and-drain.js';

const WAITERS = 1_000;

/**
 * The states that an observer sees: free, held, one for each enqueued waiter, one for each grant, and free again. p-queue has no
 * initial event, but an additional one for the first task.
 */
const STATES = 3 + 2 * WAITERS;

type Observer = (state: LockState) => void;

/** Fills and drains a queue while `count` observers see its state. */
function watched(
  name: string,
  { role, without }: Pick<Contestant, 'role' | 'without'>,
  create: (onGrant: () => void, observers: readonly Observer[]) => WaitQueue,
): Contestant {
  return {
    name,
    role,
    without,
    async run(count) {
      const seen = Array.from({ length: count }, () => ({ states: 0, last: undefined as LockState | undefined }));
      const observers = seen.map((each) => (state: LockState) => {
        each.states++;
        each.last = state;
      });
      await queueAndDrain((onGrant) => create(onGrant, observers), WAITERS);
      must(
        seen.every(({ states, last }) => states === STATES && last?.waiting === 0 && !last.locked),
        'not every observer saw every state',
      );
    },
  };
}

const ours = watched('Lock', { role: 'ours' }, (onGrant, observers) => {
  const lock = new Lock();
  observers.forEach((observer) => lock.subscribe(observer));
  return ofLock(lock, onGrant);
});

/** The peers have no observable state. This adds one by hand, for observers that do not call the lock. */
const byHand = ({ name, without, make }: LockableKind): Contestant =>
  watched(
    `${name} + BehaviorSubject`,
    { role: 'peer', without: [...without.filter((each) => each !== STATE), ORDER] },
    (onGrant, observers) => {
      const lockable = make();
      const state = new BehaviorSubject<LockState>({ locked: false, waiting: 0 });
      observers.forEach((observer) => state.subscribe(observer));
      let waiting = 0;
      const enter = (permit: unknown): void => {
        state.next({ locked: true, waiting: --waiting });
        onGrant();
        leave(permit);
      };
      const leave = (permit: unknown): void => {
        if (waiting === 0) {
          state.next({ locked: false, waiting });
        }
        lockable.release(permit);
      };
      return {
        enqueue: () => {
          state.next({ locked: true, waiting: ++waiting });
          void lockable.acquire().then(enter);
        },
        hold: async () => {
          const permit = await lockable.acquire();
          state.next({ locked: true, waiting });
          return () => {
            leave(permit);
          };
        },
        isFree: () => lockable.isFree(),
      };
    },
  );

/** p-queue emits events without a state, so the listeners read its counters. */
const events = watched(
  'p-queue events',
  { role: 'peer', without: [CANCELLING, 'snapshots of the state'] },
  (onGrant, observers) => {
    const runner = new QueueRunner(1);
    const { queue } = runner;
    for (const observer of observers) {
      const look = (): void => {
        observer({ locked: queue.pending > 0, waiting: queue.size });
      };
      queue.on('add', look);
      queue.on('active', look);
      queue.on('idle', look);
    }
    return {
      enqueue: () => {
        void runner.run(onGrant);
      },
      hold: () => hold(runner),
      isFree: () => runner.isFree(),
    };
  },
);

export const cases: readonly Case[] = [
  {
    name: 'state observed',
    sizes: [0, 1, 10],
    of: 'observers',
    each: WAITERS,
    perSample: 20_000,
    contestants: [ours, ...lockables.map(byHand), events],
  },
];
