// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import {
  HttpClient,
  HttpContext,
  provideHttpClient,
  withInterceptors,
  withRequestsMadeViaParent,
  type HttpInterceptorFn,
} from '@angular/common/http';
import { InjectionToken, ɵglobal } from '@angular/core';
import { Event, KeyedLock, Lock, Semaphore } from 'rxjs-locks';
import {
  bypass,
  coordinateRequests,
  gateRequests,
  limitRequests,
  lockedBy,
  refreshOn401,
  serializeRequests,
  type RequestStep,
  type TokenSession,
} from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

import { Scene } from './app.node.js';

const OPEN = new InjectionToken<Event>('OPEN', { providedIn: 'root', factory: () => new Event() });
const LOCKS = new InjectionToken<KeyedLock>('LOCKS', { providedIn: 'root', factory: () => new KeyedLock() });
const SLOTS = new InjectionToken<Semaphore>('SLOTS', { providedIn: 'root', factory: () => new Semaphore(1) });
const AUTH = new InjectionToken<TokenSession<string>>('AUTH', {
  providedIn: 'root',
  factory: () => ({ token: () => null, owner: () => 1, attach: (request) => request, refresh: () => [] }),
});

const gate = gateRequests(OPEN, { when: () => true });
const serialize = serializeRequests(() => 'key', { locks: LOCKS });
const limit = limitRequests(SLOTS);
const refresh = refreshOn401(AUTH, { when: () => true });

describe('coordinateRequests', () => {
  const scene = new Scene();

  it('builds the order gate, serialize, limit, refresh', () => {
    const [, first, second, plain, third, fourth] = coordinateRequests({ refresh, limit, serialize, gate });
    expect([first, second, third, fourth]).toEqual([gate, serialize, limit, refresh]);
    expect(plain).toBeDefined();
  });

  it('takes several interceptors for a step, and absent ones', () => {
    const other = limitRequests(3);
    const [, first, second, ...rest] = coordinateRequests({ limit: [limit, other], gate: undefined as never });
    expect([first, second, rest]).toEqual([limit, other, []]);
  });

  it('lets who waits at the gate hold no key, and who waits for a key no permit', async () => {
    const app = await scene.with(...coordinateRequests({ limit, gate, serialize }));
    const [open, locks, slots] = [app.injector.get(OPEN), app.injector.get(LOCKS), app.injector.get(SLOTS)];
    const permit = locks.get('key').tryAcquire();
    const sent = scene.send(app.http, 'GET /1');
    expect([open.waiting, locks.waiting, slots.available]).toEqual([1, 0, 1]);
    open.set();
    expect([open.waiting, locks.waiting, slots.available]).toEqual([0, 1, 1]);
    permit?.release();
    expect([locks.waiting, slots.available]).toEqual([0, 0]);
    (await scene.server.arrived(1)).answer();
    await sent.over;
    verifyIdle(open, locks, slots);
  });

  it('always heeds lockedBy', async () => {
    const lock = new Lock();
    for (const interceptors of [
      coordinateRequests({}),
      coordinateRequests({ serialize: serializeRequests(() => 'key', { when: () => false }) }),
    ]) {
      const { http } = await scene.with(...interceptors);
      const sent = scene.send(http, 'GET /1', { context: lockedBy(lock) });
      const arrived = await scene.server.arrived(scene.server.requests.length + 1);
      expect(lock.locked()).toBe(true);
      arrived.answer();
      await sent.over;
      verifyIdle(lock);
    }
  });

  it('leaves the choice of onCancel to the given interceptor', async () => {
    const { http } = await scene.with(
      ...coordinateRequests({ serialize: serializeRequests(() => 'key', { onCancel: 'abort' }) }),
    );
    const lock = new Lock();
    const sent = scene.send(http, 'PUT /1', { context: lockedBy(lock), body: 'text' });
    const arrived = await scene.server.arrived(1);
    sent.cancel();
    verifyIdle(lock);
    await scene.server.hungUp(arrived);
  });

  for (const [given, message] of [
    [undefined, 'the steps of coordinateRequests must be an object, but is undefined'],
    [{ throttle: limit }, 'coordinateRequests knows no step "throttle": the steps are gate, serialize, limit, refresh'],
    [{ limit: gate }, 'coordinateRequests got gateRequests for limit, but it belongs to gate'],
    [{ limit: [limit, serialize] }, 'coordinateRequests got serializeRequests for limit, but it belongs to serialize'],
    [
      {
        gate: function own() {
          /* */
        },
      },
      'coordinateRequests needs an interceptor of rxjs-locks/angular for gate, but got the function own',
    ],
    [{ limit: 6 }, 'coordinateRequests needs an interceptor of rxjs-locks/angular for limit, but got 6'],
    [{ limit: null }, 'coordinateRequests needs an interceptor of rxjs-locks/angular for limit, but got null'],
  ] as const) {
    it(`refuses: ${message}`, () => {
      expect(() => coordinateRequests(given as never)).toThrowError(TypeError, message);
    });
  }
});

describe('The order of the interceptors', () => {
  const scene = new Scene();

  const names = { gate: 'gateRequests', serialize: 'serializeRequests', limit: 'limitRequests', refresh: 'refreshOn401' };
  const loggedIn = {
    provide: AUTH,
    useValue: { token: () => 'token', owner: () => 1, attach: <T>(request: T) => request, refresh: () => [] },
  };
  const inOrder: [RequestStep, HttpInterceptorFn][] = [
    ['gate', gate],
    ['serialize', serialize],
    ['limit', limit],
    ['refresh', refresh],
  ];

  for (const [later, [laterStep, second]] of inOrder.entries()) {
    for (const [step, first] of inOrder.slice(0, later)) {
      it(`is wrong with ${laterStep} before ${step}: the error of the request names both`, async () => {
        const app = await scene.start({ interceptors: [second, first], providers: [loggedIn] });
        app.injector.get(OPEN).set();
        const { error } = scene.send(app.http, 'GET /1');
        expect(String(error)).toBe(
          `Error: ${names[laterStep]} stands before ${names[step]}, but must stand behind it: ` +
            'the order is gate, serialize, limit, refresh, and coordinateRequests() builds it',
        );
        await app.stable();
      });
    }
  }

  it('does not matter for a request that only one of them concerns', async () => {
    const { http } = await scene.with(limitRequests(SLOTS, { when: () => false }), serialize);
    scene.send(http, 'GET /1');
    await scene.server.arrived(1);
    expect(scene.server.requests.length).toBe(1);
  });

  it('is no error across injectors', async () => {
    const app = await scene.with(gate, serialize);
    app.injector.get(OPEN).set();
    const route = app.route([provideHttpClient(withInterceptors([limit]), withRequestsMadeViaParent())]);
    const sent = scene.send(route.get(HttpClient), 'GET /1');
    (await scene.server.arrived(1)).answer();
    await sent.over;
    expect(sent.end).toBe('answered');
  });

  it('is no error when an interceptor behind sends the request through all of them again', async () => {
    let isFirst = true;
    const again: HttpInterceptorFn = (request, next) => {
      const was = isFirst;
      isFirst = false;
      return was ? app.http.request(request) : next(request);
    };
    const app = await scene.with(gate, serialize, limit, again);
    app.injector.get(OPEN).set();
    const sent = scene.send(app.http, 'GET /1');
    (await scene.server.arrived(1)).answer();
    await sent.over;
    expect(sent.error).toBeUndefined();
  });

  describe('in production', () => {
    const host = ɵglobal as { ngDevMode: unknown };
    const { ngDevMode } = host;

    beforeEach(() => {
      host.ngDevMode = false;
    });

    afterEach(() => {
      host.ngDevMode = ngDevMode;
    });

    it('may be wrong without a hang', async () => {
      const app = await scene.start({ interceptors: [refresh, limit, serialize], providers: [loggedIn] });
      scene.server.onRequest = (request) => {
        request.answer();
      };
      const sent = [1, 2, 3, 4].map(() => scene.send(app.http, 'GET /1'));
      await Promise.all(sent.map(({ over }) => over));
      expect(sent.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
    });
  });
});

describe('bypass', () => {
  const scene = new Scene();

  it('takes a request past the steps that it names, and no other', async () => {
    const app = await scene.with(...coordinateRequests({ gate, serialize, limit }));
    const [open, locks, slots] = [app.injector.get(OPEN), app.injector.get(LOCKS), app.injector.get(SLOTS)];
    scene.send(app.http, 'GET /1', { context: bypass(['gate', 'limit']) });
    expect([open.waiting, locks.keys, slots.available]).toEqual([0, 1, 1]);
    scene.send(app.http, 'GET /2', { context: bypass(['limit'], bypass(['gate'])) });
    expect([open.waiting, locks.waiting, slots.available]).toEqual([0, 1, 1]);
    scene.send(app.http, 'GET /3', { context: bypass('all') });
    await scene.server.arrived(2);
    expect(new Set(scene.server.names)).toEqual(new Set(['GET /1', 'GET /3']));
  });

  it('extends the context that it gets, and returns it', () => {
    const context = new HttpContext();
    expect(bypass([], context)).toBe(context);
    expect(bypass('all')).toBeInstanceOf(HttpContext);
  });

  it('refuses unknown steps', () => {
    expect(() => bypass(['throttle'] as never)).toThrowError(
      TypeError,
      'bypass knows no step "throttle": the steps are gate, serialize, limit, refresh',
    );
    expect(() => bypass('limit' as never)).toThrowError(TypeError, `bypass needs 'all' or a list of steps, but got "limit"`);
  });
});
