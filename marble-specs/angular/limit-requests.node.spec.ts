// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import {
  HTTP_INTERCEPTORS,
  HttpClient,
  HttpContext,
  HttpContextToken,
  HttpEventType,
  HttpRequest,
  provideHttpClient,
  withInterceptors,
  withInterceptorsFromDi,
  withRequestsMadeViaParent,
  type HttpInterceptor,
  type HttpInterceptorFn,
} from '@angular/common/http';
import { DestroyRef, InjectionToken } from '@angular/core';
import { ClosedError, Lock, Semaphore, trace } from 'rxjs-locks';
import { limitRequests } from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

import { Scene, Sent } from './app.node.js';

const SLOTS = new InjectionToken<Semaphore>('SLOTS', {
  providedIn: 'root',
  factory: () => new Semaphore(1, { name: 'slots' }),
});

describe('limitRequests', () => {
  const scene = new Scene();

  it('sends as many requests at a time as the limit says, in order', async () => {
    const { http } = await scene.with(limitRequests(2));
    const { server } = scene;
    const all = [1, 2, 3, 4].map((n) => scene.send(http, `GET /${String(n)}`));
    await server.arrived(2);
    await server.settle();
    expect(server.names).toEqual(['GET /1', 'GET /2']);
    server.requests[0]?.answer();
    expect((await server.arrived(3)).name).toBe('GET /3');
    server.requests[1]?.answer();
    expect((await server.arrived(4)).name).toBe('GET /4');
    server.requests[2]?.answer();
    server.requests[3]?.answer();
    await Promise.all(all.map(({ over }) => over));
    expect(all.map(({ end }) => end)).toEqual(['answered', 'answered', 'answered', 'answered']);
  });

  it('releases the permit when a request fails', async () => {
    const app = await scene.with(limitRequests(SLOTS));
    const first = scene.send(app.http, 'GET /1');
    const second = scene.send(app.http, 'GET /2');
    (await scene.server.arrived(1)).answer(500);
    (await scene.server.arrived(2)).answer();
    await second.over;
    expect(first.status).toBe(500);
    expect(second.end).toBe('answered');
    verifyIdle(app.injector.get(SLOTS));
  });

  it('asks the injector for the semaphore at each request', async () => {
    const semaphores = [new Semaphore(1), new Semaphore(1)];
    const TOKEN = new InjectionToken<Semaphore>('TOKEN');
    const app = await scene.with(limitRequests(TOKEN));
    const first = app.route([
      { provide: TOKEN, useValue: semaphores[0] },
      provideHttpClient(withInterceptors([limitRequests(TOKEN)])),
    ]);
    scene.send(first.get(HttpClient), 'GET /1');
    await scene.server.arrived(1);
    expect(semaphores.map(({ available }) => available)).toEqual([0, 1]);
  });

  it('holds the permit until the last event, and passes all events on', async () => {
    const app = await scene.with(limitRequests(SLOTS));
    const types: HttpEventType[] = [];
    const slots = app.injector.get(SLOTS);
    const request = new HttpRequest('GET', `${scene.server.url}/1`, { reportProgress: true, responseType: 'text' });
    const over = new Promise<void>((resolve) => {
      app.http.request(request).subscribe({
        next: ({ type }) => {
          expect(slots.available).toBe(0);
          types.push(type);
        },
        complete: resolve,
      });
    });
    const arrived = await scene.server.arrived(1);
    arrived.answer();
    await over;
    expect(new Set(types)).toEqual(
      new Set([HttpEventType.Sent, HttpEventType.ResponseHeader, HttpEventType.DownloadProgress, HttpEventType.Response]),
    );
    expect(slots.available).toBe(1);
  });

  it('takes as many units as weight says, and lets a higher priority go first', async () => {
    const PRIORITY = new HttpContextToken(() => 0);
    const { http } = await scene.with(
      limitRequests(2, {
        weight: ({ url }) => (url.endsWith('/heavy') ? 2 : 1),
        priority: ({ context }) => context.get(PRIORITY),
      }),
    );
    const { server } = scene;
    scene.send(http, 'GET /heavy');
    await server.arrived(1);
    scene.send(http, 'GET /low');
    scene.send(http, 'GET /high', { context: new HttpContext().set(PRIORITY, 1) });
    await server.settle();
    expect(server.names).toEqual(['GET /heavy']);
    server.requests[0]?.answer();
    await server.arrived(3);
    expect(new Set(server.names.slice(1))).toEqual(new Set(['GET /high', 'GET /low']));
  });

  it('grants in the order of the priorities', async () => {
    const { http } = await scene.with(limitRequests(1, { priority: ({ url }) => (url.endsWith('/high') ? 1 : 0) }));
    const { server } = scene;
    scene.send(http, 'GET /first');
    await server.arrived(1);
    scene.send(http, 'GET /low');
    scene.send(http, 'GET /high');
    server.requests[0]?.answer();
    (await server.arrived(2)).answer();
    await server.arrived(3);
    expect(server.names).toEqual(['GET /first', 'GET /high', 'GET /low']);
  });

  it('leaves requests alone that do not concern it', async () => {
    const { http } = await scene.with(limitRequests(1, { when: ({ url }) => !url.endsWith('/free') }));
    scene.send(http, 'GET /1');
    scene.send(http, 'GET /free');
    scene.send(http, 'GET /2');
    await scene.server.arrived(2);
    await scene.server.settle();
    expect(scene.server.names).toEqual(['GET /1', 'GET /free']);
  });

  it('labels a request with its method and URL, without query and fragment', async () => {
    const app = await scene.with(limitRequests(SLOTS));
    const labels: unknown[] = [];
    trace(app.injector.get(SLOTS)).subscribe(({ label }) => labels.push(label));
    scene.send(app.http, 'GET /1?token=secret');
    await scene.server.arrived(1);
    app.http
      .get(`${scene.server.url}/2#part`, { params: { token: 'secret' } })
      .subscribe()
      .unsubscribe();
    expect(labels).toEqual([`GET ${scene.server.url}/1`, `GET ${scene.server.url}/2`, `GET ${scene.server.url}/2`]);
  });

  it('works beside interceptors that are classes', async () => {
    const seen: string[] = [];
    const app = await scene.with();
    const ofClass: HttpInterceptor = {
      intercept: (request, next) => {
        seen.push(request.method);
        return next.handle(request);
      },
    };
    const route = app.route([
      provideHttpClient(withInterceptors([limitRequests(SLOTS)]), withInterceptorsFromDi()),
      { provide: HTTP_INTERCEPTORS, useValue: ofClass, multi: true },
    ]);
    const http = route.get(HttpClient);
    scene.send(http, 'GET /1');
    scene.send(http, 'GET /2');
    (await scene.server.arrived(1)).answer();
    (await scene.server.arrived(2)).answer();
    expect(seen).toEqual(['GET', 'GET']);
  });

  describe('Cancelling', () => {
    it('never sends a request that is cancelled while it waits', async () => {
      const app = await scene.with(limitRequests(SLOTS));
      const { http } = app;
      const { server } = scene;
      scene.send(http, 'GET /1');
      const cancelled = scene.send(http, 'GET /2');
      scene.send(http, 'GET /3');
      await server.arrived(1);
      cancelled.cancel();
      expect(app.injector.get(SLOTS).waiting).toBe(1);
      server.requests[0]?.answer();
      expect((await server.arrived(2)).name).toBe('GET /3');
    });

    it('aborts a request that was sent, of any method, and frees its permit at once', async () => {
      const app = await scene.with(limitRequests(SLOTS));
      const put = scene.send(app.http, 'PUT /1', { body: 'text' });
      const arrived = await scene.server.arrived(1);
      put.cancel();
      verifyIdle(app.injector.get(SLOTS));
      await scene.server.hungUp(arrived);
    });
  });

  describe('The state of the application', () => {
    it('is not shared by applications of one configuration', async () => {
      const interceptors = [limitRequests(1)];
      const apps = await Promise.all([1, 2, 3, 4, 5].map(() => scene.start({ interceptors, isServer: true })));
      for (const [index, { http }] of apps.entries()) {
        scene.send(http, `GET /${String(index)}`);
      }
      await scene.server.arrived(5);
      expect(scene.server.requests.length).toBe(5);
    });

    it('is one for all injectors of an application', async () => {
      const interceptors = [limitRequests(1)];
      const app = await scene.start({ interceptors });
      const route = app.route([provideHttpClient(withInterceptors(interceptors))]);
      scene.send(app.http, 'GET /root');
      scene.send(route.get(HttpClient), 'GET /route');
      await scene.server.arrived(1);
      await scene.server.settle();
      expect(scene.server.names).toEqual(['GET /root']);
    });

    it('keeps the application unstable while a request waits', async () => {
      const app = await scene.with(limitRequests(SLOTS));
      scene.send(app.http, 'GET /1');
      const second = scene.send(app.http, 'GET /2');
      const first = await scene.server.arrived(1);
      expect(await app.isStable()).toBe(false);
      first.answer();
      const last = await scene.server.arrived(2);
      expect(await app.isStable()).toBe(false);
      last.answer();
      await second.over;
      await app.stable();
    });

    it('fails the waiting requests of an injector that is destroyed, and leaves the queue of a semaphore that outlives it', async () => {
      const slots = new Semaphore(2);
      const app = await scene.with();
      const route = app.route([
        { provide: SLOTS, useValue: slots },
        provideHttpClient(withInterceptors([limitRequests(SLOTS, { weight: ({ url }) => (url.endsWith('/heavy') ? 2 : 1) })])),
      ]);
      const http = route.get(HttpClient);
      const sent = ['GET /1', 'GET /heavy', 'GET /3', 'GET /4'].map((name) => scene.send(http, name));
      await scene.server.arrived(1);
      expect(slots.waiting).toBe(3);
      route.destroy();
      expect(slots.waiting).toBe(0);
      for (const { error } of sent.slice(1)) {
        expect(error).toBeInstanceOf(ClosedError);
        expect(String(error)).toBe('ClosedError: gave up waiting for semaphore: the injector was destroyed');
      }
      await scene.server.settle();
      expect(scene.server.names).toEqual(['GET /1']);
    });
  });

  it('sends no waiting request of an injector that is destroyed, whatever else the destruction cancels', async () => {
    const slots = new Semaphore(1);
    const app = await scene.with();
    const route = app.route([{ provide: SLOTS, useValue: slots }, provideHttpClient(withInterceptors([limitRequests(SLOTS)]))]);
    const first = scene.send(route.get(HttpClient), 'GET /1');
    route.get(DestroyRef).onDestroy(() => {
      first.cancel();
    });
    await scene.server.arrived(1);
    const second = scene.send(route.get(HttpClient), 'GET /2');
    route.destroy();
    await scene.server.settle();
    expect(scene.server.names).toEqual(['GET /1']);
    expect(second.error).toBeInstanceOf(ClosedError);
    verifyIdle(slots);
  });

  it('gives a permit of its own to a request that an interceptor behind sends with the context of another', async () => {
    const behind: HttpInterceptorFn = (request, next) => {
      if (request.url.endsWith('/1')) {
        scene.send(app.http, 'GET /sub', { context: request.context });
      }
      return next(request);
    };
    const slots = new Semaphore(2);
    const app = await scene.start({
      interceptors: [limitRequests(SLOTS), behind],
      providers: [{ provide: SLOTS, useValue: slots }],
    });
    scene.send(app.http, 'GET /1');
    await scene.server.arrived(2);
    expect(slots.available).toBe(0);
  });

  describe('One permit for a request', () => {
    /** A lazy route whose requests go through the interceptors of the root too. */
    async function routeWith(ofRoot: HttpInterceptorFn[], ofRoute: HttpInterceptorFn[]): Promise<HttpClient> {
      const app = await scene.start({ interceptors: ofRoot });
      return app.route([provideHttpClient(withInterceptors(ofRoute), withRequestsMadeViaParent())]).get(HttpClient);
    }

    it('is taken, although the root and a lazy route have the same interceptor', async () => {
      const limit = limitRequests(1);
      const http = await routeWith([limit], [limit]);
      const sent = scene.send(http, 'GET /1');
      (await scene.server.arrived(1)).answer();
      await sent.over;
      expect(sent.end).toBe('answered');
    });

    it('is taken, although two interceptors have the same semaphore', async () => {
      const http = await routeWith([limitRequests(SLOTS)], [limitRequests(SLOTS)]);
      const sent = scene.send(http, 'GET /1');
      (await scene.server.arrived(1)).answer();
      await sent.over;
      expect(sent.end).toBe('answered');
    });

    it('is taken by each of several requests that share a context', async () => {
      const limit = limitRequests(1);
      const http = await routeWith([limit], [limit]);
      const context = new HttpContext();
      scene.send(http, 'GET /1', { context });
      scene.send(http, 'GET /2', { context });
      await scene.server.arrived(1);
      await scene.server.settle();
      expect(scene.server.names).toEqual(['GET /1']);
      expect([...context.keys()]).toEqual([]);
    });

    it('is taken anew when somebody sends a kept request again', async () => {
      const kept: HttpRequest<unknown>[] = [];
      const app = await scene.with(limitRequests(SLOTS), (request, next) => {
        kept.push(request);
        return next(request);
      });
      const first = scene.send(app.http, 'GET /1');
      (await scene.server.arrived(1)).answer();
      await first.over;
      const [request] = kept;
      if (request === undefined) {
        throw new Error('no request was kept');
      }
      const again = [new Sent(app.http.request(request)), new Sent(app.http.request(request))];
      await scene.server.arrived(2);
      await scene.server.settle();
      expect(scene.server.requests.length).toBe(2);
      expect(app.injector.get(SLOTS).waiting).toBe(1);
      expect(again.map(({ end }) => end)).toEqual([undefined, undefined]);
    });

    it('is taken for each of two semaphores', async () => {
      const http = await routeWith([limitRequests(1)], [limitRequests(2)]);
      scene.send(http, 'GET /1');
      scene.send(http, 'GET /2');
      await scene.server.arrived(1);
      await scene.server.settle();
      expect(scene.server.names).toEqual(['GET /1']);
    });
  });

  it('leaves nothing in the context, and shows the caller what interceptors behind it write', async () => {
    const WRITTEN = new HttpContextToken(() => 'default');
    const DELETED = new HttpContextToken(() => 'default');
    const READ = new HttpContextToken(() => 'default');
    const seen: unknown[] = [];
    const { http } = await scene.with(limitRequests(1), (request, next) => {
      const { context } = request;
      seen.push(context.get(READ), context.has(READ), context.has(WRITTEN), [...context.keys()].length);
      expect(context.set(WRITTEN, 'written')).toBe(context);
      expect(context.delete(DELETED)).toBe(context);
      return next(request);
    });
    const context = new HttpContext().set(READ, 'read').set(DELETED, 'deleted');
    const sent = scene.send(http, 'GET /1', { context });
    (await scene.server.arrived(1)).answer();
    await sent.over;
    expect(seen).toEqual(['read', true, false, 2]);
    expect([...context.keys()]).toEqual([READ, WRITTEN]);
    expect(context.get(WRITTEN)).toBe('written');
  });

  describe('Errors of the request', () => {
    it('are those of a token that gives something else', async () => {
      const WRONG = new InjectionToken<Semaphore>('WRONG', { providedIn: 'root', factory: () => new Lock() as never });
      const app = await scene.with(limitRequests(WRONG));
      const { error } = scene.send(app.http, 'GET /1');
      expect(String(error)).toBe('TypeError: limitRequests needs a token of a Semaphore, but the token gave lock');
      await app.stable();
    });

    it('are those of a missing provider', async () => {
      const app = await scene.with(limitRequests(new InjectionToken<Semaphore>('MISSING')));
      expect(String(scene.send(app.http, 'GET /1').error)).toContain('NG0201');
      await app.stable();
    });

    for (const [option, callback, message] of [
      ['when', (): never => fail(), 'Error: broken'],
      ['weight', (): never => fail(), 'Error: broken'],
      ['priority', (): never => fail(), 'Error: broken'],
      ['weight', () => 0, 'RangeError: weight must be an integer of at least 1, but is 0'],
      ['weight', () => 3, 'RangeError: cannot acquire 3 of bounded semaphore "limitRequests(2)": it never has more than 2'],
    ] as const) {
      it(`are those of ${option}: ${message}`, async () => {
        const app = await scene.with(limitRequests(2, { [option]: callback }));
        expect(String(scene.send(app.http, 'GET /1').error)).toBe(message);
        await app.stable();
        expect(scene.server.requests).toEqual([]);
      });
    }

    function fail(): never {
      throw new Error('broken');
    }
  });

  describe('Errors at the call', () => {
    for (const [limit, message] of [
      [0, 'RangeError: the limit must be an integer of at least 1, but is 0'],
      [1.5, 'RangeError: the limit must be an integer of at least 1, but is 1.5'],
      [NaN, 'RangeError: the limit must be an integer of at least 1, but is NaN'],
      [undefined, 'TypeError: limitRequests needs a token of a Semaphore, or a number, but got undefined'],
      ['6', 'TypeError: limitRequests needs a token of a Semaphore, or a number, but got "6"'],
      [new Semaphore(1), 'TypeError: limitRequests needs a token of a Semaphore, or a number, but got semaphore'],
    ] as const) {
      it(message, () => {
        expect(() => limitRequests(limit as number)).toThrowMatching((error) => String(error) === message);
      });
    }

    it('are those of malformed options', () => {
      expect(() => limitRequests(1, { when: true as never })).toThrowError(
        TypeError,
        'the option when of limitRequests must be a function, but is true',
      );
      expect(() => limitRequests(1, { wait: 1 } as never)).toThrowError(
        TypeError,
        'limitRequests takes no option wait: it takes when, weight, priority',
      );
    });
  });
});
