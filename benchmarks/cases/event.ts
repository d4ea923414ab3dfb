import { Effect } from 'effect';
import { BehaviorSubject, first } from 'rxjs';
import { Event } from 'rxjs-locks';

import type { Case } from '../harness/case.js';
import { bareObservable, type WaitQueueKind } from '../peers/wait-queues.js';
import { CANCELLING, ORDER, STATE } from '../peers/without.js';
import { contestants } from './queue-and-drain.js';

/** The event as a queue whose waiters are all granted by one `set()`. */
const ours: WaitQueueKind = {
  name: 'Event.wait',
  role: 'ours',
  create(onGrant) {
    const event = new Event();
    return {
      enqueue: () => {
        event.wait().subscribe(onGrant);
      },
      hold: () =>
        Promise.resolve(() => {
          event.set();
        }),
      isFree: () => event.isSet() && event.waiting === 0,
    };
  },
};

/** A common solution without a library. */
const flag: WaitQueueKind = {
  name: 'BehaviorSubject + first',
  role: 'peer',
  without: [ORDER],
  create(onGrant) {
    const flag = new BehaviorSubject(false);
    return {
      enqueue: () => {
        flag.pipe(first((isSet) => isSet)).subscribe(onGrant);
      },
      hold: () =>
        Promise.resolve(() => {
          flag.next(true);
        }),
      isFree: () => flag.value && !flag.observed,
    };
  },
};

const latch: WaitQueueKind = {
  name: 'effect Latch',
  role: 'peer',
  without: [STATE],
  create(onGrant) {
    const latch = Effect.unsafeMakeLatch();
    const waiting = Effect.zipRight(latch.await, Effect.sync(onGrant));
    let isOpen = false;
    return {
      enqueue: () => {
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

/** One promise for all waiters. No waiter can be cancelled, and the promise cannot be cleared. */
const promise: WaitQueueKind = {
  name: 'a shared promise',
  role: 'peer',
  without: [CANCELLING, 'clear()', STATE],
  create(onGrant) {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return {
      enqueue: () => {
        void opened.then(onGrant);
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
