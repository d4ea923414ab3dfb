// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import { HttpClient, provideHttpClient, withInterceptors, type HttpContext } from '@angular/common/http';
import { inject, InjectionToken, ɵglobal, type Provider } from '@angular/core';
import { NEVER } from 'rxjs';
import { Barrier, Condition, Event, KeyedLock, Lock, ReadWriteLock, Semaphore, type Acquirable } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';
import {
  coordinateRequests,
  gateRequests,
  limitRequests,
  lockedBy,
  provideLockDiagnostics,
  refreshOn401,
  serializeRequests,
  type LockDiagnosticsOptions,
} from 'rxjs-locks/angular';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { WATCHER } from '../../lib/angular/internal/watcher.js';
import { Scene, type App } from './app.node.js';
import { Session, SESSION } from './session.node.js';

const SLOTS = new InjectionToken<Semaphore>('SLOTS', {
  providedIn: 'root',
  factory: () => new Semaphore(1, { name: 'slots' }),
});
const OPEN = new InjectionToken<Event>('OPEN', { providedIn: 'root', factory: () => new Event({ name: 'open' }) });

describe('provideLockDiagnostics', () => {
  const scene = new Scene();
  let warnings: string[];

  beforeEach(() => {
    warnings = [];
    spyOn(console, 'warn').and.callFake((text: string) => {
      warnings.push(text.replaceAll(scene.server.url, '').replaceAll(/\d\.\d s/g, '0 s'));
    });
  });

  /** Waits until there are so many warnings. */
  async function warned(count: number): Promise<string[]> {
    while (warnings.length < count) {
      await sleep(1);
    }
    return warnings;
  }

  function start(options: LockDiagnosticsOptions, providers: Provider[] = []): Promise<App> {
    const interceptors = coordinateRequests({
      gate: gateRequests(OPEN, { when: ({ url }) => url.includes('/gated') }),
      serialize: serializeRequests(({ url }) => (url.includes('/key') ? url.slice(-1) : null)),
      limit: limitRequests(SLOTS, { when: ({ url }) => url.includes('/limited') }),
      refresh: refreshOn401(SESSION, { when: ({ url }) => url.includes('/authorized') }),
    });
    return scene.start({ interceptors, providers: [provideLockDiagnostics(options), ...providers] });
  }

  it('warns once of a long wait, and once of a long hold, with holders, waiters and their ages', async () => {
    const { http } = await start({ heldOver: 5, waitedOver: 12 });
    scene.send(http, 'GET /limited/1?secret');
    scene.send(http, 'GET /limited/2');
    expect(await warned(2)).toEqual([
      'semaphore "slots": GET /limited/1 has been holding for 0 s\n  holding: GET /limited/1 (0 s)\n  waiting: GET /limited/2 (0 s)',
      'semaphore "slots": GET /limited/2 has been waiting for 0 s\n  holding: GET /limited/1 (0 s)\n  waiting: GET /limited/2 (0 s)',
    ]);
    await sleep(20);
    expect(warnings.length).toBe(2);
  });

  it('names ten waiters at most', async () => {
    const { http } = await start({ waitedOver: 5 });
    for (let index = 0; index < 13; index++) {
      scene.send(http, `GET /limited/${String(index)}`);
    }
    const [first = ''] = await warned(12);
    expect(first.match(/\(0 s\)/g)?.length).toBe(11);
    expect(first).toMatch(/, and 2 more$/);
  });

  it('does not warn of what ends in time', async () => {
    const { http } = await start({ heldOver: 10, waitedOver: 10 });
    const first = scene.send(http, 'GET /limited/1');
    const second = scene.send(http, 'GET /limited/2');
    second.cancel();
    first.cancel();
    await sleep(20);
    expect(warnings).toEqual([]);
  });

  it('warns of waits at a gate, which has no holders', async () => {
    const app = await start({ waitedOver: 5, heldOver: 5 });
    const sent = scene.send(app.http, 'GET /gated/1');
    expect(await warned(1)).toEqual(['event "open": GET /gated/1 has been waiting for 0 s\n  waiting: GET /gated/1 (0 s)']);
    app.injector.get(OPEN).set();
    (await scene.server.arrived(1)).answer();
    await sent.over;
    await sleep(10);
    expect(warnings.length).toBe(1);
  });

  it('names those with the same key alone', async () => {
    const { http } = await start({ waitedOver: 5 });
    for (const name of ['GET /1/key/a', 'GET /2/key/b', 'GET /3/key/a']) {
      scene.send(http, name);
    }
    expect(await warned(1)).toEqual([
      'keyed lock "serializeRequests": GET /3/key/a has been waiting for 0 s\n' +
        '  holding: GET /1/key/a (0 s)\n  waiting: GET /3/key/a (0 s)',
    ]);
  });

  it('warns of keys and of locks of another origin, given to lockedBy', async () => {
    const { http } = await start({ heldOver: 5 });
    const foreign = { acquire: () => new Lock().acquire(), toString: () => 'a lock of the network' };
    const sent = scene.send(http, 'GET /1', { context: lockedBy(new KeyedLock<string>().get('a')) });
    scene.send(http, 'GET /2', { context: lockedBy(foreign) });
    expect(new Set(await warned(2))).toEqual(
      new Set([
        'key "a" of keyed lock: GET /1 has been holding for 0 s\n  holding: GET /1 (0 s)\n  waiting: none',
        'a lock of the network: GET /2 has been holding for 0 s\n  holding: GET /2 (0 s)\n  waiting: none',
      ]),
    );
    sent.cancel();
  });

  it('names both, when a refresh waits for a request that waits for the refresh', async () => {
    class Late extends Session {
      private readonly http = inject(HttpClient);

      override async refresh(_context: HttpContext): Promise<void> {
        await Promise.resolve();
        await scene.send(this.http, 'POST /limited/refresh').over;
      }
    }
    const { http } = await scene.start({
      interceptors: coordinateRequests({
        limit: limitRequests(SLOTS),
        refresh: refreshOn401(SESSION, { when: ({ method }) => method === 'GET' }),
      }),
      providers: [provideLockDiagnostics({ waitedOver: 20 }), { provide: SESSION, useClass: Late }],
    });
    scene.send(http, 'GET /1');
    (await scene.server.arrived(1)).answer(401);
    expect(new Set(await warned(2))).toEqual(
      new Set([
        'event "the end of a refresh of refreshOn401": GET /1 has been waiting for 0 s\n  waiting: GET /1 (0 s)',
        'semaphore "slots": POST /limited/refresh has been waiting for 0 s\n' +
          '  holding: GET /1 (0 s)\n  waiting: POST /limited/refresh (0 s)',
      ]),
    );
  });

  it('warns of waits for a refresh, and for its lock', async () => {
    const LOCK = new InjectionToken<Lock>('LOCK', { providedIn: 'root', factory: () => new Lock({ name: 'tabs' }) });
    const app = await scene.start({
      interceptors: [refreshOn401(SESSION, { when: () => true, isExpired: () => true, lock: LOCK })],
      providers: [provideLockDiagnostics({ waitedOver: 5 })],
    });
    app.injector.get(LOCK).tryAcquire();
    scene.send(app.http, 'GET /1');
    expect(new Set(await warned(2))).toEqual(
      new Set([
        'lock "tabs": GET /1, refresh has been waiting for 0 s\n  holding: none\n  waiting: GET /1, refresh (0 s)',
        'event "the end of a refresh of refreshOn401": GET /1 has been waiting for 0 s\n  waiting: GET /1 (0 s)',
      ]),
    );
  });

  describe('watch', () => {
    const primitives = {
      condition: new Condition(),
      barrier: new Barrier(2, { name: 'barrier' }),
      file: new ReadWriteLock({ name: 'file' }),
    };
    const tokens = Object.entries(primitives).map(([name, value]) => new InjectionToken<unknown>(name, { factory: () => value }));

    it('observes further primitives', async () => {
      const { condition, barrier, file } = primitives;
      const lock = new InjectionToken<Lock>('LOCK', { providedIn: 'root', factory: () => condition.lock });
      await start({ heldOver: 5, waitedOver: 5, watch: [...tokens, lock] });
      const running = [
        condition.use((permit) => condition.wait({ permit })).subscribe(),
        barrier.wait({ label: 'first' }).subscribe(),
      ];
      expect(new Set(await warned(2))).toEqual(
        new Set([
          'condition: waiter 1 has been waiting for 0 s\n  holding: none\n  waiting: waiter 1 (0 s)',
          'barrier "barrier": first has been waiting for 0 s\n  waiting: first (0 s)',
        ]),
      );
      running.forEach((each) => {
        each.unsubscribe();
      });
      warnings = [];
      file.write
        .use((permit) => {
          permit.downgrade();
          return NEVER;
        })
        .subscribe();
      expect(await warned(1)).toEqual([
        'read-write lock "file": waiter 1 has been holding for 0 s\n  holding: waiter 1 (0 s)\n  waiting: none',
      ]);
      warnings = [];
      const permit = condition.lock.tryAcquire();
      const notified = NEVER.pipe(withLock(condition.lock, { label: 'next' })).subscribe();
      await warned(2);
      expect(warnings.every((text) => text.startsWith('lock: '))).toBe(true);
      permit?.release();
      notified.unsubscribe();
    });

    it('observes a notified waiter at its lock', async () => {
      const condition = new Condition();
      const token = new InjectionToken<Lock>('LOCK', { factory: () => condition.lock });
      await start({ waitedOver: 5, watch: [token] });
      condition.use((permit) => condition.wait({ permit })).subscribe();
      condition.acquire().subscribe();
      condition.notify();
      expect(await warned(1)).toEqual([
        'lock: waiter 1 has been waiting for 0 s\n  holding: waiter 2 (0 s)\n  waiting: waiter 1 (0 s)',
      ]);
    });

    it('refuses tokens that give no primitive', async () => {
      const token = new InjectionToken<unknown>('WRONG', { factory: () => 'a lock' });
      await expectAsync(start({ watch: [token] })).toBeRejectedWithError(
        TypeError,
        'provideLockDiagnostics needs tokens of primitives, but a token gave "a lock"',
      );
    });
  });

  it('clears its timers with the injector', async () => {
    const app = await start({ heldOver: 5, waitedOver: 5, watch: [SLOTS] });
    const slots = app.injector.get(SLOTS);
    slots.tryAcquire();
    slots.acquire().subscribe();
    app.destroy();
    await sleep(15);
    expect(warnings).toEqual([]);
  });

  it('starts no timer for a request of another injector, once its own is destroyed', async () => {
    const app = await start({ heldOver: 1 });
    const route = app.route([provideHttpClient(withInterceptors([serializeRequests()]))]);
    const lock = new Lock();
    const permit = lock.tryAcquire();
    scene.send(route.get(HttpClient), 'GET /1', { context: lockedBy({ acquire: () => lock.acquire() }) });
    app.destroy();
    permit?.release();
    expect(lock.locked()).toBe(true);
    await sleep(10);
    expect(warnings).toEqual([]);
  });

  describe('Memory', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;

    /** Sends a request that waits for a lock of its own and is answered. Returns the lock, which nothing else refers to. */
    async function sendLocked({ http }: App, toLock: (lock: Lock) => Acquirable): Promise<WeakRef<Acquirable>> {
      const lock = toLock(new Lock());
      const sent = scene.send(http, 'GET /1', { context: lockedBy(lock) });
      (await scene.server.arrived(scene.server.requests.length + 1)).answer();
      await sent.over;
      return new WeakRef(lock);
    }

    for (const [what, toLock] of [
      ['primitive', (lock) => lock],
      ['lock of another origin', (lock) => ({ acquire: () => lock.acquire() })],
    ] as readonly [string, (lock: Lock) => Acquirable][]) {
      it(`does not hold a ${what} that nothing else refers to`, async () => {
        const app = await start({ heldOver: 1000_000, waitedOver: 1000_000 });
        const locks: WeakRef<Acquirable>[] = [];
        for (let round = 0; round < 3; round++) {
          locks.push(await sendLocked(app, toLock));
        }
        const { traces, timers } = app.injector.get(WATCHER) as unknown as {
          readonly traces: ReadonlySet<unknown>;
          readonly timers: { readonly running: ReadonlySet<unknown> };
        };
        expect(timers.running.size).toBe(0);
        const left = (): number => locks.filter((lock) => lock.deref() !== undefined).length + traces.size;
        // The server and HttpClient drop a request some turns after its answer.
        for (let round = 0; round < 50 && left() > 0; round++) {
          await scene.server.settle();
          collect();
        }
        expect(left()).toBe(0);
      });
    }

    it('is not kept by a primitive that outlives the application', async () => {
      const slots = new Semaphore(1);
      const app = await start({ heldOver: 1000_000 }, [{ provide: SLOTS, useValue: slots }]);
      const isObserved = (): boolean => (slots as unknown as { readonly tracer: unknown }).tracer !== undefined;
      scene.send(app.http, 'GET /limited/1').cancel();
      expect(isObserved()).toBe(true);
      app.destroy();
      expect(isObserved()).toBe(false);
    });
  });

  it('delays neither stability nor the end of a process', async () => {
    const app = await start({ heldOver: 1000_000, watch: [SLOTS] });
    const timers = (): number => process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length;
    await app.stable();
    const before = timers();
    app.injector.get(SLOTS).tryAcquire();
    expect(timers()).toBe(before);
    await app.stable();
  });

  it('is silent in production', async () => {
    const host = ɵglobal as { ngDevMode: unknown };
    const { ngDevMode } = host;
    host.ngDevMode = false;
    try {
      const { http } = await start({ heldOver: 1, waitedOver: 1, watch: [SLOTS] });
      scene.send(http, 'GET /limited/1');
      await sleep(15);
      expect(warnings).toEqual([]);
    } finally {
      host.ngDevMode = ngDevMode;
    }
  });

  for (const [given, message] of [
    [
      { heldOver: 0 },
      'RangeError: the option heldOver of provideLockDiagnostics must be a positive number of milliseconds, but is 0',
    ],
    [
      { waitedOver: NaN },
      'RangeError: the option waitedOver of provideLockDiagnostics must be a positive number of milliseconds, but is NaN',
    ],
    [
      { watch: SLOTS },
      'TypeError: the option watch of provideLockDiagnostics must be a list of tokens, but is InjectionToken SLOTS',
    ],
    [{ watch: [new Lock()] }, 'TypeError: provideLockDiagnostics needs a token of a primitive, but got lock'],
    [{ every: 3 }, 'TypeError: provideLockDiagnostics takes no option every: it takes heldOver, waitedOver, watch'],
  ] as const) {
    it(`refuses at the call: ${message}`, () => {
      expect(() => provideLockDiagnostics(given as never)).toThrowMatching((error) => String(error) === message);
    });
  }
});
