/**
 * The script of every page, iframe and worker of these specs. A spec drives it by the global `tab`. What happens in it, it says to the
 * server, which is the witness.
 */
import {
  defer,
  EMPTY,
  filter,
  firstValueFrom,
  ignoreElements,
  lastValueFrom,
  Observable,
  repeat,
  retry,
  skip,
  Subject,
  switchMap,
  takeUntil,
  tap,
  timer,
  type Subscription,
} from 'rxjs';
import type { Permit } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';
import { leader, stateOf, WebLock, WebSemaphore, type WebLockOptions } from 'rxjs-locks/web';

import { request, writeTokens } from './token-recipe.js';

/** A web lock, or with a `value` a web semaphore. */
export interface Target extends WebLockOptions {
  readonly name: string;
  readonly value?: number;
  readonly weight?: number;
}

export interface EnterOptions {
  /** How many trips to the server the section takes. Without it, the section lasts until `leave()`. */
  readonly trips?: number;
  /** Waits in the queue again after a loss. */
  readonly retry?: boolean;
}

/** What the platform shows of a name. */
export interface Shown {
  readonly held: number;
  readonly pending: number;
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  /** The name of the cause. */
  readonly cause: string;
}

export class Tab {
  readonly web = { leader, stateOf, WebLock, WebSemaphore };
  readonly recipe = {
    writeTokens,
    status: async (path: string): Promise<number> => (await firstValueFrom(request(path))).status,
  };
  readonly worker: Worker | undefined = undefined;

  private readonly ends = new Map<string, Subject<void>>();
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly permits = new Map<string, Permit>();

  /** Tells the server, and returns when it knows. So the order of the words is the order of what happened. */
  say(word: string): void {
    try {
      const request = new XMLHttpRequest();
      request.open('POST', '/say', false);
      request.send(word);
    } catch {
      navigator.sendBeacon('/say', word); // a page that is about to be frozen sends nothing else
    }
  }

  /** Runs a section by `withLock()`. It says when it begins and ends, and then what downstream hears. */
  enter(who: string, target: Target, options: EnterOptions = {}): void {
    const { weight = 1 } = target;
    const section = this.section(who, weight, options.trips).pipe(
      withLock(lockOf(target), { weight }),
      tap({
        error: (error: unknown) => {
          this.say(`${who} failed: ${String(error)}`);
        },
      }),
    );
    this.subscriptions.set(
      who,
      (options.retry === true ? section.pipe(retry()) : section).subscribe({
        error: () => undefined,
        complete: () => {
          this.say(`${who} done`);
        },
      }),
    );
  }

  /** Completes a section, or releases a stolen lock. */
  leave(who: string): void {
    this.ends.get(who)?.next();
    const permit = this.permits.get(who);
    if (permit !== undefined) {
      this.say(`${who} out`);
      permit.release();
    }
  }

  /** Unsubscribes from a section. */
  cancel(who: string): void {
    this.subscriptions.get(who)?.unsubscribe();
  }

  /** Steals the lock, until `leave()`. */
  steal(who: string, name: string): void {
    new WebLock(name).steal().subscribe({
      next: (permit) => {
        this.permits.set(who, permit);
        this.say(`${who} in`);
      },
      error: (error: unknown) => {
        this.say(`${who} failed: ${String(error)}`);
      },
    });
  }

  /** Answers whether `tryAcquire()` gets a permit, which it releases. */
  isFree(target: Target): Promise<boolean> {
    return new Promise((resolve, reject) => {
      lockOf(target)
        .tryAcquire(target.weight)
        .subscribe({
          next: (permit) => {
            permit?.release();
            resolve(permit !== null);
          },
          error: reject,
        });
    });
  }

  /** Subscribes `times` times in a row to a source that is skipped where the lock is busy. Resolves to how often it ran. */
  runSkipping(name: string, times: number): Promise<number> {
    let runs = 0;
    const source = defer(() => [++runs]).pipe(withLock(new WebLock(name), { whenBusy: 'skip' }), repeat(times));
    return lastValueFrom(source.pipe(ignoreElements()), { defaultValue: undefined }).then(() => runs);
  }

  /**
   * Runs tasks with random weights and cancels about a third of them, at random moments. Resolves when all have ended. A task is
   * called after `who` and its number.
   */
  async stress(who: string, target: Target, count: number): Promise<void> {
    const { value = 1 } = target;
    await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const weight = 1 + Math.floor(Math.random() * value);
        const task = this.section(`${who}${String(index)}`, weight, 1).pipe(withLock(lockOf(target), { weight }));
        const isCancelled = Math.random() < 0.3;
        await lastValueFrom(isCancelled ? task.pipe(takeUntil(timer(Math.random() * 100))) : task, { defaultValue: undefined });
      }),
    );
  }

  /** Stands for election, and is inside while it leads. */
  stand(who: string, name: string): void {
    const leads$ = leader(name).pipe(
      tap((leads) => {
        this.say(`${who} leads: ${String(leads)}`);
      }),
      switchMap((leads) => (leads ? this.section(who, 1) : EMPTY)),
    );
    this.subscriptions.set(who, leads$.subscribe());
  }

  /** Holds a lock as a program does that does not know this library. */
  holdRaw(who: string, name: string): void {
    void navigator.locks.request(name, () => {
      this.say(`${who} in`);
      return new Promise(() => undefined);
    });
  }

  /** Asks in each way, and resolves to the failures. */
  failures(name: string): Promise<Failure[]> {
    const [lock, semaphore] = [new WebLock(name), new WebSemaphore(name, 2)];
    const ways: Observable<unknown>[] = [
      lock.acquire(),
      lock.tryAcquire(),
      lock.steal(),
      semaphore.acquire(2),
      semaphore.tryAcquire(),
      leader(name).pipe(skip(1)),
      stateOf(name),
    ];
    return Promise.all(
      ways.map((way) =>
        firstValueFrom(way).then(
          (value) => ({ name: 'granted', message: String(value), cause: '' }),
          (error: unknown) => {
            const { name: kind, message, cause } = error as Error;
            return { name: kind, message, cause: (cause as Error | undefined)?.name ?? 'undefined' };
          },
        ),
      ),
    );
  }

  /** Lets several tasks of this page ask with the option `fallback: 'local'`. Resolves to what happened. */
  async excludeLocally(name: string): Promise<string[]> {
    const events: string[] = [];
    const lock = new WebLock(name, { fallback: 'local' });
    const first = await firstValueFrom(lock.acquire());
    events.push('first in');
    const third = lock.run(() => {
      events.push('third in', 'third out');
    });
    if ((await firstValueFrom(new WebLock(name, { fallback: 'local' }).tryAcquire())) === null) {
      events.push('second refused');
    }
    events.push('first out');
    first.release();
    await third;
    await firstValueFrom(
      leader(name, { fallback: 'local' }).pipe(
        tap((leads) => events.push(`leads: ${String(leads)}`)),
        filter((leads) => leads),
      ),
    );
    return events;
  }

  async shown(name: string): Promise<Shown> {
    const { held = [], pending = [] } = await navigator.locks.query();
    const count = (infos: readonly LockInfo[]): number => infos.filter((each) => each.name === name).length;
    return { held: count(held), pending: count(pending) };
  }

  /**
   * Waits for the answer of the platform to a new request. The platform takes the requests of a tab in order, and answers in order.
   * So it has what this tab asked for before, and this tab has what was granted to it before.
   */
  async barrier(): Promise<void> {
    await navigator.locks.request(`barrier ${String(Math.random())}`, { ifAvailable: true }, () => undefined);
  }

  /** Starts a worker with this script, and waits until it runs. */
  startWorker(): Promise<void> {
    const worker = new Worker('/tab.js');
    Object.assign(this, { worker });
    return new Promise((resolve) => {
      worker.onmessage = () => {
        resolve();
      };
    });
  }

  /** Calls a method of the `Tab` in the shared worker, which needs no tab to drive it. */
  tellSharedWorker(...order: Order): void {
    new SharedWorker('/tab.js').port.postMessage(order);
  }

  /** What runs while the lock is held. */
  private section(who: string, weight: number, trips?: number): Observable<never> {
    const end = new Subject<void>();
    this.ends.set(who, end);
    return new Observable((subscriber) => {
      this.say(weight === 1 ? `${who} in` : `${who} in ${String(weight)}`);
      subscriber.add(() => {
        this.say(`${who} out`);
      });
      subscriber.add(
        end.subscribe(() => {
          subscriber.complete();
        }),
      );
      if (trips !== undefined) {
        void travel(trips).then(() => {
          subscriber.complete();
        });
      }
    });
  }
}

type Order = readonly ['enter', string, Target] | readonly ['leave', string];

async function travel(trips: number): Promise<void> {
  for (let trip = 0; trip < trips; trip++) {
    await fetch('/trip');
  }
}

function lockOf({ name, value, weight: _weight, ...options }: Target): WebLock | WebSemaphore {
  return value === undefined ? new WebLock(name, options) : new WebSemaphore(name, value, options);
}

declare global {
  var tab: Tab;
}
globalThis.tab = new Tab();

if ('document' in globalThis) {
  const who = new URLSearchParams(location.search).get('who');
  if (who !== null) {
    addEventListener('pageshow', ({ persisted }) => {
      tab.say(`${who} is shown${persisted ? ' again' : ''}`);
    });
    addEventListener('pagehide', ({ persisted }) => {
      tab.say(`${who} ${persisted ? 'sleeps' : 'goes'}`);
    });
  }
} else {
  (globalThis as { onconnect?: unknown }).onconnect = ({ ports }: MessageEvent) => {
    for (const port of ports) {
      port.onmessage = ({ data }: MessageEvent<Order>) => {
        if (data[0] === 'enter') {
          tab.enter(data[1], data[2]);
        } else {
          tab.leave(data[1]);
        }
      };
    }
  };
  if (!('SharedWorkerGlobalScope' in globalThis)) {
    postMessage('started');
  }
}
