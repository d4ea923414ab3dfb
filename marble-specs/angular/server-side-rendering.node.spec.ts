// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import { HttpClient, type HttpContext, type HttpRequest } from '@angular/common/http';
import { inject, Injectable, InjectionToken } from '@angular/core';
import { map, merge, Subject, takeUntil, tap, type Observable } from 'rxjs';
import { Event, Lock } from 'rxjs-locks';
import {
  coordinateRequests,
  gateRequests,
  limitRequests,
  lockedBy,
  ONLINE,
  provideLockDiagnostics,
  refreshOn401,
  serializeRequests,
  type TokenSession,
} from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { heavy } from '../support/heavy.js';
import { Scene } from './app.node.js';
import { backends, Render, serverGlobals, type RenderOptions } from './render.node.js';
import { Session, SESSION } from './session.node.js';

const USER = new InjectionToken<string>('USER');
const URL_OF_SERVER = new InjectionToken<string>('URL_OF_SERVER');

/** A session with a cookie, which is that of the page that is rendered. The token is the number of the refreshes. */
@Injectable()
class CookieSession implements TokenSession<number> {
  private refreshes = 0;
  private readonly http = inject(HttpClient);
  private readonly user = inject(USER);
  private readonly url = inject(URL_OF_SERVER);

  token(): number {
    return this.refreshes;
  }

  owner(): string {
    return this.user;
  }

  attach(request: HttpRequest<unknown>): HttpRequest<unknown> {
    // XMLHttpRequest lets nobody set a cookie.
    return request.clone({ setHeaders: { Authorization: this.cookie } });
  }

  refresh(context: HttpContext): Observable<unknown> {
    const headers = { Authorization: this.cookie };
    return this.http.post(`${this.url}/refresh`, null, { context, headers }).pipe(tap(() => this.refreshes++));
  }

  private get cookie(): string {
    return `${this.user} ${this.refreshes === 0 ? 'expired' : 'valid'}`;
  }
}

describe('A render on a server', () => {
  const scene = new Scene();
  let restoreGlobals: () => void;

  beforeAll(() => {
    restoreGlobals = serverGlobals();
  });

  beforeEach(() => {
    // Angular says that it runs in development mode, and that XMLHttpRequest is deprecated on a server.
    spyOn(console, 'log');
    spyOn(console, 'warn');
  });

  afterAll(() => {
    restoreGlobals();
  });

  function get(http: HttpClient, path: string, context?: HttpContext): Observable<string> {
    const options = context === undefined ? {} : { context };
    return http.get<{ path: string }>(`${scene.server.url}${path}`, options).pipe(map((answer) => answer.path));
  }

  for (const backend of backends) {
    describe(`by ${backend}`, () => {
      const render = (options: Omit<RenderOptions, 'backend'>): Render => new Render({ backend, ...options });

      for (const [name, interceptor] of [
        ['limit', limitRequests(1)],
        ['key', serializeRequests(() => 'key')],
      ] as const) {
        it(`does not wait for the ${name} of another render`, async () => {
          const { server } = scene;
          const paths = ['/1', '/2', '/3', '/4', '/5'];
          const pages = paths.map((path) => render({ interceptors: [interceptor], load: (http) => get(http, path) }));
          await server.arrived(5);
          expect(server.open).toBe(5);
          for (const request of server.requests) {
            request.answer();
          }
          expect(await Promise.all(pages.map(({ paragraphs }) => paragraphs))).toEqual(paths.map((path) => [path]));
        });

        it(`is pending while its requests wait for a ${name}`, async () => {
          const { server } = scene;
          const page = render({
            interceptors: [interceptor],
            load: (http) => merge(get(http, '/1'), get(http, '/2'), get(http, '/3')),
          });
          for (const count of [1, 2, 3]) {
            const request = await server.arrived(count);
            await server.settle();
            expect(server.requests.length).toBe(count);
            expect(page.isDone).toBe(false);
            request.answer();
          }
          expect(await page.paragraphs).toEqual(['/1', '/2', '/3']);
        });
      }

      it('is pending while a request waits for a lock', async () => {
        const { server } = scene;
        const lock = new Lock();
        const permit = lock.tryAcquire();
        const page = render({
          interceptors: coordinateRequests({}),
          load: (http) => get(http, '/1', lockedBy(lock)),
        });
        await server.settle();
        expect([page.isDone, lock.waiting, server.names]).toEqual([false, 1, []]);
        permit?.release();
        (await server.arrived(1)).answer();
        expect(await page.paragraphs).toEqual(['/1']);
        verifyIdle(lock);
      });

      describe('A gate', () => {
        const CLOSED = new InjectionToken<Event>('CLOSED', { providedIn: 'root', factory: () => new Event() });

        it('is open', async () => {
          const interceptors = [gateRequests(ONLINE, { when: () => true }), gateRequests(CLOSED, { when: () => true })];
          const page = render({ interceptors, load: (http) => get(http, '/1') });
          (await scene.server.arrived(1)).answer();
          expect(await page.paragraphs).toEqual(['/1']);
        });

        it('is closed until its event is set, with onServer: hold', async () => {
          const { server } = scene;
          const event = new Event();
          const page = render({
            interceptors: [gateRequests(CLOSED, { when: () => true, onServer: 'hold' })],
            providers: [{ provide: CLOSED, useValue: event }],
            load: (http) => get(http, '/1'),
          });
          await server.settle();
          expect([page.isDone, event.waiting, server.names]).toEqual([false, 1, []]);
          event.set();
          (await server.arrived(1)).answer();
          expect(await page.paragraphs).toEqual(['/1']);
        });
      });

      it('is pending until the answer to a save that is cancelled', async () => {
        const { server } = scene;
        const cancel = new Subject<void>();
        const page = render({
          interceptors: [serializeRequests(({ url }) => url)],
          load: (http) => http.put(`${server.url}/1`, 'text').pipe(takeUntil(cancel)),
        });
        const save = await server.arrived(1);
        cancel.next();
        await server.settle();
        expect([page.isDone, save.hungUp]).toEqual([false, false]);
        save.answer();
        expect(await page.paragraphs).toEqual([]);
        expect(server.landed).toEqual(['text']);
      });

      describe('A refresh', () => {
        const interceptors = coordinateRequests({
          limit: limitRequests(3),
          refresh: refreshOn401(CookieSession, { when: ({ url }) => url.includes('/api/') }),
        });

        const pathsOf = (user: string): string[] => ['1', '2', '3', '4', '5'].map((name) => `/api/${user}${name}`);

        /** A page of a user with an expired cookie. It loads five things. */
        function pageOf(user: string): Render {
          const { server } = scene;
          return render({
            interceptors,
            providers: [CookieSession, { provide: USER, useValue: user }, { provide: URL_OF_SERVER, useValue: server.url }],
            load: (http) => merge(...pathsOf(user).map((path) => get(http, path))),
          });
        }

        /** Answers all requests but refreshes. */
        function answerRequests(): void {
          scene.server.onRequest = (request) => {
            if (request.path !== '/refresh') {
              request.answer(request.token?.endsWith('valid') === true ? 200 : 401);
            }
          };
        }

        const refreshes = () => scene.server.requests.filter(({ path }) => path === '/refresh');

        it('happens once for a page, which is pending meanwhile', async () => {
          const { server } = scene;
          answerRequests();
          const page = pageOf('a');
          while (refreshes().length === 0) {
            await server.settle();
          }
          await server.settle();
          expect(page.isDone).toBe(false);
          refreshes()[0]?.answer();
          // Connections are parallel: the answers come in any order.
          expect(await page.paragraphs).toEqual(jasmine.arrayWithExactContents(pathsOf('a')));
          expect(refreshes().length).toBe(1);
        });

        it('is that of one render', async () => {
          const { server } = scene;
          answerRequests();
          const pages = [pageOf('a'), pageOf('b')];
          while (refreshes().length < 2) {
            await server.settle();
          }
          expect(refreshes().map(({ token }) => token)).toEqual(jasmine.arrayWithExactContents(['a expired', 'b expired']));
          refreshes()
            .find(({ token }) => token === 'b expired')
            ?.answer();
          expect((await pages[1]?.paragraphs)?.length).toBe(5);
          expect(pages[0]?.isDone).toBe(false);
          refreshes()
            .find(({ token }) => token === 'a expired')
            ?.answer();
          expect((await pages[0]?.paragraphs)?.length).toBe(5);
          expect(refreshes().length).toBe(2);
        });

        it('keeps the render pending, though all its requests are cancelled', async () => {
          const { server } = scene;
          const session = new Session();
          const cancel = new Subject<void>();
          const page = render({
            interceptors: [refreshOn401(SESSION, { when: () => true })],
            providers: [{ provide: SESSION, useValue: session }],
            load: (http) => get(http, '/1').pipe(takeUntil(cancel)),
          });
          (await server.arrived(1)).answer(401);
          while (session.refreshes.length === 0) {
            await server.settle();
          }
          cancel.next();
          await server.settle();
          expect(page.isDone).toBe(false);
          session.refreshed('new');
          expect(await page.paragraphs).toEqual([]);
        });
      });

      it('does not wait for the timers of the diagnostics', async () => {
        const HELD = new InjectionToken<Lock>('HELD', { providedIn: 'root', factory: () => new Lock() });
        const lock = new Lock();
        lock.tryAcquire();
        lock.acquire().subscribe();
        const page = render({
          interceptors: [limitRequests(1)],
          providers: [
            { provide: HELD, useValue: lock },
            provideLockDiagnostics({ heldOver: 3_600_000, waitedOver: 3_600_000, watch: [HELD] }),
          ],
          load: (http) => {
            lock.acquire().subscribe();
            return get(http, '/1');
          },
        });
        (await scene.server.arrived(1)).answer();
        expect(await page.paragraphs).toEqual(['/1']);
      });
    });
  }

  heavy(it)(
    'does not keep its process by the timers of the diagnostics',
    async () => {
      const program = fileURLToPath(new URL('render-once.node.ts', import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], { timeout: 30_000 });
      expect(stdout).toContain('/1\n');
    },
    60_000,
  );
});
