// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import {
  HttpClient,
  HttpErrorResponse,
  provideHttpClient,
  withInterceptors,
  withRequestsMadeViaParent,
  type HttpContext,
  type HttpInterceptorFn,
} from '@angular/common/http';
import { inject, InjectionToken, ɵglobal } from '@angular/core';
import { concat, defer, EMPTY, firstValueFrom, type Observable, of, Subject, switchMap, tap, throwError } from 'rxjs';
import { ClosedError, Event, Lock, LocksError, Semaphore, type Acquirable } from 'rxjs-locks';
import {
  bypass,
  coordinateRequests,
  gateRequests,
  limitRequests,
  refreshOn401,
  serializeRequests,
  SessionChangedError,
  type RefreshOn401Options,
} from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

import { Scene, type App, type Sent } from './app.node.js';
import { Session, SESSION } from './session.node.js';

const isApi = ({ url }: { readonly url: string }): boolean => !url.includes('/refresh');

describe('refreshOn401', () => {
  const scene = new Scene();

  async function start(
    options: Partial<RefreshOn401Options<string>> = {},
    session: Session = new Session(),
  ): Promise<{ app: App; http: HttpClient; session: Session }> {
    const app = await scene.start({
      interceptors: [refreshOn401(SESSION, { when: isApi, ...options })],
      providers: [{ provide: SESSION, useValue: session }],
    });
    return { app, http: app.http, session };
  }

  /** The server refuses each token but these. */
  function accept(...tokens: string[]): void {
    scene.server.onRequest = (request) => {
      request.answer(tokens.includes(request.token ?? '') ? 200 : 401);
    };
  }

  /** An interceptor that notes the path of each request that comes to it. An abort at once hides a request from the server. */
  function noting(passed: string[]): HttpInterceptorFn {
    return (request, next) => {
      passed.push(new URL(request.url).pathname);
      return next(request);
    };
  }

  const tokens = (): unknown[] => scene.server.requests.map(({ token }) => token);
  const all = (sent: readonly Sent[]): Promise<unknown> => Promise.all(sent.map(({ over }) => over));

  it('refreshes once for all requests, and sends each again with the new token', async () => {
    const { app, http, session } = await start();
    accept('new');
    const sent = ['GET /1', 'GET /2', 'GET /3'].map((name) => scene.send(http, name));
    await scene.server.arrived(3);
    await scene.server.settle();
    expect(session.refreshes.map(({ token }) => token)).toEqual(['old']);
    session.refreshed('new');
    await all(sent);
    expect(sent.map(({ end }) => end)).toEqual(['answered', 'answered', 'answered']);
    expect(tokens()).toEqual(['old', 'old', 'old', 'new', 'new', 'new']);
    await app.stable();
  });

  it('attaches the new token to the original request', async () => {
    const { http, session } = await start();
    accept('new');
    const sent = scene.send(http, 'GET /1');
    await scene.server.arrived(1);
    await scene.server.settle();
    session.refreshed('new');
    await sent.over;
    expect(session.attached.map(({ headers }) => headers.keys())).toEqual([[], []]);
  });

  it('gives all who wait, sent or not, the error of a refresh that fails, and the next 401 tries again', async () => {
    const { http, session } = await start();
    accept('new');
    const first = scene.send(http, 'GET /1');
    await scene.server.arrived(1);
    await scene.server.settle();
    const unsent = scene.send(http, 'GET /2');
    const error = new HttpErrorResponse({ status: 503 });
    session.failed(error);
    await all([first, unsent]);
    expect([first.error, unsent.error]).toEqual([error, error]);
    expect(scene.server.requests.length).toBe(1);
    const next = scene.send(http, 'GET /3');
    await scene.server.arrived(2);
    await scene.server.settle();
    expect(session.refreshes.length).toBe(2);
    session.refreshed('new');
    await next.over;
    expect(next.end).toBe('answered');
  });

  describe('A session that is lost', () => {
    it('is reported once for 40 requests, before those who wait get the error', async () => {
      const log: string[] = [];
      const { http, session } = await start({
        onSessionLost: (error) => log.push(`lost: ${String((error as HttpErrorResponse).status)}`),
      });
      accept('new');
      const sent = Array.from({ length: 40 }, (_, index) => scene.send(http, `GET /${String(index)}`));
      await scene.server.arrived(20);
      await scene.server.settle();
      void sent[0]?.over.then(() => log.push('first'));
      const lost = new HttpErrorResponse({ status: 400 });
      session.failed(lost);
      await all(sent);
      expect(session.refreshes.length).toBe(1);
      expect(log).toEqual(['lost: 400', 'first']);
      expect(sent.filter(({ error }) => error === lost).length).toBeGreaterThan(0);
      expect(sent.every(({ error, status }) => error === lost || status === 401)).toBe(true);
    });

    it('is remembered for its token: later requests keep their own 401', async () => {
      const { http, session } = await start({ isExpired: () => false });
      accept('new');
      const first = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      session.failed(new HttpErrorResponse({ status: 401 }));
      const later = scene.send(http, 'GET /2');
      await all([first, later]);
      expect(later.status).toBe(401);
      expect((later.error as HttpErrorResponse).url).toContain('/2');
      expect(session.refreshes.length).toBe(1);
    });

    it('is not refreshed ahead either', async () => {
      const { http, session } = await start({ isExpired: () => true });
      accept('new');
      const first = scene.send(http, 'GET /1');
      session.failed(new HttpErrorResponse({ status: 401 }));
      const later = scene.send(http, 'GET /2');
      await all([first, later]);
      expect(later.status).toBe(401);
      expect(scene.server.names).toEqual(['GET /2']);
      expect(session.refreshes.length).toBe(1);
    });

    it('is forgotten with another token', async () => {
      const { http, session } = await start();
      accept('new');
      const first = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      session.failed(new HttpErrorResponse({ status: 401 }));
      session.current = 'other';
      const later = scene.send(http, 'GET /2');
      await scene.server.arrived(2);
      await scene.server.settle();
      expect(session.refreshes.length).toBe(2);
      session.refreshed('new');
      await all([first, later]);
      expect(later.end).toBe('answered');
    });

    it('is forgotten with another token, also if the first one comes back', async () => {
      const { http, session } = await start();
      accept('other', 'new');
      const first = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      session.failed(new HttpErrorResponse({ status: 401 }));
      session.current = 'other';
      const between = scene.send(http, 'GET /2');
      await all([first, between]);
      session.current = 'old';
      const last = scene.send(http, 'GET /3');
      await scene.server.arrived(3);
      await scene.server.settle();
      expect(session.refreshes.length).toBe(2);
      session.refreshed('new');
      await last.over;
      expect(last.end).toBe('answered');
    });

    it('may send a request in onSessionLost, also of a refresh that ends at once', async () => {
      const session = new Session();
      session.refresh = () => throwError(() => new HttpErrorResponse({ status: 400 }));
      const after: Sent[] = [];
      const { http } = await start(
        { isExpired: () => true, onSessionLost: () => after.push(scene.send(http, 'POST /logout')) },
        session,
      );
      scene.server.onRequest = (request) => {
        request.answer();
      };
      const sent = scene.send(http, 'GET /1');
      await all([sent, ...after]);
      expect(sent.status).toBe(400);
      expect(after.map(({ end }) => end)).toEqual(['answered']);
    });

    it('is what isSessionLost says', async () => {
      const seen: unknown[] = [];
      const lost: unknown[] = [];
      const { http, session } = await start({
        isSessionLost: (error) => {
          seen.push(error);
          return error === 'lost';
        },
        onSessionLost: (error) => lost.push(error),
      });
      accept('new');
      const sent: Sent[] = [];
      for (const [index, error] of ['network', new HttpErrorResponse({ status: 400 }), 'lost'].entries()) {
        sent.push(scene.send(http, 'GET /1'));
        await scene.server.arrived(index + 1);
        await scene.server.settle();
        session.failed(error);
      }
      await all(sent);
      expect(seen.length).toBe(3);
      expect(lost).toEqual(['lost']);
    });

    it('is not what a network error says', async () => {
      const onSessionLost = jasmine.createSpy();
      const { http, session } = await start({ onSessionLost });
      accept('new');
      const sent = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      session.failed(new Error('network'));
      await sent.over;
      expect(onSessionLost).not.toHaveBeenCalled();
    });

    it('strands nobody if onSessionLost throws: the ErrorHandler gets it', async () => {
      const { app, http, session } = await start({
        onSessionLost: () => {
          throw new Error('broken');
        },
      });
      accept('new');
      const sent = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      const lost = new HttpErrorResponse({ status: 400 });
      session.failed(lost);
      await sent.over;
      expect(sent.error).toBe(lost);
      expect(app.errors.map(String)).toEqual(['Error: broken']);
      await app.stable();
    });

    it('gives those who wait its error, although onSessionLost logs out', async () => {
      const session = new Session();
      const { http } = await start(
        {
          onSessionLost: () => {
            session.current = null;
          },
        },
        session,
      );
      accept('new');
      const sent = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      const unsent = scene.send(http, 'GET /2');
      const lost = new HttpErrorResponse({ status: 400 });
      session.failed(lost);
      await all([sent, unsent]);
      expect([sent.error, unsent.error]).toEqual([lost, lost]);
    });

    it('is not reported to the user who has logged in meanwhile', async () => {
      const onSessionLost = jasmine.createSpy();
      const { http, session } = await start({ onSessionLost });
      accept('new');
      const sent = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      session.current = 'of 2';
      session.user = 2;
      session.failed(new HttpErrorResponse({ status: 400 }));
      await sent.over;
      expect(sent.status).toBe(401);
      expect(onSessionLost).not.toHaveBeenCalled();
    });

    it('fails the requests with what isSessionLost throws', async () => {
      const { app, http, session } = await start({
        isSessionLost: () => {
          throw new Error('broken');
        },
      });
      accept('new');
      const sent = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      session.failed(new HttpErrorResponse({ status: 400 }));
      await sent.over;
      expect(String(sent.error)).toBe('Error: broken');
      await app.stable();
    });
  });

  describe('Cancelling', () => {
    it('by the first caller leaves the token to the others', async () => {
      const { http, session } = await start();
      accept('new');
      const first = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      const second = scene.send(http, 'GET /2');
      first.cancel();
      session.refreshed('new');
      await second.over;
      expect(second.end).toBe('answered');
      expect(scene.server.names).toEqual(['GET /1', 'GET /2']);
    });

    it('by all callers lets the refresh run to its end, and keeps the application unstable', async () => {
      const { app, http, session } = await start();
      accept('new');
      const sent = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      sent.cancel();
      expect(session.refreshes[0]?.answer.observed).toBe(true);
      expect(await app.isStable()).toBe(false);
      session.refreshed('new');
      await app.stable();
    });

    it('frees the key of a save that waits for a refresh', async () => {
      const session = new Session();
      const lock = new Lock();
      const app = await scene.start({
        interceptors: coordinateRequests({
          serialize: serializeRequests(() => 'key'),
          refresh: refreshOn401(SESSION, { when: isApi }),
        }),
        providers: [{ provide: SESSION, useValue: session }],
      });
      accept('new');
      const first = scene.send(app.http, 'PUT /1', { body: 'first' });
      await scene.server.arrived(1);
      await scene.server.settle();
      const second = scene.send(app.http, 'PUT /1', { body: 'second' });
      first.cancel();
      session.refreshed('new');
      await second.over;
      expect(scene.server.requests.map(({ body }) => body)).toEqual(['first', 'second']);
      verifyIdle(lock);
    });

    it('of a save in flight ends it when it is answered with 401: it is not sent again', async () => {
      const session = new Session();
      const app = await scene.start({
        interceptors: coordinateRequests({
          serialize: serializeRequests(() => 'key'),
          refresh: refreshOn401(SESSION, { when: isApi }),
        }),
        providers: [{ provide: SESSION, useValue: session }],
      });
      const first = scene.send(app.http, 'PUT /1', { body: 'first' });
      const arrived = await scene.server.arrived(1);
      const second = scene.send(app.http, 'PUT /1', { body: 'second' });
      first.cancel();
      arrived.answer(401);
      await scene.server.settle();
      accept('new');
      session.refreshed('new');
      await second.over;
      expect(scene.server.requests.map(({ body }) => body)).toEqual(['first', 'second']);
      await app.stable();
    });

    it('of a save in flight ends it when its 401 causes a refresh that ends at once: it is not sent again', async () => {
      const session = new Session();
      session.refresh = () => {
        session.current = 'new';
        return EMPTY;
      };
      const passed: string[] = [];
      const app = await scene.start({
        interceptors: [
          ...coordinateRequests({ serialize: serializeRequests(() => 'key'), refresh: refreshOn401(SESSION, { when: isApi }) }),
          noting(passed),
        ],
        providers: [{ provide: SESSION, useValue: session }],
      });
      const first = scene.send(app.http, 'PUT /1', { body: 'first' });
      const arrived = await scene.server.arrived(1);
      first.cancel();
      arrived.answer(401);
      await app.stable();
      expect(passed).toEqual(['/1']);
    });

    it('by the destruction of an injector leaves the token to the requests of others', async () => {
      const session = new Session();
      const refresh = refreshOn401(SESSION, { when: isApi });
      const app = await scene.start({ interceptors: [refresh], providers: [{ provide: SESSION, useValue: session }] });
      const route = app.route([provideHttpClient(withInterceptors([refresh]))]);
      accept('new');
      const first = scene.send(route.get(HttpClient), 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      const second = scene.send(app.http, 'GET /2');
      route.destroy();
      expect(first.error).toBeInstanceOf(ClosedError);
      session.refreshed('new');
      await second.over;
      expect(second.end).toBe('answered');
    });
  });

  describe('A request that waits in another step', () => {
    const OPEN = new InjectionToken<Event>('OPEN', { providedIn: 'root', factory: () => new Event() });

    for (const [what, change] of [
      [
        'another login',
        (session: Session) => {
          session.current = 'token of another';
          session.user = 2;
        },
      ],
      [
        'a logout',
        (session: Session) => {
          session.current = null;
        },
      ],
    ] as const) {
      it(`is not sent after ${what}`, async () => {
        const session = new Session();
        const app = await scene.start({
          interceptors: coordinateRequests({
            gate: gateRequests(OPEN, { when: isApi }),
            limit: limitRequests(1),
            refresh: refreshOn401(SESSION, { when: isApi }),
          }),
          providers: [{ provide: SESSION, useValue: session }],
        });
        accept('old', 'token of another');
        const sent = scene.send(app.http, 'PUT /1');
        await scene.server.settle();
        change(session);
        app.injector.get(OPEN).set();
        await scene.server.settle();
        expect(scene.server.names).toEqual([]);
        expect(String(sent.error)).toMatch(/^SessionChangedError: cannot send PUT .*\/1: .* while it waited$/);
      });
    }

    it('is sent without a token if no user was logged in, and none is', async () => {
      const session = new Session();
      session.current = null;
      const app = await scene.start({
        interceptors: coordinateRequests({
          gate: gateRequests(OPEN, { when: isApi }),
          refresh: refreshOn401(SESSION, { when: isApi }),
        }),
        providers: [{ provide: SESSION, useValue: session }],
      });
      const sent = scene.send(app.http, 'PUT /1');
      app.injector.get(OPEN).set();
      (await scene.server.arrived(1)).answer();
      await sent.over;
      expect(tokens()).toEqual([undefined]);
    });

    it('is sent with a token that the same user has got meanwhile', async () => {
      const session = new Session();
      const app = await scene.start({
        interceptors: coordinateRequests({
          gate: gateRequests(OPEN, { when: isApi }),
          refresh: refreshOn401(SESSION, { when: isApi }),
        }),
        providers: [{ provide: SESSION, useValue: session }],
      });
      accept('new');
      const sent = scene.send(app.http, 'PUT /1');
      session.current = 'new';
      app.injector.get(OPEN).set();
      await sent.over;
      expect(tokens()).toEqual(['new']);
    });
  });

  describe('A late 401', () => {
    it('of a request whose injector is destroyed does not keep the requests of others waiting', async () => {
      const session = new Session();
      const refresh = refreshOn401(SESSION, { when: isApi });
      const app = await scene.start({ interceptors: [refresh], providers: [{ provide: SESSION, useValue: session }] });
      const route = app.route([provideHttpClient(withInterceptors([refresh]))]);
      scene.send(route.get(HttpClient), 'GET /1');
      const arrived = await scene.server.arrived(1);
      route.destroy();
      arrived.answer(401);
      await scene.server.settle();
      accept('new');
      const second = scene.send(app.http, 'GET /2');
      await scene.server.settle();
      session.refreshed('new');
      await second.over;
      expect(second.end).toBe('answered');
    });

    it('of a request with another token than now is sent once with the present token, without a refresh', async () => {
      const { http, session } = await start();
      const sent = scene.send(http, 'GET /1');
      const arrived = await scene.server.arrived(1);
      session.current = 'new';
      arrived.answer(401);
      (await scene.server.arrived(2)).answer(401);
      await sent.over;
      expect(sent.status).toBe(401);
      expect(tokens()).toEqual(['old', 'new']);
      expect(session.refreshes).toEqual([]);
    });

    it('waits while a refresh runs', async () => {
      const { http, session } = await start();
      const first = scene.send(http, 'GET /1');
      const second = scene.send(http, 'GET /2');
      await scene.server.arrived(2);
      scene.server.requests[0]?.answer(401);
      await scene.server.settle();
      scene.server.requests[1]?.answer(401);
      await scene.server.settle();
      expect(scene.server.requests.length).toBe(2);
      accept('new');
      session.refreshed('new');
      await all([first, second]);
      expect(tokens()).toEqual(['old', 'old', 'new', 'new']);
      expect(session.refreshes.length).toBe(1);
    });
  });

  it('lets an unsent request wait while a refresh runs, and gives it the new token', async () => {
    const { http, session } = await start();
    accept('new');
    const first = scene.send(http, 'GET /1');
    await scene.server.arrived(1);
    await scene.server.settle();
    const unsent = scene.send(http, 'GET /2');
    await scene.server.settle();
    expect(scene.server.requests.length).toBe(1);
    session.refreshed('new');
    await all([first, unsent]);
    expect(tokens()).toEqual(['old', 'new', 'new']);
  });

  it('does not loop: the second 401 of a request is its error', async () => {
    const { http, session } = await start();
    accept('never');
    const sent = scene.send(http, 'GET /1');
    await scene.server.arrived(1);
    await scene.server.settle();
    session.refreshed('new');
    await sent.over;
    expect(sent.status).toBe(401);
    expect(tokens()).toEqual(['old', 'new']);
    expect(session.refreshes.length).toBe(1);
  });

  it('does not loop: a 401 is the error after a refresh that gives the same token', async () => {
    const { http, session } = await start();
    accept('new');
    const sent = scene.send(http, 'GET /1');
    await scene.server.arrived(1);
    await scene.server.settle();
    session.refreshed('old');
    await sent.over;
    expect(sent.status).toBe(401);
    expect(scene.server.requests.length).toBe(1);
  });

  describe('A change of the session during a refresh', () => {
    for (const [what, change] of [
      [
        'a logout',
        (session: Session) => {
          session.refreshed(null);
        },
      ],
      [
        'another login',
        (session: Session) => {
          session.user = 2;
          session.refreshed('of 2');
        },
      ],
      [
        'a logout, and a refresh that fails',
        (session: Session) => {
          session.current = null;
          session.failed(new HttpErrorResponse({ status: 400 }));
        },
      ],
      [
        'another login, and a refresh that fails',
        (session: Session) => {
          session.user = 2;
          session.current = 'of 2';
          session.failed(new Error('network'));
        },
      ],
    ] as const) {
      it(`(${what}) gives a 401 to who has it, and SessionChangedError to who is not sent`, async () => {
        const { http, session } = await start();
        accept('new');
        const sent = scene.send(http, 'GET /1');
        await scene.server.arrived(1);
        await scene.server.settle();
        const unsent = scene.send(http, 'GET /2');
        change(session);
        await all([sent, unsent]);
        expect(sent.status).toBe(401);
        expect(unsent.error).toBeInstanceOf(SessionChangedError);
        expect(unsent.error).toBeInstanceOf(LocksError);
        expect(String(unsent.error)).toBe(
          `SessionChangedError: cannot send GET ${scene.server.url}/2: ` +
            'the user has logged out, or another user has logged in, during a refresh',
        );
        expect(scene.server.requests.length).toBe(1);
      });
    }

    it('does not make the requests of the new user wait for the refresh of the old one', async () => {
      const { http, session } = await start();
      accept('of 2');
      const old = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      session.current = 'of 2';
      session.user = 2;
      const sent = scene.send(http, 'GET /2');
      await sent.over;
      expect(sent.end).toBe('answered');
      session.refreshes[0]?.answer.complete();
      await old.over;
      expect(old.status).toBe(401);
    });

    it('gives a 401 that arrives after it to its caller', async () => {
      const { http, session } = await start();
      const sent = scene.send(http, 'GET /1');
      const arrived = await scene.server.arrived(1);
      session.current = null;
      arrived.answer(401);
      await sent.over;
      expect(sent.status).toBe(401);
      expect(session.refreshes).toEqual([]);
    });
  });

  describe('Another user during a refresh', () => {
    const SLOTS = new InjectionToken<Semaphore>('SLOTS', { providedIn: 'root', factory: () => new Semaphore(1) });

    /** One request at a time, or one for each key. */
    async function startWith(how: 'a limit' | 'a key' | 'neither'): Promise<{ app: App; http: HttpClient; session: Session }> {
      const session = new Session();
      const app = await scene.start({
        interceptors: coordinateRequests({
          ...(how === 'a limit' && { limit: limitRequests(SLOTS) }),
          ...(how === 'a key' && { serialize: serializeRequests(() => 'key') }),
          refresh: refreshOn401(SESSION, { when: isApi }),
        }),
        providers: [{ provide: SESSION, useValue: session }],
      });
      accept('new', 'of 2');
      return { app, http: app.http, session };
    }

    function logIn(session: Session, user: number, token: string | null): void {
      session.user = user;
      session.current = token;
    }

    /** Sends a request whose 401 begins a refresh, which does not end. */
    async function hang(http: HttpClient): Promise<Sent> {
      const sent = scene.send(http, 'PUT /old');
      await scene.server.arrived(1);
      await scene.server.settle();
      return sent;
    }

    for (const how of ['a limit', 'a key'] as const) {
      for (const [what, token] of [
        ['another login', 'of 2'],
        ['a logout', null],
      ] as const) {
        it(`frees what the requests of the old user hold, with ${how}, after ${what}`, async () => {
          const { app, http, session } = await startWith(how);
          const old = await hang(http);
          logIn(session, 2, token);
          const sent = scene.send(http, 'PUT /new');
          expect(old.status).toBe(401);
          await sent.over;
          expect(tokens()).toEqual(['old', token ?? undefined]);
          expect(await app.isStable()).toBe(false);
          session.refreshes[0]?.answer.complete();
          await app.stable();
          verifyIdle(app.injector.get(SLOTS));
        });
      }
    }

    it('gives SessionChangedError to the requests of the old user that are not sent', async () => {
      const { http, session } = await startWith('neither');
      const old = await hang(http);
      const unsent = scene.send(http, 'PUT /unsent');
      logIn(session, 2, 'of 2');
      await scene.send(http, 'PUT /new').over;
      expect([old.status, String(unsent.error)]).toEqual([
        401,
        `SessionChangedError: cannot send PUT ${scene.server.url}/unsent: ` +
          'the user has logged out, or another user has logged in, during a refresh',
      ]);
    });

    it('ends the waits of the old user without coordinateRequests too', async () => {
      const { http, session } = await start();
      accept('of 2');
      const old = await hang(http);
      logIn(session, 2, 'of 2');
      scene.send(http, 'PUT /new');
      expect(old.status).toBe(401);
    });

    it('ends the waits of the old user at a late 401 of the old user too', async () => {
      const { http, session } = await start();
      const [old, late] = ['PUT /old', 'PUT /late'].map((name) => scene.send(http, name));
      const [first, second] = [await scene.server.arrived(1), await scene.server.arrived(2)];
      first.answer(401);
      await scene.server.settle();
      logIn(session, 2, 'of 2');
      second.answer(401);
      await all([old, late] as Sent[]);
      expect([old?.status, late?.status]).toEqual([401, 401]);
    });

    it('lets the old user, who logs in again, wait for the refresh that still runs', async () => {
      const { http, session } = await startWith('a limit');
      await hang(http);
      logIn(session, 2, 'of 2');
      await scene.send(http, 'PUT /of-2').over;
      logIn(session, 1, 'old');
      const again = scene.send(http, 'PUT /again');
      await scene.server.settle();
      expect(scene.server.names).toEqual(['PUT /old', 'PUT /of-2']);
      session.refreshed('new');
      await again.over;
      expect(again.end).toBe('answered');
      expect(session.refreshes.length).toBe(1);
    });

    it('does not end the waits of a user who has logged out and in again', async () => {
      const { http, session } = await startWith('neither');
      const old = await hang(http);
      logIn(session, 1, null);
      logIn(session, 1, 'old');
      const sent = scene.send(http, 'PUT /again');
      session.refreshed('new');
      await all([old, sent]);
      expect([old.end, sent.end]).toEqual(['answered', 'answered']);
    });

    it('does not send the request that ends the waits for the user who logs in because of it', async () => {
      const { http, session } = await start();
      accept('old', 'of 2', 'of 3');
      scene.server.onRequest = (request) => {
        request.answer(request.token === 'old' ? 401 : 200);
      };
      const again: Sent[] = [];
      http.put(`${scene.server.url}/old`, '').subscribe({
        error: () => {
          logIn(session, 3, 'of 3');
          again.push(scene.send(http, 'PUT /of-3'));
        },
      });
      await scene.server.arrived(1);
      await scene.server.settle();
      const unsent = scene.send(http, 'PUT /unsent');
      logIn(session, 2, 'of 2');
      const sent = scene.send(http, 'PUT /2');
      await all([sent, unsent, ...again]);
      expect(again.map(({ end }) => end)).toEqual(['answered']);
      expect(unsent.error).toBeInstanceOf(SessionChangedError);
      expect(sent.error).toBeInstanceOf(SessionChangedError);
      expect(tokens()).toEqual(['old', 'of 3']);
    });

    for (const [where, ofRoute] of [
      ['the root', []],
      ['a lazy route', [serializeRequests()]],
    ] as const) {
      it(`does not send a request of ${where} that ends the waits, if that cancels it`, async () => {
        const passed: string[] = [];
        const app = await scene.with(...coordinateRequests({ refresh: refreshOn401(SESSION, { when: isApi }) }), noting(passed));
        const { http } = app;
        const route = app.route([provideHttpClient(withInterceptors([...ofRoute]), withRequestsMadeViaParent())]);
        const session = app.injector.get(SESSION);
        accept('of 2');
        const latest = new Subject<string>();
        latest.pipe(switchMap((path) => route.get(HttpClient).put(`${scene.server.url}${path}`, ''))).subscribe();
        http.put(`${scene.server.url}/old`, '').subscribe({
          error: () => {
            latest.next('/latest');
          },
        });
        await scene.server.arrived(1);
        await scene.server.settle();
        logIn(session, 2, 'of 2');
        latest.next('/cancelled');
        session.refreshes[0]?.answer.complete();
        await app.stable();
        expect(passed).toEqual(['/old', '/latest']);
      });
    }

    it('leaves the requests of another session alone', async () => {
      const OTHER = new InjectionToken<Session>('OTHER', { providedIn: 'root', factory: () => new Session() });
      const app = await scene.with(
        refreshOn401(SESSION, { when: ({ url }) => url.includes('/old') }),
        refreshOn401(OTHER, { when: ({ url }) => url.includes('/other') }),
      );
      accept('new', 'of 2');
      const old = await hang(app.http);
      logIn(app.injector.get(OTHER), 2, 'of 2');
      await scene.send(app.http, 'PUT /other').over;
      expect(old.end).toBeUndefined();
      app.injector.get(SESSION).refreshed('new');
      await old.over;
      expect(old.end).toBe('answered');
    });
  });

  it('sends a request as it is while nobody is logged in, and gives its 401 to the caller', async () => {
    const { http, session } = await start();
    session.current = null;
    accept('new');
    const sent = scene.send(http, 'GET /1');
    await sent.over;
    expect(sent.status).toBe(401);
    expect(tokens()).toEqual([undefined]);
    expect(session.refreshes).toEqual([]);
  });

  it('leaves requests alone that do not concern it', async () => {
    const { http, session } = await start({ when: () => false });
    accept('new');
    const sent = scene.send(http, 'GET /1');
    await sent.over;
    expect(sent.status).toBe(401);
    expect(tokens()).toEqual([undefined]);
    expect(session.refreshes).toEqual([]);
  });

  it('refreshes for a request that an interceptor has kept, and that is sent again when it fails', async () => {
    let again: Observable<unknown> = EMPTY;
    const app = await scene.with(refreshOn401(SESSION, { when: isApi }), (request, next) => {
      again = app.http.request(request);
      return next(request);
    });
    scene.server.onRequest = (request) => {
      request.answer([500, 401, 200][scene.server.requests.length - 1]);
    };
    const answered = new Promise<void>((resolve) => {
      app.http.get(`${scene.server.url}/1`).subscribe({
        error: () => {
          again.subscribe({ complete: resolve });
        },
      });
    });
    await scene.server.arrived(2);
    await scene.server.settle();
    app.injector.get(SESSION).refreshed('new');
    await answered;
    expect(tokens()).toEqual(['old', 'old', 'new']);
  });

  it('leaves other errors alone', async () => {
    const { http, session } = await start();
    scene.server.onRequest = (request) => {
      request.answer(403);
    };
    const sent = scene.send(http, 'GET /1');
    await sent.over;
    expect(sent.status).toBe(403);
    expect(session.refreshes).toEqual([]);
  });

  it('refreshes at what isUnauthorized says', async () => {
    const { http, session } = await start({
      isUnauthorized: ({ status }, { url }) => status === 419 && url.endsWith('/1'),
    });
    scene.server.onRequest = (request) => {
      request.answer(request.token === 'new' ? 200 : 419);
    };
    const first = scene.send(http, 'GET /1');
    const second = scene.send(http, 'GET /2');
    await second.over;
    await scene.server.settle();
    session.refreshed('new');
    await first.over;
    expect([first.end, second.status]).toEqual(['answered', 419]);
  });

  it('leaves errors alone that are no responses', async () => {
    const session = new Session();
    const { http } = await scene.start({
      interceptors: [refreshOn401(SESSION, { when: isApi }), () => throwError(() => new Error('of another interceptor'))],
      providers: [{ provide: SESSION, useValue: session }],
    });
    expect(String(scene.send(http, 'GET /1').error)).toBe('Error: of another interceptor');
  });

  describe('isExpired', () => {
    it('refreshes ahead: nothing is sent with the old token', async () => {
      const { app, http, session } = await start({ isExpired: (token) => token === 'old' });
      accept('new');
      const sent = ['GET /1', 'GET /2'].map((name) => scene.send(http, name));
      expect(session.refreshes.length).toBe(1);
      expect(await app.isStable()).toBe(false);
      session.refreshed('new');
      await all(sent);
      expect(tokens()).toEqual(['new', 'new']);
    });

    it('is asked once about a new token that it calls expired: the clock is off', async () => {
      const asked: string[] = [];
      const { http, session } = await start({
        isExpired: (token) => {
          asked.push(token);
          return true;
        },
      });
      accept('new');
      const first = scene.send(http, 'GET /1');
      session.refreshed('new');
      const second = scene.send(http, 'GET /2');
      await all([first, second]);
      expect([first.end, second.end]).toEqual(['answered', 'answered']);
      expect(asked).toEqual(['old', 'new']);
      expect(session.refreshes.length).toBe(1);
    });

    it('refreshes a token that came from a refresh, when it has expired later', async () => {
      const expired = new Set(['old']);
      const { http, session } = await start({ isExpired: (token) => expired.has(token) });
      accept('new', 'newer');
      const first = scene.send(http, 'GET /1');
      session.refreshed('new');
      await first.over;
      expired.add('new');
      const second = scene.send(http, 'GET /2');
      expect(session.refreshes.length).toBe(2);
      session.refreshed('newer');
      await second.over;
      expect(tokens()).toEqual(['new', 'newer']);
    });
  });

  describe('lock', () => {
    const LOCK = new InjectionToken<Lock>('LOCK', { providedIn: 'root', factory: () => new Lock({ name: 'tabs' }) });

    it('is held while the token is refreshed, whatever the end', async () => {
      const { app, http, session } = await start({ lock: LOCK });
      const lock = app.injector.get(LOCK);
      accept('new');
      for (const end of [
        () => {
          session.failed(new Error('network'));
        },
        () => {
          session.refreshed('new');
        },
      ]) {
        const count = scene.server.requests.length + 1;
        const sent = scene.send(http, 'GET /1');
        await scene.server.arrived(count);
        await scene.server.settle();
        expect(lock.locked()).toBe(true);
        end();
        expect(lock.locked()).toBe(false);
        await sent.over;
      }
    });

    /** Another tab holds the lock, and `meanwhile` happens there. */
    async function withOtherTab(meanwhile: (session: Session) => void, options: Partial<RefreshOn401Options<string>> = {}) {
      const { app, http, session } = await start({ lock: LOCK, ...options });
      const permit = app.injector.get(LOCK).tryAcquire();
      accept('new');
      const sent = scene.send(http, 'GET /1');
      await scene.server.arrived(1);
      await scene.server.settle();
      expect(session.refreshes).toEqual([]);
      meanwhile(session);
      permit?.release();
      return { sent, session };
    }

    it('is waited for, and the token is not refreshed if another tab has done so', async () => {
      const { sent, session } = await withOtherTab((changed) => {
        changed.current = 'new';
      });
      await sent.over;
      expect(sent.end).toBe('answered');
      expect(session.refreshes).toEqual([]);
      expect(tokens()).toEqual(['old', 'new']);
    });

    it('is waited for, and the token of the other tab is refreshed if it is expired', async () => {
      const { sent, session } = await withOtherTab(
        (changed) => {
          changed.current = 'between';
        },
        { isExpired: (token) => token === 'between' },
      );
      expect(session.refreshes.map(({ token }) => token)).toEqual(['between']);
      session.refreshed('new');
      await sent.over;
      expect(sent.end).toBe('answered');
    });

    it('is waited for, and the same token is refreshed', async () => {
      const { sent, session } = await withOtherTab(() => undefined);
      expect(session.refreshes.map(({ token }) => token)).toEqual(['old']);
      session.refreshed('new');
      await sent.over;
      expect(sent.end).toBe('answered');
    });

    it('is waited for, and nothing is refreshed after a logout', async () => {
      const { sent, session } = await withOtherTab((changed) => {
        changed.current = null;
      });
      await sent.over;
      expect(sent.status).toBe(401);
      expect(session.refreshes).toEqual([]);
    });

    it('is left by a refresh whose application is destroyed', async () => {
      const lock = new Lock();
      const permit = lock.tryAcquire();
      const app = await scene.start({
        interceptors: [refreshOn401(SESSION, { when: isApi, lock: LOCK, isExpired: () => true })],
        providers: [{ provide: LOCK, useValue: lock }],
      });
      const sent = scene.send(app.http, 'GET /1');
      expect(lock.waiting).toBe(1);
      app.destroy();
      expect(sent.error).toBeInstanceOf(ClosedError);
      permit?.release();
      verifyIdle(lock);
    });

    it('must be something with an acquire() method', async () => {
      const WRONG = new InjectionToken<Acquirable>('WRONG', { providedIn: 'root', factory: () => 3 as never });
      const { app, http } = await start({ lock: WRONG, isExpired: () => true });
      expect(String(scene.send(http, 'GET /1').error)).toBe(
        'TypeError: refreshOn401 needs a token of a lock, but the token gave 3',
      );
      await app.stable();
    });
  });

  describe('refresh()', () => {
    /** A session with another refresh(). */
    async function startWith(refresh: (session: Session) => ReturnType<Session['refresh']>) {
      const session = new Session();
      session.refresh = () => refresh(session);
      const started = await start({}, session);
      accept('new');
      const sent = scene.send(started.http, 'GET /1');
      await sent.over;
      return { ...started, sent };
    }

    it('may return a promise', async () => {
      const { sent } = await startWith((session) =>
        Promise.resolve().then(() => {
          session.current = 'new';
        }),
      );
      expect(sent.end).toBe('answered');
    });

    it('may end at once', async () => {
      const { sent } = await startWith((session) => {
        session.current = 'new';
        return of(1, 2);
      });
      expect(sent.end).toBe('answered');
    });

    it('may fail at once', async () => {
      const { app, sent } = await startWith(() => throwError(() => new Error('network')));
      expect(String(sent.error)).toBe('Error: network');
      await app.stable();
    });

    it('may throw', async () => {
      const { app, sent } = await startWith(() => {
        throw new Error('broken');
      });
      expect(String(sent.error)).toBe('Error: broken');
      await app.stable();
    });

    it('may return what is no Observable: that is the error', async () => {
      const { app, sent } = await startWith(() => undefined as never);
      expect(sent.error).toBeInstanceOf(TypeError);
      await app.stable();
    });
  });

  it('keeps two sessions apart', async () => {
    const OTHER = new InjectionToken<Session>('OTHER');
    const [one, two] = [new Session(), new Session()];
    const { http } = await scene.start({
      interceptors: [
        refreshOn401(SESSION, { when: ({ url }) => url.endsWith('/1') }),
        refreshOn401(OTHER, { when: ({ url }) => url.endsWith('/2') }),
      ],
      providers: [
        { provide: SESSION, useValue: one },
        { provide: OTHER, useValue: two },
      ],
    });
    accept('new');
    const sent = ['GET /1', 'GET /2'].map((name) => scene.send(http, name));
    await scene.server.arrived(2);
    await scene.server.settle();
    expect([one.refreshes.length, two.refreshes.length]).toEqual([1, 1]);
    one.refreshed('new');
    two.refreshed('new');
    await all(sent);
  });

  it('handles a request once, although the root and a lazy route have the same session', async () => {
    const session = new Session();
    const refresh = refreshOn401(SESSION, { when: isApi });
    const app = await scene.start({ interceptors: [refresh], providers: [{ provide: SESSION, useValue: session }] });
    const route = app.route([provideHttpClient(withInterceptors([refresh]), withRequestsMadeViaParent())]);
    accept('new');
    const sent = scene.send(route.get(HttpClient), 'GET /1');
    await scene.server.arrived(1);
    await scene.server.settle();
    session.refreshed('new');
    await sent.over;
    expect(sent.end).toBe('answered');
    expect(session.attached.length).toBe(2);
  });

  it('refuses tokens that it cannot compare, in development', async () => {
    const unstable = { token: () => ({}), owner: () => 1, attach: <R>(request: R) => request, refresh: () => EMPTY };
    const options = {
      interceptors: [refreshOn401(SESSION, { when: isApi })],
      providers: [{ provide: SESSION, useValue: unstable }],
    };
    const { http } = await scene.start(options);
    expect(String(scene.send(http, 'GET /1').error)).toBe(
      'Error: refreshOn401 cannot compare tokens: token() of the session gives a new object each time. ' +
        'Keep the token, and return the same object until it changes',
    );
    const host = ɵglobal as { ngDevMode: unknown };
    const { ngDevMode } = host;
    host.ngDevMode = false;
    try {
      scene.send(http, 'GET /2');
      await scene.server.arrived(1);
    } finally {
      host.ngDevMode = ngDevMode;
    }
  });

  describe('with a limit', () => {
    /** A session that refreshes over HTTP. */
    class HttpSession extends Session {
      private readonly http = inject(HttpClient);

      override refresh(context: HttpContext): Observable<unknown> {
        this.refreshes.push({ context, token: '', answer: EMPTY as never });
        return concat(
          this.http.post(`${scene.server.url}/refresh`, null, { context }),
          defer(() => {
            this.current = 'new';
            return EMPTY;
          }),
        );
      }
    }
    const provider = { provide: SESSION, useClass: HttpSession };

    /** Answers the refresh, and everything else by its token. */
    function answer(): void {
      scene.server.onRequest = (request) => {
        request.answer(request.path === '/refresh' || request.token === 'new' ? 200 : 401);
      };
    }

    it('of one, a 401 succeeds', async () => {
      const { http } = await scene.start({
        interceptors: coordinateRequests({ limit: limitRequests(1), refresh: refreshOn401(SESSION, { when: () => true }) }),
        providers: [provider],
      });
      answer();
      await firstValueFrom(http.get(`${scene.server.url}/1`));
      expect(scene.server.names).toEqual(['GET /1', 'POST /refresh', 'GET /1']);
    });

    it('of four, 40 requests make one refresh and at most 44 other requests, four at a time', async () => {
      const { app, http } = await scene
        .start({
          interceptors: coordinateRequests({ limit: limitRequests(4), refresh: refreshOn401(SESSION, { when: () => true }) }),
          providers: [provider],
        })
        .then((started) => ({ app: started, http: started.http }));
      let atMost = 0;
      const { server } = scene;
      server.onRequest = (request) => {
        atMost = Math.max(atMost, server.requests.filter(({ isAnswered, path }) => !isAnswered && path !== '/refresh').length);
        setTimeout(() => {
          request.answer(request.path === '/refresh' || request.token === 'new' ? 200 : 401);
        }, 1);
      };
      const sent = Array.from({ length: 40 }, (_, index) => scene.send(http, `GET /${String(index)}`));
      await all(sent);
      expect(sent.every(({ end }) => end === 'answered')).toBe(true);
      expect(server.names.filter((name) => name === 'POST /refresh').length).toBe(1);
      expect(server.names.length).toBeLessThanOrEqual(45);
      expect(atMost).toBe(4);
      await app.stable();
    });
  });

  describe('A refresh that would wait for itself', () => {
    const OPEN = new InjectionToken<Event>('OPEN', { providedIn: 'root', factory: () => new Event() });

    for (const [step, name, interceptor] of [
      ['gate', 'gateRequests', gateRequests(OPEN, { when: ({ url }) => url.endsWith('/refresh') })],
      ['serialize', 'serializeRequests', serializeRequests(() => 'key')],
      ['limit', 'limitRequests', limitRequests(1)],
      ['refresh', 'refreshOn401', undefined],
    ] as const) {
      it(`fails, and names refreshOn401 and ${name}`, async () => {
        class Wrong extends Session {
          private readonly http = inject(HttpClient);

          override refresh(): Observable<unknown> {
            return this.http.post(`${scene.server.url}/refresh`, null);
          }
        }
        const refresh = refreshOn401(SESSION, { when: () => true });
        const app = await scene.start({
          interceptors: coordinateRequests({ refresh, ...(interceptor && { [step]: interceptor }) }),
          providers: [{ provide: SESSION, useClass: Wrong }],
        });
        accept('new');
        const sent = scene.send(app.http, 'GET /1');
        await sent.over;
        expect(String(sent.error)).toBe(
          `Error: refresh() of refreshOn401 sends POST ${scene.server.url}/refresh, which ${name} concerns: it would wait for itself. ` +
            `Pass the context that refresh() gets to the request, or leave its URL out with the option when of the ${step} step`,
        );
        await app.stable();
      });
    }

    it('fails if it bypasses an earlier step alone', async () => {
      class Wrong extends Session {
        private readonly http = inject(HttpClient);

        override refresh(): Observable<unknown> {
          return this.http.post(`${scene.server.url}/refresh`, null, { context: bypass(['gate']) });
        }
      }
      const app = await scene.start({
        interceptors: coordinateRequests({
          gate: gateRequests(OPEN, { when: ({ url }) => url.endsWith('/refresh') }),
          limit: limitRequests(1),
          refresh: refreshOn401(SESSION, { when: isApi }),
        }),
        providers: [{ provide: SESSION, useClass: Wrong }],
      });
      accept('new');
      const sent = scene.send(app.http, 'GET /1');
      await sent.over;
      expect(String(sent.error)).toContain('which limitRequests concerns: it would wait for itself');
    });

    it('is not seen in a request that an interceptor behind sends for the request of the refresh', async () => {
      class Right extends Session {
        private readonly http = inject(HttpClient);

        override refresh(context: HttpContext): Observable<unknown> {
          return this.http.post(`${scene.server.url}/refresh`, null, { context }).pipe(tap(() => (this.current = 'new')));
        }
      }
      const logs: Sent[] = [];
      const logging: HttpInterceptorFn = (request, next) => {
        if (request.url.endsWith('/refresh')) {
          logs.push(scene.send(app.http, 'GET /log'));
        }
        return next(request);
      };
      const app = await scene.start({
        interceptors: [
          ...coordinateRequests({
            limit: limitRequests(2),
            refresh: refreshOn401(SESSION, { when: ({ url }) => url.endsWith('/1') }),
          }),
          logging,
        ],
        providers: [{ provide: SESSION, useClass: Right }],
      });
      scene.server.onRequest = (request) => {
        request.answer(request.token === 'old' ? 401 : 200);
      };
      const sent = scene.send(app.http, 'GET /1');
      await sent.over;
      expect(sent.end).toBe('answered');
      expect(logs.length).toBe(1);
      await logs[0]?.over;
      expect(logs[0]?.end).toBe('answered');
    });

    it('is not seen in a request that a refresh wakes by its end', async () => {
      const session = new Session();
      const SLOTS = new InjectionToken<Semaphore>('SLOTS', { providedIn: 'root', factory: () => new Semaphore(1) });
      session.refresh = () => {
        session.current = 'new';
        return EMPTY;
      };
      const { http } = await scene.start({
        interceptors: coordinateRequests({ limit: limitRequests(SLOTS), refresh: refreshOn401(SESSION, { when: isApi }) }),
        providers: [{ provide: SESSION, useValue: session }],
      });
      accept('new');
      const sent = [1, 2, 3].map(
        () =>
          new Promise((resolve) => {
            // The answer sends another request at once.
            http.get(`${scene.server.url}/1`).subscribe(() => {
              http.get(`${scene.server.url}/2`).subscribe({ next: resolve, error: resolve });
            });
          }),
      );
      expect(await Promise.all(sent)).toEqual([{ path: '/2' }, { path: '/2' }, { path: '/2' }]);
    });

    it('is not seen in a waiting request that the refresh lets through a gate', async () => {
      const session = new Session();
      const app = await scene.start({
        interceptors: coordinateRequests({
          gate: gateRequests(OPEN, { when: ({ url }) => url.endsWith('/gated') }),
          limit: limitRequests(2),
          refresh: refreshOn401(SESSION, { when: isApi }),
        }),
        providers: [{ provide: SESSION, useValue: session }],
      });
      session.refresh = () => {
        app.injector.get(OPEN).set();
        session.current = 'new';
        return EMPTY;
      };
      accept('new');
      const sent = ['GET /gated', 'GET /1'].map((name) => scene.send(app.http, name));
      await all(sent);
      expect(sent.map(({ end }) => end)).toEqual(['answered', 'answered']);
    });
  });

  describe('Errors', () => {
    it('of a token that gives something else are those of the request', async () => {
      const app = await scene.start({
        interceptors: [refreshOn401(SESSION, { when: isApi })],
        providers: [{ provide: SESSION, useValue: { token: () => null } }],
      });
      expect(String(scene.send(app.http, 'GET /1').error)).toBe(
        'TypeError: refreshOn401 needs a token of a TokenSession, but the token gave [object Object]',
      );
      await app.stable();
    });

    for (const method of ['token', 'owner', 'attach'] as const) {
      it(`of ${method}() are those of the request`, async () => {
        const session = new Session();
        session[method] = () => {
          throw new Error('broken');
        };
        const { app, http } = await start({}, session);
        expect(String(scene.send(http, 'GET /1').error)).toBe('Error: broken');
        await app.stable();
        expect(scene.server.requests).toEqual([]);
      });
    }

    for (const option of ['when', 'isExpired'] as const) {
      it(`of ${option} are those of the request`, async () => {
        const { app, http } = await start({
          [option]: () => {
            throw new Error('broken');
          },
        });
        expect(String(scene.send(http, 'GET /1').error)).toBe('Error: broken');
        await app.stable();
        expect(scene.server.requests).toEqual([]);
      });
    }

    it('of isUnauthorized are those of the request', async () => {
      const { app, http } = await start({
        isUnauthorized: () => {
          throw new Error('broken');
        },
      });
      accept('new');
      const sent = scene.send(http, 'GET /1');
      await sent.over;
      expect(String(sent.error)).toBe('Error: broken');
      await app.stable();
    });

    it('of token() after a wait are those of the request', async () => {
      const { app, http, session } = await start({ isExpired: () => true });
      const sent = scene.send(http, 'GET /1');
      session.token = () => {
        throw new Error('broken');
      };
      session.refreshed('new');
      expect(String(sent.error)).toBe('Error: broken');
      await app.stable();
    });

    for (const [given, message] of [
      [['session', { when: isApi }], 'refreshOn401 needs a token of a TokenSession, but got "session"'],
      [[SESSION, {}], 'refreshOn401 needs the option when, a function that says which requests it concerns'],
      [[SESSION, { when: isApi, lock: 'tabs' }], 'refreshOn401 needs a token of a lock, but got "tabs"'],
      [[SESSION, { when: isApi, isExpired: 3 }], 'the option isExpired of refreshOn401 must be a function, but is 3'],
      [
        [SESSION, { when: isApi, retries: 3 }],
        'refreshOn401 takes no option retries: it takes when, isUnauthorized, isExpired, isSessionLost, onSessionLost, lock',
      ],
    ] as const) {
      it(`at the call: ${message}`, () => {
        const call = refreshOn401 as (...args: readonly unknown[]) => HttpInterceptorFn;
        expect(() => call(...given)).toThrowError(TypeError, message);
      });
    }
  });
});
