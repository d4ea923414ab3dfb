// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import { httpResource, HttpResponse, type HttpInterceptorFn } from '@angular/common/http';
import { effect, inject, InjectionToken, resource, signal } from '@angular/core';
import { of } from 'rxjs';
import { CancelledError, Event, KeyedLock, Lock, Semaphore } from 'rxjs-locks';
import { coordinateRequests, gateRequests, limitRequests, refreshOn401, serializeRequests } from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

import { Scene, type App } from './app.node.js';
import { Session, SESSION } from './session.node.js';

const SLOTS = new InjectionToken<Semaphore>('SLOTS', { providedIn: 'root', factory: () => new Semaphore(1) });
const LOCKS = new InjectionToken<KeyedLock>('LOCKS', { providedIn: 'root', factory: () => new KeyedLock() });
const OPEN = new InjectionToken<Event>('OPEN', { providedIn: 'root', factory: () => new Event() });
const NAME = new InjectionToken<string>('NAME');
const name = { provide: NAME, useValue: 'the injector' };

/** Runs a function in an effect of the application; returns how often the effect has run, as a function. */
function inEffect(app: App, run: () => void): () => number {
  let count = 0;
  app.run(() =>
    effect(() => {
      if (count++ === 0) {
        run();
      }
    }),
  );
  app.ref.tick();
  return () => {
    app.ref.tick();
    return count;
  };
}

describe('The callbacks of the interceptors', () => {
  const scene = new Scene();

  it('run in the context of the injector, also after a wait', async () => {
    const called: string[] = [];
    const note = <T>(what: string, value: T): T => {
      expect(inject(NAME)).toBe('the injector');
      called.push(what);
      return value;
    };
    class Noting extends Session {
      override token(): string | null {
        return note('token', super.token());
      }

      override owner(token: string): unknown {
        return note('owner', super.owner(token));
      }

      override attach(...args: Parameters<Session['attach']>): ReturnType<Session['attach']> {
        return note('attach', super.attach(...args));
      }

      override refresh(...args: Parameters<Session['refresh']>): ReturnType<Session['refresh']> {
        return note('refresh', super.refresh(...args));
      }
    }
    const session = new Noting();
    const app = await scene.start({
      interceptors: coordinateRequests({
        gate: gateRequests(OPEN, { when: () => note('when', true) }),
        serialize: serializeRequests(() => note('keyOf', 'key'), { locks: LOCKS }),
        limit: limitRequests(SLOTS, { weight: () => note('weight', 1), priority: () => note('priority', 1) }),
        refresh: refreshOn401(SESSION, {
          when: () => true,
          isUnauthorized: ({ status }) => note('isUnauthorized', status === 401),
          isExpired: () => note('isExpired', false),
          isSessionLost: () => note('isSessionLost', true),
          onSessionLost: () => {
            note('onSessionLost', undefined);
          },
        }),
      }),
      providers: [name, { provide: SESSION, useValue: session }],
    });
    const key = app.injector.get(LOCKS).get('key').tryAcquire();
    const slot = app.injector.get(SLOTS).tryAcquire();
    const sent = scene.send(app.http, 'GET /1');
    app.injector.get(OPEN).set();
    key?.release();
    slot?.release();
    (await scene.server.arrived(1)).answer(401);
    await scene.server.settle();
    session.failed(new Error('lost'));
    await sent.over;
    expect(String(sent.error)).toBe('Error: lost');
    expect(new Set(called)).toEqual(
      new Set([
        'when',
        'keyOf',
        'weight',
        'priority',
        'token',
        'owner',
        'attach',
        'refresh',
        'isUnauthorized',
        'isExpired',
        'isSessionLost',
        'onSessionLost',
      ]),
    );
  });

  it('run untracked: an effect that sends a request depends on none of their signals', async () => {
    const read = signal(1);
    const app = await scene.with(limitRequests(SLOTS, { when: () => read() > 0, weight: () => read(), priority: () => read() }));
    const runs = inEffect(app, () => {
      scene.send(app.http, 'GET /1');
    });
    read.set(2);
    expect(runs()).toBe(1);
  });

  it('run untracked when a release in an effect grants a permit, and so do the interceptors behind', async () => {
    const read = signal(1);
    let sent = 0;
    const behind: HttpInterceptorFn = (request, next) => {
      sent += read();
      return next(request);
    };
    const app = await scene.with(
      serializeRequests(() => read()),
      limitRequests(SLOTS),
      behind,
    );
    const permit = app.injector.get(SLOTS).tryAcquire();
    scene.send(app.http, 'GET /1');
    const runs = inEffect(app, () => {
      permit?.release();
    });
    read.set(2);
    expect(sent).toBe(1);
    expect(runs()).toBe(1);
  });

  for (const [what, interceptor] of [
    ['a gate', gateRequests(OPEN, { when: () => true })],
    ['a limit', limitRequests(SLOTS)],
  ] as const) {
    it(`do not make an effect depend on what the caller reads at the answer, behind ${what}`, async () => {
      const read = signal(1);
      const app = await scene.with(interceptor, () => of(new HttpResponse({ body: 'at once' })));
      const permit = app.injector.get(SLOTS).tryAcquire();
      const bodies: unknown[] = [];
      app.http.get('/1').subscribe((body) => bodies.push(body, read()));
      const runs = inEffect(app, () => {
        app.injector.get(OPEN).set();
        permit?.release();
      });
      expect(bodies).toEqual(['at once', 1]);
      read.set(2);
      expect(runs()).toBe(1);
    });
  }

  it('do not make an effect depend on what the caller reads at an error', async () => {
    const read = signal(1);
    const app = await scene.with(limitRequests(SLOTS));
    app.injector.get(SLOTS).tryAcquire();
    const errors: unknown[] = [];
    app.http.get('/1').subscribe({ error: (error: unknown) => errors.push(error, read()) });
    const runs = inEffect(app, () => {
      app.injector.get(SLOTS).cancelWaiters();
    });
    expect(errors[0]).toBeInstanceOf(CancelledError);
    read.set(2);
    expect(runs()).toBe(1);
  });
});

describe('Resources', () => {
  const scene = new Scene();

  it('of HttpClient leave the queue on a change of their parameters', async () => {
    const app = await scene.with(limitRequests(SLOTS));
    const slots = app.injector.get(SLOTS);
    const permit = slots.tryAcquire();
    const id = signal(1);
    const loaded = app.run(() => httpResource(() => `${scene.server.url}/${String(id())}`));
    app.ref.tick();
    await Promise.resolve();
    expect(slots.waiting).toBe(1);
    id.set(2);
    app.ref.tick();
    await Promise.resolve();
    expect(slots.waiting).toBe(1);
    permit?.release();
    const arrived = await scene.server.arrived(1);
    expect(arrived.name).toBe('GET /2');
    id.set(3);
    app.ref.tick();
    (await scene.server.arrived(2)).answer();
    await app.stable();
    expect(scene.server.names).toEqual(['GET /2', 'GET /3']);
    expect(loaded.value()).toEqual({ path: '/3' });
    verifyIdle(slots);
  });

  it('of a loader leave the queue of a lock, with the abort signal', async () => {
    const app = await scene.with();
    const lock = new Lock();
    const permit = lock.tryAcquire();
    const id = signal(1);
    const loaded = app.run(() =>
      resource({
        params: () => id(),
        loader: ({ params, abortSignal }) => lock.run(() => Promise.resolve(`loaded ${String(params)}`), { signal: abortSignal }),
      }),
    );
    app.ref.tick();
    await Promise.resolve();
    expect(lock.waiting).toBe(1);
    id.set(2);
    app.ref.tick();
    await Promise.resolve();
    expect(lock.waiting).toBe(1);
    permit?.release();
    await app.stable();
    expect(loaded.value()).toBe('loaded 2');
    verifyIdle(lock);
  });
});
