import { BehaviorSubject } from 'rxjs';
import { Lock, type LockState } from 'rxjs-locks';

import type { Case, Contestant } from '../harness/case.js';
import { must } from '../harness/work.js';
import { ofLock, type Door } from '../peers/doors.js';
import { lockables, type LockableKind } from '../peers/lockables.js';
import { hold, QueueRunner } from '../peers/runners.js';
import { LEAVING, ORDER, STATE } from '../peers/without.js';
import { queueAndDrain } from './queue-and-drain.js';

const WAITERS = 1_000;

/** Free, held, one for each who joins, one for each who goes in, free again; p-queue says of the first that it was added. */
const STATES = 3 + 2 * WAITERS;

type Observer = (state: LockState) => void;

/** A line that is queued and drained while somebody, or nobody, looks at its state. */
function watched(
  name: string,
  { role, without }: Pick<Contestant, 'role' | 'without'>,
  open: (visit: () => void, observers: readonly Observer[]) => Door,
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
      await queueAndDrain((visit) => open(visit, observers), WAITERS);
      must(
        seen.every(({ states, last }) => states === STATES && last?.waiting === 0 && !last.locked),
        'not every observer saw every state',
      );
    },
  };
}

const ours = watched('Lock', { role: 'ours' }, (visit, observers) => {
  const lock = new Lock();
  observers.forEach((observer) => lock.subscribe(observer));
  return ofLock(lock, visit);
});

/** The peers have no state to observe: this is what one writes around them, where no observer ever acts on what it sees. */
const byHand = ({ name, without, make }: LockableKind): Contestant =>
  watched(
    `${name} + BehaviorSubject`,
    { role: 'peer', without: [...without.filter((each) => each !== STATE), ORDER] },
    (visit, observers) => {
      const lockable = make();
      const state = new BehaviorSubject<LockState>({ locked: false, waiting: 0 });
      observers.forEach((observer) => state.subscribe(observer));
      let waiting = 0;
      const enter = (taken: unknown): void => {
        state.next({ locked: true, waiting: --waiting });
        visit();
        leave(taken);
      };
      const leave = (taken: unknown): void => {
        if (waiting === 0) {
          state.next({ locked: false, waiting });
        }
        lockable.release(taken);
      };
      return {
        join: () => {
          state.next({ locked: true, waiting: ++waiting });
          void lockable.acquire().then(enter);
        },
        hold: async () => {
          const taken = await lockable.acquire();
          state.next({ locked: true, waiting });
          return () => {
            leave(taken);
          };
        },
        isFree: () => lockable.isFree(),
      };
    },
  );

/** It emits events, whose listeners look at its counters. */
const events = watched('p-queue events', { role: 'peer', without: [LEAVING, 'snapshots of the state'] }, (visit, observers) => {
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
    join: () => {
      void runner.run(visit);
    },
    hold: () => hold(runner),
    isFree: () => runner.isFree(),
  };
});

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
