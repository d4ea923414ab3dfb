import {
  FetchBackend,
  HttpBackend,
  HttpClient,
  HttpEventType,
  HttpXhrBackend,
  provideHttpClient,
  withFetch,
  withInterceptors,
  type HttpContext,
  type HttpInterceptorFn,
  type HttpRequest,
} from '@angular/common/http';
import { ApplicationRef, inject, Injectable, InjectionToken } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { finalize, firstValueFrom, forkJoin, Subject, switchMap, tap, type Observable } from 'rxjs';
import { KeyedLock, Semaphore } from 'rxjs-locks';
import {
  coordinateRequests,
  gateRequests,
  limitRequests,
  ONLINE,
  refreshOn401,
  serializeRequests,
  type TokenSession,
} from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

import { KarmaServer } from './server.browser.js';

const SERVER = new InjectionToken('SERVER', { providedIn: 'root', factory: () => new KarmaServer() });
const SLOTS = new InjectionToken('SLOTS', { providedIn: 'root', factory: () => new Semaphore(3, { name: 'slots' }) });
const LOCKS = new InjectionToken('LOCKS', { providedIn: 'root', factory: () => new KeyedLock({ name: 'documents' }) });

@Injectable({ providedIn: 'root' })
class Session implements TokenSession<string> {
  private current = 'old';
  private readonly http = inject(HttpClient);
  private readonly server = inject(SERVER);

  token(): string {
    return this.current;
  }

  owner(): number {
    return 1;
  }

  attach(request: HttpRequest<unknown>, token: string): HttpRequest<unknown> {
    return request.clone({ setHeaders: { Authorization: token } });
  }

  refresh(context: HttpContext): Observable<unknown> {
    return this.http.post(`${this.server.url}/refresh?ms=20`, null, { context }).pipe(tap(() => (this.current = 'new')));
  }
}

for (const [name, features, Backend] of [
  ['XMLHttpRequest', [], HttpXhrBackend],
  ['fetch', [withFetch()], FetchBackend],
] as const) {
  describe(`In a browser, by ${name},`, () => {
    let server: KarmaServer;
    let http: HttpClient;

    /** Configures HttpClient with these interceptors. */
    function use(...interceptors: HttpInterceptorFn[]): void {
      TestBed.configureTestingModule({ providers: [provideHttpClient(withInterceptors(interceptors), ...features)] });
      server = TestBed.inject(SERVER);
      http = TestBed.inject(HttpClient);
    }

    const get = (path: string): Observable<unknown> => http.get(`${server.url}/${path}`);
    const put = (path: string, text: string): Observable<unknown> => http.put(`${server.url}/${path}`, text);
    const stable = (): Promise<void> => TestBed.inject(ApplicationRef).whenStable();

    it('requests are sent', () => {
      use();
      expect(TestBed.inject(HttpBackend)).toBeInstanceOf(Backend);
    });

    describe('limitRequests', () => {
      beforeEach(() => {
        use(limitRequests(SLOTS));
      });

      it('sends as many requests at a time as the limit says', async () => {
        const answers: unknown[] = [];
        const paths = ['1', '2', '3', '4', '5', '6', '7', '8'];
        forkJoin(paths.map((path) => get(`${path}?ms=20`))).subscribe((values) => answers.push(...values));
        const { most } = await server.until(({ landed }) => landed.length === 8);
        await stable();
        expect([most, answers]).toEqual([3, paths]);
        verifyIdle(TestBed.inject(SLOTS));
      });

      it('never sends a request that is cancelled while it waits', async () => {
        for (const path of ['1', '2', '3']) {
          get(path).subscribe();
        }
        const waiting = get('4?ms=0').subscribe();
        get('5?ms=0').subscribe();
        await server.arrived(3);
        waiting.unsubscribe();
        await server.answer('1');
        const { requests } = await server.until(({ landed }) => landed.includes('GET /5'));
        expect(requests.map((request) => request.name)).not.toContain('GET /4');
        await server.answer('2');
        await server.answer('3');
        await stable();
        verifyIdle(TestBed.inject(SLOTS));
      });

      it('aborts a request that is cancelled in flight, and sends the next one', async () => {
        const [first] = ['1', '2', '3', '4?ms=0'].map((path) => get(path).subscribe());
        await server.arrived(3);
        first?.unsubscribe();
        const { requests } = await server.until(({ landed }) => landed.includes('GET /4'));
        expect(requests.length).toBe(4);
        await server.until((log) => log.requests.some((request) => request.name === 'GET /1' && request.state === 'hung up'));
        await server.answer('2');
        await server.answer('3');
        await stable();
        verifyIdle(TestBed.inject(SLOTS));
      });

      it('passes all events on, and holds the permit to the last of them', async () => {
        const slots = TestBed.inject(SLOTS);
        const events: [HttpEventType, number][] = [];
        http
          .get(`${server.url}/1?parts=3`, { observe: 'events', reportProgress: true, responseType: 'text' })
          .pipe(finalize(() => events.push([HttpEventType.User, slots.available])))
          .subscribe(({ type }) => events.push([type, slots.available]));
        await server.arrived(1);
        await server.until(() => events.some(([type]) => type === HttpEventType.DownloadProgress));
        expect(slots.available).toBe(2);
        await server.answer('1');
        await stable();
        expect(events.map(([, available]) => available).slice(0, -1)).toEqual(Array<number>(events.length - 1).fill(2));
        expect([...new Set(events.map(([type]) => type))]).toEqual([
          HttpEventType.Sent,
          HttpEventType.ResponseHeader,
          HttpEventType.DownloadProgress,
          HttpEventType.Response,
          HttpEventType.User,
        ]);
        verifyIdle(slots);
      });
    });

    describe('serializeRequests', () => {
      beforeEach(() => {
        use(
          ...coordinateRequests({
            serialize: serializeRequests(({ url }) => url.replace(/.*\/|\?.*/g, ''), { locks: LOCKS }),
            limit: limitRequests(SLOTS),
          }),
        );
      });

      it('ends with the new one of two saves, though the old one takes longer', async () => {
        const texts = new Subject<string>();
        texts.pipe(switchMap((text) => put(`1?ms=${text === 'old' ? '300' : '20'}`, text))).subscribe();
        texts.next('old');
        await server.arrived(1);
        texts.next('new');
        const { landed, most } = await server.until((log) => log.landed.length === 2);
        expect([landed, most]).toEqual([['old', 'new'], 1]);
        await stable();
        verifyIdle(TestBed.inject(LOCKS), TestBed.inject(SLOTS));
      });

      it('never sends the middle one of three saves', async () => {
        const texts = new Subject<string>();
        const answers: unknown[] = [];
        texts.pipe(switchMap((text) => put('1?ms=20', text))).subscribe((answer) => answers.push(answer));
        texts.next('first');
        await server.arrived(1);
        texts.next('second');
        texts.next('third');
        await server.until((log) => log.landed.includes('third'));
        await stable();
        const { requests, most } = await server.settle();
        expect(requests.map(({ body, state }) => `${body}: ${state}`)).toEqual(['first: answered', 'third: answered']);
        expect([most, answers]).toEqual([1, ['1']]);
      });

      it('lets a cancelled save run to its answer', async () => {
        const save = put('1', 'text').subscribe();
        await server.arrived(1);
        save.unsubscribe();
        expect((await server.settle()).requests[0]?.state).toBe('open');
        expect(TestBed.inject(LOCKS).keys).toBe(1);
        await server.answer('1');
        await stable();
        expect((await server.log()).requests[0]?.state).toBe('answered');
        verifyIdle(TestBed.inject(LOCKS), TestBed.inject(SLOTS));
      });

      it('aborts a GET that is cancelled, and frees its key', async () => {
        const request = get('1').subscribe();
        await server.arrived(1);
        request.unsubscribe();
        verifyIdle(TestBed.inject(LOCKS), TestBed.inject(SLOTS));
        await server.until(({ requests }) => requests[0]?.state === 'hung up');
      });
    });

    it('refreshOn401 refreshes once for twenty requests', async () => {
      use(
        ...coordinateRequests({
          limit: limitRequests(SLOTS),
          refresh: refreshOn401(Session, { when: () => true }),
        }),
      );
      const paths = Array.from({ length: 20 }, (_, index) => String(index));
      const answers = await firstValueFrom(forkJoin(paths.map((path) => get(`${path}?ms=5&token=new`))));
      expect(answers).toEqual(paths);
      const { requests, most } = await server.log();
      expect(requests.filter((request) => request.name === 'POST /refresh').length).toBe(1);
      // At most the three with a permit were sent with the old token.
      expect(requests.length).toBeLessThanOrEqual(1 + 20 + 3);
      expect(most).toBeLessThanOrEqual(4);
      verifyIdle(TestBed.inject(SLOTS));
    });

    it('gateRequests waits until the browser is online', async () => {
      const onLine = spyOnProperty(navigator, 'onLine').and.returnValue(false);
      use(gateRequests(ONLINE, { when: ({ method }) => method !== 'GET' }));
      const online = TestBed.inject(ONLINE);
      onLine.and.returnValue(true);
      window.dispatchEvent(new Event('online'));
      await firstValueFrom(put('1?ms=0', 'first'));
      onLine.and.returnValue(false);
      window.dispatchEvent(new Event('offline'));
      put('2?ms=0', 'second').subscribe();
      get('3?ms=0').subscribe();
      const { landed } = await server.until((log) => log.landed.includes('GET /3'));
      expect([landed, online.waiting]).toEqual([['first', 'GET /3'], 1]);
      onLine.and.returnValue(true);
      window.dispatchEvent(new Event('online'));
      expect((await server.until((log) => log.landed.length === 3)).landed).toEqual(['first', 'GET /3', 'second']);
    });
  });
}
