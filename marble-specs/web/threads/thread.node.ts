/** What runs in each thread of these specs: it takes orders, and tells what happens. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';

import { EMPTY, finalize, Observable, Subject, switchMap, tap, type Subscription } from 'rxjs';
import { withLock } from 'rxjs-locks/operators';
import { leader, WebLock, WebSemaphore } from 'rxjs-locks/web';

import type { Order, Target, ThreadData, Told } from './threads.node.js';

const { counters } = workerData as ThreadData;
const ends = new Map<string, Subject<void>>();
const subscriptions = new Map<string, Subscription>();

/** The counters are those of all threads. So they tell the order, which the messages of several threads do not keep. */
function say(word: string, units = 0): void {
  const position = Atomics.add(counters, 0, 1);
  const inside = Atomics.add(counters, 1, units) + units;
  parentPort?.postMessage({ position, word, inside } satisfies Told);
}

function section(who: string, weight: number, turns?: number): Observable<never> {
  const end = new Subject<void>();
  ends.set(who, end);
  return new Observable((subscriber) => {
    say(`${who} in`, weight);
    subscriber.add(() => {
      say(`${who} out`, -weight);
    });
    subscriber.add(
      end.subscribe(() => {
        subscriber.complete();
      }),
    );
    if (turns !== undefined) {
      void pass(turns).then(() => {
        subscriber.complete();
      });
    }
  });
}

async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function lockOf({ name, value }: Target): WebLock | WebSemaphore {
  return value === undefined ? new WebLock(name) : new WebSemaphore(name, value);
}

const failed =
  (who: string) =>
  (error: unknown): void => {
    say(`${who} failed: ${String(error)}`);
  };

function obey(order: Order): void {
  const { who } = order;
  switch (order.what) {
    case 'enter': {
      const { weight = 1 } = order.target;
      const task = section(who, weight, order.turns).pipe(withLock(lockOf(order.target), { weight }));
      subscriptions.set(who, task.subscribe({ error: failed(who) }));
      break;
    }
    case 'leave':
      ends.get(who)?.next();
      break;
    case 'cancel':
      subscriptions.get(who)?.unsubscribe();
      break;
    case 'try':
      lockOf(order.target)
        .tryAcquire(order.target.weight)
        .subscribe((permit) => {
          permit?.release();
          say(`${who} ${permit === null ? 'refused' : 'granted'}`);
        });
      break;
    case 'steal':
      new WebLock(order.target.name)
        .steal()
        .pipe(
          switchMap((permit) =>
            section(who, 1).pipe(
              finalize(() => {
                permit.release();
              }),
            ),
          ),
        )
        .subscribe({ error: failed(who) });
      break;
    case 'stand':
      subscriptions.set(
        who,
        leader(order.target.name)
          .pipe(
            tap((leads) => {
              say(`${who} leads: ${String(leads)}`);
            }),
            switchMap((leads) => (leads ? section(who, 1) : EMPTY)),
          )
          .subscribe(),
      );
      break;
  }
  // The platform has got the request when a later one is answered.
  void navigator.locks
    .request(`barrier ${String(Math.random())}`, () => undefined)
    .then(() => {
      parentPort?.postMessage('obeyed');
    });
}

if (parentPort !== null) {
  parentPort.on('message', obey);
  parentPort.postMessage('obeyed');
  await once(parentPort, 'close');
}
