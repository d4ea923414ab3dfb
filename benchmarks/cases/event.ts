import { Effect } from 'effect';
import { BehaviorSubject, first } from 'rxjs';
import { Event } from 'rxjs-locks';

import type { Case } from '../harness/case.js';
import { bareObservable, type DoorKind } from '../peers/doors.js';
import { LEAVING, ORDER, STATE } from '../peers/without.js';
import { contestants } from './queue-and-drain.js';

/** The event as a door that is opened once, for all. */
const ours: DoorKind = {
  name: 'Event.wait',
  role: 'ours',
  open(visit) {
    const event = new Event();
    return {
      join: () => {
        event.wait().subscribe(visit);
      },
      hold: () =>
        Promise.resolve(() => {
          event.set();
        }),
      isFree: () => event.isSet() && event.waiting === 0,
    };
  },
};

/** What people write by hand. */
const flag: DoorKind = {
  name: 'BehaviorSubject + first',
  role: 'peer',
  without: [ORDER],
  open(visit) {
    const flag = new BehaviorSubject(false);
    return {
      join: () => {
        flag.pipe(first((isSet) => isSet)).subscribe(visit);
      },
      hold: () =>
        Promise.resolve(() => {
          flag.next(true);
        }),
      isFree: () => flag.value && !flag.observed,
    };
  },
};

const latch: DoorKind = {
  name: 'effect Latch',
  role: 'peer',
  without: [STATE],
  open(visit) {
    const latch = Effect.unsafeMakeLatch();
    const waiting = Effect.zipRight(latch.await, Effect.sync(visit));
    let isOpen = false;
    return {
      join: () => {
        Effect.runFork(waiting);
      },
      hold: () =>
        Promise.resolve(() => {
          latch.unsafeOpen();
          isOpen = true;
        }),
      isFree: () => isOpen,
    };
  },
};

/** One promise for all: nobody can leave, and it is never cleared again. */
const promise: DoorKind = {
  name: 'a shared promise',
  role: 'peer',
  without: [LEAVING, 'clear()', STATE],
  open(visit) {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return {
      join: () => {
        void opened.then(visit);
      },
      hold: () => Promise.resolve(open),
      isFree: () => true,
    };
  },
};

export const cases: readonly Case[] = [
  {
    name: 'event',
    sizes: [10_000],
    of: 'waiters',
    perSample: 100_000,
    contestants: contestants([ours, flag, latch, promise, bareObservable]),
  },
];
