// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import {
  HttpClient,
  type HttpEvent,
  HttpEventType,
  provideHttpClient,
  withInterceptors,
  withRequestsMadeViaParent,
  type HttpInterceptorFn,
} from '@angular/common/http';
import { DestroyRef, InjectionToken, PendingTasks, type EnvironmentInjector, type Provider } from '@angular/core';
import { catchError, merge, Observable, of, retry, Subject, switchMap, take, timeout } from 'rxjs';
import { ClosedError, Event, KeyedLock, Lock, Semaphore, trace, type Acquirable, type Permit } from 'rxjs-locks';
import { bypass, gateRequests, limitRequests, lockedBy, serializeRequests } from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

import { Scene, type App } from './app.node.js';

const LOCKS = new InjectionToken<KeyedLock>('LOCKS', { providedIn: 'root', factory: () => new KeyedLock({ name: 'documents' }) });
const SLOTS = new InjectionToken<Semaphore>('SLOTS', { providedIn: 'root', factory: () => new Semaphore(1) });
const OPEN = new InjectionToken<Event>('OPEN', { providedIn: 'root', factory: () => new Event() });

/** The path is the key: /1 is key 1, /1,2 are the keys 1 and 2, and /none needs no key. */
const byPath = serializeRequests(
  ({ url }) => {
    const path = new URL(url).pathname.slice(1);
    return path.includes(',') ? path.split(',') : path === 'none' ? null : path === 'empty' ? [] : path;
  },
  { locks: LOCKS },
);

describe('serializeRequests', () => {
  const scene = new Scene();

  it('sends requests with one key one after another, and others at the same time', async () => {
    const app = await scene.with(byPath);
    const { server } = scene;
    const sent = ['GET /1', 'GET /1', 'GET /2'].map((name) => scene.send(app.http, name));
    await server.arrived(2);
    await server.settle();
    expect(new Set(server.names)).toEqual(new Set(['GET /1', 'GET /2']));
    expect(server.requests.length).toBe(2);
    server.requests.forEach((request) => {
      request.answer();
    });
    (await server.arrived(3)).answer();
    await Promise.all(sent.map(({ over }) => over));
    verifyIdle(app.injector.get(LOCKS));
  });

  it('sends requests without a key at once', async () => {
    const { http } = await scene.with(
      serializeRequests(() => undefined),
      byPath,
    );
    for (const name of ['GET /none', 'GET /none', 'GET /empty', 'GET /empty']) {
      scene.send(http, name);
    }
    await scene.server.arrived(4);
    expect(scene.server.requests.length).toBe(4);
  });

  it('compares keys as a Map does', async () => {
    const keys: unknown[] = [NaN, NaN, {}, {}];
    const { http } = await scene.with(serializeRequests(() => keys.shift()));
    for (let count = 0; count < 4; count++) {
      scene.send(http, 'GET /x');
    }
    await scene.server.arrived(3);
    await scene.server.settle();
    expect(scene.server.requests.length).toBe(3);
  });

  it('takes several keys at once, and so cannot deadlock', async () => {
    const { http } = await scene.with(byPath);
    const { server } = scene;
    server.onRequest = (request) => {
      request.answer();
    };
    const sent = ['GET /a,b', 'GET /b,a', 'GET /a,b', 'GET /b,a'].map((name) => scene.send(http, name));
    await Promise.all(sent.map(({ over }) => over));
    expect(sent.map(({ end }) => end)).toEqual(['answered', 'answered', 'answered', 'answered']);
    expect(server.names).toEqual(['GET /a,b', 'GET /b,a', 'GET /a,b', 'GET /b,a']);
  });

  it('leaves requests alone that do not concern it', async () => {
    const { http } = await scene.with(serializeRequests(() => 'key', { when: ({ method }) => method === 'PUT' }));
    scene.send(http, 'GET /1');
    scene.send(http, 'GET /2');
    await scene.server.arrived(2);
    expect(scene.server.requests.length).toBe(2);
  });

  it('has locks of its own in each application, one for all injectors', async () => {
    const interceptors = [serializeRequests(() => 'key')];
    const [first, second] = await Promise.all([scene.start({ interceptors }), scene.start({ interceptors })]);
    const route = first.route([provideHttpClient(withInterceptors(interceptors))]);
    scene.send(first.http, 'GET /first');
    scene.send(route.get(HttpClient), 'GET /route');
    scene.send(second.http, 'GET /second');
    await scene.server.arrived(2);
    await scene.server.settle();
    expect(new Set(scene.server.names)).toEqual(new Set(['GET /first', 'GET /second']));
  });

  it('takes each key once, however often a request meets it', async () => {
    const app = await scene.with(byPath);
    const all = serializeRequests(() => ['1', '2'], { locks: LOCKS });
    const route = app.route([provideHttpClient(withInterceptors([all]), withRequestsMadeViaParent())]);
    const sent = scene.send(route.get(HttpClient), 'GET /1');
    (await scene.server.arrived(1)).answer();
    await sent.over;
    expect(sent.end).toBe('answered');
    const other = scene.send(
      app.route([provideHttpClient(withInterceptors([byPath]), withRequestsMadeViaParent())]).get(HttpClient),
      'GET /1,3',
    );
    (await scene.server.arrived(2)).answer();
    await other.over;
    expect(other.end).toBe('answered');
  });

  describe('Cancelling', () => {
    it('never sends a request that waits', async () => {
      const app = await scene.with(byPath);
      scene.send(app.http, 'PUT /1', { body: 'first' });
      const second = scene.send(app.http, 'PUT /1', { body: 'second' });
      await scene.server.arrived(1);
      second.cancel();
      scene.server.requests[0]?.answer();
      await scene.server.settle();
      expect(scene.server.landed).toEqual(['first']);
      verifyIdle(app.injector.get(LOCKS));
    });

    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      it(`aborts ${method}, and frees its key at once`, async () => {
        const app = await scene.with(byPath);
        const sent = scene.send(app.http, `${method} /1`);
        const arrived = await scene.server.arrived(1);
        sent.cancel();
        verifyIdle(app.injector.get(LOCKS));
        await scene.server.hungUp(arrived);
      });
    }

    for (const method of ['PUT', 'POST', 'PATCH', 'DELETE']) {
      it(`lets ${method} run to its answer, and holds its key and its permit until then`, async () => {
        const app = await scene.with(byPath, limitRequests(SLOTS));
        const locks = app.injector.get(LOCKS);
        const sent = scene.send(app.http, `${method} /1`, { body: 'text' });
        const arrived = await scene.server.arrived(1);
        sent.cancel();
        await sent.over;
        expect(sent.end).toBeUndefined();
        expect([locks.keys, app.injector.get(SLOTS).available]).toEqual([1, 0]);
        expect(await app.isStable()).toBe(false);
        arrived.answer();
        await app.stable();
        verifyIdle(locks, app.injector.get(SLOTS));
        expect(scene.server.landed).toEqual(['text']);
      });
    }

    it('reports the error of a request whose caller is gone to nobody', async () => {
      const app = await scene.with(byPath);
      const sent = scene.send(app.http, 'PUT /1', { body: 'text' });
      const arrived = await scene.server.arrived(1);
      sent.cancel();
      arrived.answer(500);
      await app.stable();
      expect(sent.end).toBeUndefined();
      expect(app.errors).toEqual([]);
      verifyIdle(app.injector.get(LOCKS));
    });

    it('aborts a save with onCancel: abort', async () => {
      const app = await scene.with(serializeRequests(() => '1', { locks: LOCKS, onCancel: 'abort' }));
      const sent = scene.send(app.http, 'PUT /1', { body: 'text' });
      const arrived = await scene.server.arrived(1);
      sent.cancel();
      verifyIdle(app.injector.get(LOCKS));
      await scene.server.hungUp(arrived);
    });

    it('aborts a save without a key or a lock', async () => {
      const app = await scene.with(byPath);
      const sent = scene.send(app.http, 'PUT /none', { body: 'text' });
      const arrived = await scene.server.arrived(1);
      sent.cancel();
      await scene.server.hungUp(arrived);
    });

    it('frees the key at once while the request waits for a permit, and never sends it', async () => {
      const app = await scene.with(byPath, limitRequests(SLOTS));
      scene.send(app.http, 'PUT /1', { body: 'first' });
      const second = scene.send(app.http, 'PUT /2', { body: 'second' });
      await scene.server.arrived(1);
      expect(app.injector.get(LOCKS).keys).toBe(2);
      second.cancel();
      expect(app.injector.get(LOCKS).keys).toBe(1);
      scene.server.requests[0]?.answer();
      await app.stable();
      expect(scene.server.landed).toEqual(['first']);
    });

    it('frees the key at once while the request waits in the interceptors of a parent', async () => {
      const app = await scene.with(gateRequests(OPEN, { when: () => true }));
      const route = app.route([provideHttpClient(withInterceptors([byPath]), withRequestsMadeViaParent())]);
      const sent = scene.send(route.get(HttpClient), 'PUT /1', { body: 'text' });
      expect(app.injector.get(LOCKS).keys).toBe(1);
      sent.cancel();
      verifyIdle(app.injector.get(LOCKS), app.injector.get(OPEN));
      await app.stable();
    });

    it('ends a switchMap of an old, slow save and a new, fast save with the new one', async () => {
      const { http } = await scene.with(byPath);
      const { server } = scene;
      const texts = new Subject<string>();
      const answered: string[] = [];
      const running: number[] = [];
      server.onRequest = () => {
        running.push(server.open);
      };
      texts
        .pipe(switchMap((body) => http.put(`${server.url}/1`, body).pipe(switchMap(() => of(body)))))
        .subscribe((body) => answered.push(body));
      texts.next('old');
      const old = await server.arrived(1);
      texts.next('between');
      texts.next('new');
      await server.settle();
      old.answer();
      (await server.arrived(2)).answer();
      await server.settle();
      expect(server.landed).toEqual(['old', 'new']);
      expect(running).toEqual([1, 1]);
      while (answered.length === 0) {
        await server.settle();
      }
      expect(answered).toEqual(['new']);
    });

    it('lets a save run to its answer, whose caller unsubscribes inside its first event', async () => {
      const app = await scene.with(byPath);
      const events: number[] = [];
      app.http
        .put(`${scene.server.url}/1`, 'text', { observe: 'events' })
        .pipe(take(1))
        .subscribe(({ type }) => events.push(type));
      (await scene.server.arrived(1)).answer();
      await app.stable();
      expect(events).toEqual([HttpEventType.Sent]);
      expect(scene.server.landed).toEqual(['text']);
      verifyIdle(app.injector.get(LOCKS));
    });

    it('leaves the application stable when the caller unsubscribes at the answer', async () => {
      const app = await scene.with(byPath);
      const add = spyOn(app.injector.get(PendingTasks), 'add').and.callThrough();
      const sent = scene.send(app.http, 'PUT /1', { body: 'text' });
      (await scene.server.arrived(1)).answer();
      await sent.over;
      sent.cancel();
      await app.stable();
      expect(add).toHaveBeenCalledTimes(1);
    });

    it('fails a request whose injector is destroyed while it waits', async () => {
      const app = await scene.with();
      const route = app.route([provideHttpClient(withInterceptors([byPath]))]);
      const http = route.get(HttpClient);
      scene.send(http, 'PUT /1', { body: 'first' });
      const second = scene.send(http, 'PUT /1', { body: 'second' });
      await scene.server.arrived(1);
      route.destroy();
      expect(second.error).toBeInstanceOf(ClosedError);
      expect(app.injector.get(LOCKS).waiting).toBe(0);
    });
  });

  describe('A request that has to wait', () => {
    interface Started {
      readonly app: App;
      readonly root: HttpClient;
      readonly route: HttpClient;
      readonly injector: EnvironmentInjector;
      readonly locks: KeyedLock;
      readonly slots: Semaphore;
    }

    /** The requests of a lazy route take permits of these semaphores, before the root serializes and takes permits of `SLOTS`. */
    async function startRoute(
      ofRoute: HttpInterceptorFn[],
      ofRoot = [byPath, limitRequests(SLOTS)],
      providers: Provider[] = [],
    ): Promise<Started> {
      const app = await scene.start({ interceptors: ofRoot, providers });
      const injector = app.route([provideHttpClient(withInterceptors(ofRoute), withRequestsMadeViaParent())]);
      const [locks, slots] = [app.injector.get(LOCKS), app.injector.get(SLOTS)];
      return { app, root: app.http, route: injector.get(HttpClient), injector, locks, slots };
    }

    /** The steps of a semaphore with the names of its waiters. */
    function stepsOf(primitive: Semaphore): string[] {
      const steps: string[] = [];
      trace(primitive).subscribe(({ step, label }) => steps.push(`${step} ${String(label).slice(scene.server.url.length + 4)}`));
      return steps;
    }

    it('for its key gives back the permit of a limit before it, and so cannot deadlock', async () => {
      const { app, root, route, locks, slots } = await startRoute([limitRequests(SLOTS)]);
      scene.server.onRequest = (request) => {
        request.answer();
      };
      const sent = [scene.send(root, 'GET /1'), scene.send(route, 'GET /1'), scene.send(root, 'GET /1')];
      await Promise.all(sent.map(({ over }) => over));
      expect(sent.map(({ end }) => end)).toEqual(['answered', 'answered', 'answered']);
      await app.stable();
      verifyIdle(locks, slots);
    });

    it('takes the permit again before it is sent, with its label, its weight and its priority', async () => {
      const limit = limitRequests(SLOTS, { weight: () => 2, priority: () => 1 });
      const { route, locks, slots } = await startRoute([limit], [byPath], [{ provide: SLOTS, useValue: new Semaphore(2) }]);
      const steps = stepsOf(slots);
      const key = locks.get('1').tryAcquire();
      const sent = scene.send(route, 'GET /1');
      expect(slots.available).toBe(2);
      const other = slots.tryAcquire();
      slots.acquire({ label: `GET ${scene.server.url}/later` }).subscribe();
      key?.release();
      slots.release();
      await scene.server.settle();
      expect(scene.server.names).toEqual([]);
      expect([locks.keys, slots.waiting]).toEqual([1, 1]);
      other?.release();
      (await scene.server.arrived(1)).answer();
      await sent.over;
      expect(steps).toEqual([
        'grant /1',
        'release /1',
        'grant ',
        'grant /later',
        'park /1',
        'release ',
        'release ',
        'grant /1',
        'release /1',
      ]);
    });

    it('takes several permits again in their order', async () => {
      const OTHER = new InjectionToken<Semaphore>('OTHER', { providedIn: 'root', factory: () => new Semaphore(1) });
      const { app, route, locks, slots } = await startRoute([limitRequests(SLOTS), limitRequests(OTHER)], [byPath]);
      const other = app.injector.get(OTHER);
      const key = locks.get('1').tryAcquire();
      const sent = scene.send(route, 'GET /1');
      const [slot, another] = [slots.tryAcquire(), other.tryAcquire()];
      key?.release();
      expect([slots.waiting, other.waiting]).toEqual([1, 0]);
      slot?.release();
      expect([slots.waiting, other.waiting]).toEqual([0, 1]);
      another?.release();
      (await scene.server.arrived(1)).answer();
      await sent.over;
      verifyIdle(slots, other);
    });

    it('for the lock of lockedBy gives back its permits too, and takes them again once it has its key', async () => {
      const lock = new Lock();
      const { route, locks, slots } = await startRoute([limitRequests(SLOTS)], [byPath]);
      const [permit, key] = [lock.tryAcquire(), locks.get('1').tryAcquire()];
      scene.send(route, 'GET /1', { context: lockedBy(lock) });
      const steps = stepsOf(slots);
      permit?.release();
      expect([lock.locked(), locks.waiting, slots.available]).toEqual([true, 1, 1]);
      key?.release();
      await scene.server.arrived(1);
      expect(steps).toEqual(['grant /1']);
    });

    it('keeps its permit if its key is free', async () => {
      const { route, slots } = await startRoute([limitRequests(SLOTS)]);
      const steps = stepsOf(slots);
      scene.send(route, 'GET /1');
      await scene.server.arrived(1);
      expect(steps).toEqual(['grant /1']);
    });

    it('is never sent when it is cancelled while it waits for its key', async () => {
      const { app, route, locks, slots } = await startRoute([limitRequests(SLOTS)]);
      const key = locks.get('1').tryAcquire();
      scene.send(route, 'PUT /1', { body: 'text' }).cancel();
      key?.release();
      await app.stable();
      expect(scene.server.names).toEqual([]);
      verifyIdle(locks, slots);
    });

    it('is never sent when it is cancelled while it waits for its permit again: its key is free at once', async () => {
      const { app, route, locks, slots } = await startRoute([limitRequests(SLOTS)]);
      const key = locks.get('1').tryAcquire();
      const sent = scene.send(route, 'PUT /1', { body: 'text' });
      const slot = slots.tryAcquire();
      key?.release();
      expect([locks.keys, slots.waiting]).toEqual([1, 1]);
      sent.cancel();
      expect([locks.keys, slots.waiting]).toEqual([0, 0]);
      slot?.release();
      await app.stable();
      expect(scene.server.names).toEqual([]);
      verifyIdle(locks, slots);
    });

    for (const [whose, ofStep] of [
      ['the limit', ({ injector }) => injector],
      ['the keys', ({ app }) => app],
    ] as readonly [string, (started: Started) => { destroy(): void }][]) {
      it(`fails when the injector of ${whose} is destroyed while it waits for its permit again`, async () => {
        const started = await startRoute([limitRequests(SLOTS)]);
        const { route, locks, slots } = started;
        const key = locks.get('1').tryAcquire();
        const sent = scene.send(route, 'GET /1');
        const slot = slots.tryAcquire();
        key?.release();
        ofStep(started).destroy();
        expect(String(sent.error)).toBe('ClosedError: gave up waiting for semaphore: the injector was destroyed');
        slot?.release();
        verifyIdle(locks, slots);
      });
    }

    it('fails when the injector of its limit was destroyed while it waited for its key', async () => {
      const { route, injector, locks, slots } = await startRoute([limitRequests(SLOTS)]);
      const key = locks.get('1').tryAcquire();
      const sent = scene.send(route, 'GET /1');
      injector.destroy();
      key?.release();
      expect(sent.error).toBeInstanceOf(ClosedError);
      verifyIdle(locks, slots);
    });

    it('is not granted its permit by what else the destruction of the injector cancels', async () => {
      const { route, injector, locks, slots } = await startRoute([limitRequests(SLOTS)]);
      const key = locks.get('1').tryAcquire();
      const slot = slots.tryAcquire();
      slot?.release();
      const sent = scene.send(route, 'GET /1');
      const taken = slots.tryAcquire();
      injector.get(DestroyRef).onDestroy(() => taken?.release());
      key?.release();
      injector.destroy();
      await scene.server.settle();
      expect(sent.error).toBeInstanceOf(ClosedError);
      expect(scene.server.names).toEqual([]);
      verifyIdle(locks, slots);
    });

    it('takes its permit again for a second attempt whose key is free', async () => {
      const again: HttpInterceptorFn = (request, next) =>
        next(request).pipe(timeout({ first: 5 }), retry({ count: 1, delay: () => retries }));
      const retries = new Subject<void>();
      const { route, locks, slots } = await startRoute([limitRequests(SLOTS), again], [byPath]);
      const key = locks.get('1').tryAcquire();
      scene.send(route, 'GET /1');
      while (locks.waiting > 0) {
        await scene.server.settle();
      }
      key?.release();
      expect(slots.available).toBe(1);
      retries.next();
      expect(slots.available).toBe(0);
    });

    it('runs to its answer when it is cancelled after all of its waits', async () => {
      const { app, route, locks, slots } = await startRoute([limitRequests(SLOTS)], [byPath]);
      const key = locks.get('1').tryAcquire();
      const sent = scene.send(route, 'PUT /1', { body: 'text' });
      const slot = slots.tryAcquire();
      key?.release();
      slot?.release();
      const arrived = await scene.server.arrived(1);
      sent.cancel();
      await scene.server.settle();
      expect([arrived.hungUp, locks.keys]).toEqual([false, 1]);
      arrived.answer();
      await app.stable();
      verifyIdle(locks, slots);
    });

    it('takes a permit anew at a limit behind, if an interceptor in between sends it without its key', async () => {
      const without: HttpInterceptorFn = (request, next) =>
        next(request).pipe(
          timeout({ first: 5 }),
          catchError(() => next(request.clone({ context: bypass(['serialize'], request.context) }))),
        );
      const { route, locks, slots } = await startRoute([limitRequests(SLOTS), without]);
      const key = locks.get('1').tryAcquire();
      scene.send(route, 'GET /1');
      await scene.server.arrived(1);
      expect(slots.available).toBe(0);
      key?.release();
    });

    it('keeps its permit when its lock is closed, for what an interceptor in between sends instead', async () => {
      const lock = new Lock();
      lock.complete();
      const instead: HttpInterceptorFn = (request, next) =>
        next(request).pipe(catchError(() => next(request.clone({ context: bypass(['serialize'], request.context) }))));
      const { route, slots } = await startRoute([limitRequests(SLOTS), instead], [serializeRequests()]);
      scene.send(route, 'GET /1', { context: lockedBy(lock) });
      await scene.server.arrived(1);
      expect(slots.available).toBe(0);
    });

    it('takes its permit again once for all copies of it', async () => {
      const twice: HttpInterceptorFn = (request, next) => merge(next(request), next(request.clone({ setHeaders: { key: '2' } })));
      const ofHeader = serializeRequests(({ headers }) => headers.get('key') ?? '1', { locks: LOCKS });
      const { route, locks, slots } = await startRoute([limitRequests(SLOTS), twice], [ofHeader]);
      const keys = locks.all(['1', '2']).tryAcquire();
      const sent = scene.send(route, 'GET /1');
      const slot = slots.tryAcquire();
      keys?.release();
      expect(slots.waiting).toBe(1);
      slot?.release();
      await scene.server.arrived(2);
      scene.server.requests.forEach((request) => {
        request.answer();
      });
      await sent.over;
      verifyIdle(locks, slots);
    });

    it('does not keep a permit whose limit it has left', async () => {
      // It keeps what is behind it running, whoever unsubscribes.
      const keeping: HttpInterceptorFn = (request, next) => {
        const events = new Subject<HttpEvent<unknown>>();
        next(request).subscribe(events);
        return events;
      };
      const { route, locks, slots } = await startRoute([limitRequests(SLOTS), keeping], [byPath]);
      const key = locks.get('1').tryAcquire();
      const sent = scene.send(route, 'GET /1');
      const slot = slots.tryAcquire();
      key?.release();
      sent.cancel();
      slot?.release();
      expect(slots.available).toBe(1);
      (await scene.server.arrived(1)).answer();
    });
  });

  describe('lockedBy', () => {
    it('makes a request wait for a lock, and hold it', async () => {
      const { http } = await scene.with(serializeRequests());
      const lock = new Lock();
      const permit = lock.tryAcquire();
      const sent = scene.send(http, 'GET /1', { context: lockedBy(lock) });
      scene.send(http, 'GET /2');
      await scene.server.arrived(1);
      await scene.server.settle();
      expect(scene.server.names).toEqual(['GET /2']);
      permit?.release();
      const arrived = await scene.server.arrived(2);
      expect(lock.locked()).toBe(true);
      arrived.answer();
      await sent.over;
      verifyIdle(lock);
    });

    it('is acquired before the key, and both are held', async () => {
      const app = await scene.with(byPath);
      const locks = app.injector.get(LOCKS);
      const lock = new Lock();
      const permit = lock.tryAcquire();
      const sent = scene.send(app.http, 'PUT /1', { context: lockedBy(lock), body: 'text' });
      expect(locks.keys).toBe(0);
      permit?.release();
      await scene.server.arrived(1);
      expect([locks.keys, lock.locked()]).toEqual([1, true]);
      sent.cancel();
      expect([locks.keys, lock.locked()]).toEqual([1, true]);
      scene.server.requests[0]?.answer();
      await app.stable();
      verifyIdle(locks, lock);
    });

    it('is free at once when the request waits for its key', async () => {
      const app = await scene.with(byPath);
      const locks = app.injector.get(LOCKS);
      const permit = locks.get('1').tryAcquire();
      const lock = new Lock();
      const sent = scene.send(app.http, 'PUT /1', { context: lockedBy(lock), body: 'text' });
      expect(lock.locked()).toBe(true);
      sent.cancel();
      permit?.release();
      verifyIdle(lock, locks);
      await scene.server.settle();
      expect(scene.server.requests).toEqual([]);
    });

    it('counts by its last call', async () => {
      const { http } = await scene.with(serializeRequests());
      const [first, second] = [new Lock(), new Lock()];
      scene.send(http, 'GET /1', { context: lockedBy(second, lockedBy(first)) });
      await scene.server.arrived(1);
      expect([first.locked(), second.locked()]).toEqual([false, true]);
    });

    it('takes a lock once, however often a request meets it', async () => {
      const app = await scene.with(serializeRequests());
      const route = app.route([provideHttpClient(withInterceptors([serializeRequests()]), withRequestsMadeViaParent())]);
      const sent = scene.send(route.get(HttpClient), 'GET /1', { context: lockedBy(new Lock()) });
      (await scene.server.arrived(1)).answer();
      await sent.over;
      expect(sent.end).toBe('answered');
    });

    it('takes a lock of another origin', async () => {
      const { http } = await scene.with(serializeRequests());
      const log: string[] = [];
      const permit: Permit = {
        released: false,
        release: () => log.push('released'),
        [Symbol.dispose]: () => undefined,
      };
      const foreign: Acquirable = {
        acquire: (...given: unknown[]) =>
          new Observable((subscriber) => {
            log.push(`acquired with ${String(given[0])}`);
            subscriber.next(permit);
            subscriber.complete();
          }),
      };
      const sent = scene.send(http, 'GET /1', { context: lockedBy(foreign) });
      (await scene.server.arrived(1)).answer();
      await sent.over;
      expect(log).toEqual(['acquired with 1', 'released']);
    });

    it('is not heeded by a request that bypasses the step', async () => {
      const { http } = await scene.with(serializeRequests());
      const lock = new Lock();
      scene.send(http, 'GET /1', { context: bypass(['serialize'], lockedBy(lock)) });
      await scene.server.arrived(1);
      verifyIdle(lock);
    });

    it('refuses what has no acquire()', () => {
      expect(() => lockedBy({} as never)).toThrowError(
        TypeError,
        'lockedBy needs something with an acquire() method, but got [object Object]',
      );
      expect(() => lockedBy(undefined as never)).toThrowError(TypeError);
    });
  });

  describe('Errors', () => {
    it('of keyOf are those of the request', async () => {
      const app = await scene.with(
        serializeRequests(() => {
          throw new Error('broken');
        }),
      );
      expect(String(scene.send(app.http, 'GET /1').error)).toBe('Error: broken');
      await app.stable();
    });

    it('of a token that gives something else are those of the request', async () => {
      const WRONG = new InjectionToken<KeyedLock>('WRONG', { providedIn: 'root', factory: () => 'a lock' as never });
      const app = await scene.with(serializeRequests(() => 'key', { locks: WRONG }));
      expect(String(scene.send(app.http, 'PUT /1').error)).toBe(
        'TypeError: serializeRequests needs a token of a KeyedLock, but the token gave "a lock"',
      );
      await app.stable();
    });

    for (const [given, message] of [
      [['key'], 'the keyOf must be a function, but is key'],
      [[undefined, { locks: {} }], 'serializeRequests needs a token of a KeyedLock, but got [object Object]'],
      [[undefined, { onCancel: 'stop' }], `the option onCancel of serializeRequests must be 'finish' or 'abort', but is "stop"`],
      [[undefined, { onCancelled: 'abort' }], 'serializeRequests takes no option onCancelled: it takes when, locks, onCancel'],
      [[undefined, 3], 'the options argument of serializeRequests must be an object, but is 3'],
    ] as const) {
      it(`at the call: ${message}`, () => {
        const call = serializeRequests as (...args: readonly unknown[]) => HttpInterceptorFn;
        expect(() => call(...given)).toThrowError(TypeError, message.replace('is key', 'is "key"'));
      });
    }
  });
});
