import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import { HttpClient, HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import type { ApplicationConfig, InjectionToken, Provider, Type } from '@angular/core';
import {
  BrowserAuthError,
  BrowserAuthErrorCodes,
  InteractionRequiredAuthError,
  InteractionRequiredAuthErrorCodes,
  type AccountInfo,
  type AuthenticationResult,
  type IPublicClientApplication,
  type SilentRequest,
} from '@azure/msal-browser';
import { AuthConfig, DateTimeProvider, MemoryStorage, OAuthService, OAuthStorage, provideOAuthClient } from 'angular-oauth2-oidc';
import { of, Subject } from 'rxjs';
import type { Lock, Semaphore } from 'rxjs-locks';
import { ONLINE, type TokenSession } from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

import { Scene, Sent, type App } from '../angular/app.node.js';
import type { Arrived } from '../angular/server.node.js';
import { heavy } from '../support/heavy.js';
import { inGuide, load, problemsOf, removeFiles, root, writeFiles } from './examples.node.js';

const snippets = inGuide('angular');
/** The spec among the snippets is a file of its own. */
const examples = snippets.filter(({ code }) => !code.includes('describe('));

heavy(describe)('The guide for Angular', () => {
  const scene = new Scene();

  beforeAll(() => {
    writeFiles(examples);
  });

  afterAll(removeFiles);

  /** What the snippet exports that contains a text. */
  async function exportsOf(part: string): Promise<unknown> {
    const example = examples.find(({ code }) => code.includes(part));
    if (example === undefined) {
      throw new Error(`no snippet has ${part}`);
    }
    return load(example);
  }

  /** Sends all requests to the server of the spec. It stands behind the interceptors of a snippet. */
  const toServer: HttpInterceptorFn = (request, next) =>
    next(request.clone({ url: `${scene.server.url}${request.url.replace('https://login.example.com', '')}` }));

  /** Sends five requests, and waits for their ends. */
  async function sendFive({ http }: App): Promise<Sent[]> {
    const sent = ['1', '2', '3', '4', '5'].map((name) => new Sent(http.get(`/api/${name}`)));
    await Promise.all(sent.map(({ over }) => over));
    return sent;
  }

  /** Answers requests when five of them have arrived. Later ones are answered at once. */
  function answerFive(statusOf: (request: Arrived) => number): (request: Arrived) => void {
    const first: Arrived[] = [];
    return (request) => {
      first.push(request);
      if (first.length >= 5) {
        for (const each of first.filter(({ isAnswered }) => !isAnswered)) {
          each.answer(statusOf(each));
        }
      }
    };
  }

  it('has snippets that compile', () => {
    expect(problemsOf(examples)).toEqual([]);
    expect(examples.length).toBe(9);
  }, 60_000);

  it('shows a spec that runs in Chrome', () => {
    expect(snippets.map(({ code }) => code)).toContain(
      readFileSync(join(root, 'marble-specs/angular/saves.browser.spec.ts'), 'utf8'),
    );
  });

  it('has snippets that run', async () => {
    for (const example of examples) {
      await expectAsync(load(example)).toBeResolved();
    }
  });

  it('has the ten lines of a configuration', async () => {
    const { appConfig, SLOTS } = (await exportsOf('appConfig')) as {
      appConfig: ApplicationConfig;
      SLOTS: InjectionToken<Semaphore>;
    };
    const app = await scene.start({ providers: appConfig.providers as Provider[], isServer: true });
    const { Documents } = (await exportsOf('class Documents')) as {
      Documents: Type<{ save(url: string, texts: Subject<string>): Subject<unknown> }>;
    };
    expect(app.injector.get(ONLINE).isSet()).toBe(true);
    const texts = new Subject<string>();
    app
      .run(() => new Documents())
      .save(`${scene.server.url}/1`, texts)
      .subscribe();
    texts.next('old');
    const old = await scene.server.arrived(1);
    texts.next('new');
    await scene.server.settle();
    old.answer();
    (await scene.server.arrived(2)).answer();
    texts.complete();
    await app.stable();
    expect(scene.server.landed).toEqual(['old', 'new']);
    verifyIdle(app.injector.get(SLOTS));
  });

  for (const [name, prepare] of [
    [
      'Auth',
      (session: object) => {
        Object.assign(session, { current: { access: 'old', userId: 1 } });
      },
    ],
    [
      'CookieSession',
      (session: object) => {
        Object.assign(session, { userId: 'a' });
      },
    ],
  ] as const) {
    it(`has the session ${name}`, async () => {
      const module = (await exportsOf(`class ${name} `)) as Record<string, Type<TokenSession<unknown>>>;
      const Session = module[name];
      if (Session === undefined) {
        throw new Error(`no ${name}`);
      }
      const { refreshOn401 } = await import('rxjs-locks/angular');
      const app = await scene.start({
        interceptors: [refreshOn401(Session, { when: ({ url }) => url.startsWith('/api/') }), toServer],
        providers: [Session],
      });
      prepare(app.injector.get(Session));
      let isRefreshed = false;
      scene.server.onRequest = (request) => {
        if (request.path === '/auth/refresh') {
          isRefreshed = true;
          request.answer(200, { access: 'new', userId: 1 });
        } else {
          request.answer(isRefreshed ? 200 : 401);
        }
      };
      const answers: unknown[] = [];
      await new Promise<void>((resolve) => {
        app.injector
          .get(HttpClient)
          .get('/api/1')
          .subscribe({ next: (answer) => answers.push(answer), complete: resolve, error: resolve });
      });
      expect(answers).toEqual([{ path: '/api/1' }]);
      expect(scene.server.names).toEqual(['GET /api/1', 'POST /auth/refresh', 'GET /api/1']);
    });
  }

  describe('The recipe for angular-oauth2-oidc', () => {
    let app: App;
    let oauth: OAuthService;
    let now: number;
    let logouts: number;
    /** The access token that the server accepts. */
    let valid: string;
    /** Answers a refresh. */
    let refreshed: (request: Arrived) => void;

    const answer = (request: Arrived): void => {
      valid = 'second';
      request.answer(200, { access_token: valid, refresh_token: 'b', token_type: 'Bearer', expires_in: 3600 });
    };

    const refreshes = () => scene.server.requests.filter(({ body }) => body.startsWith('grant_type=refresh_token'));

    /** The tokens with which requests were sent. */
    const tokens = () => scene.server.requests.filter(({ path }) => path.startsWith('/api/')).map(({ token }) => token);

    beforeEach(async () => {
      const { oauthInterceptors } = (await exportsOf('class OAuthSession ')) as { oauthInterceptors: HttpInterceptorFn[] };
      [now, logouts, valid, refreshed] = [Date.now(), 0, 'first', answer];
      const answerApi = answerFive(({ token }) => (token === `Bearer ${valid}` ? 200 : 401));
      scene.server.onRequest = (request) => {
        if (request.path === '/userinfo') {
          request.answer(200, { sub: 'a' });
        } else if (request.path !== '/token') {
          answerApi(request);
        } else if (request.body.startsWith('grant_type=password')) {
          request.answer(200, { access_token: valid, refresh_token: 'a', token_type: 'Bearer', expires_in: 3600 });
        } else {
          // All requests shall wait for it.
          void scene.server.settle().then(() => {
            refreshed(request);
          });
        }
      };
      spyOn(console, 'error');
      app = await scene.start({
        interceptors: [...oauthInterceptors, toServer],
        providers: [
          provideOAuthClient(),
          { provide: OAuthStorage, useClass: MemoryStorage },
          { provide: DateTimeProvider, useValue: { now: () => now, new: () => new Date(now) } },
        ],
      });
      oauth = app.injector.get(OAuthService);
      const endpoints = {
        tokenEndpoint: 'https://login.example.com/token',
        userinfoEndpoint: 'https://login.example.com/userinfo',
      };
      oauth.configure(new AuthConfig({ clientId: 'app', scope: 'api', oidc: false, ...endpoints }));
      oauth.events.subscribe(({ type }) => (logouts += type === 'logout' ? 1 : 0));
      await oauth.fetchTokenUsingPasswordFlowAndLoadUserProfile('a', 'password');
    });

    it('refreshes once ahead of five requests with an expired token', async () => {
      now += 2 * 3_600_000;
      const sent = await sendFive(app);
      expect(sent.map(({ end }) => end)).toEqual(Array<'answered'>(5).fill('answered'));
      expect(refreshes().map(({ body }) => body)).toEqual(['grant_type=refresh_token&scope=api&refresh_token=a&client_id=app']);
      expect(tokens()).toEqual(Array<string>(5).fill('Bearer second'));
    });

    it('refreshes once for five requests with a token that the server no longer accepts', async () => {
      valid = 'none';
      const sent = await sendFive(app);
      expect(sent.map(({ end }) => end)).toEqual(Array<'answered'>(5).fill('answered'));
      expect(refreshes().length).toBe(1);
      expect(tokens().filter((token) => token === 'Bearer second').length).toBe(5);
    });

    it('logs out once when the refresh token is no longer valid', async () => {
      valid = 'none';
      refreshed = (request) => {
        request.answer(400, { error: 'invalid_grant' });
      };
      const sent = await sendFive(app);
      expect(sent.map(({ error }) => error instanceof HttpErrorResponse && error.url)).toEqual(
        Array<string>(5).fill(`${scene.server.url}/token`),
      );
      expect([refreshes().length, logouts, oauth.hasValidAccessToken()]).toEqual([1, 1, false]);
      const later = new Sent(app.http.get('/api/later'));
      await later.over;
      expect([later.status, refreshes().length]).toEqual([401, 1]);
    });

    it('keeps the session when the refresh fails otherwise', async () => {
      valid = 'none';
      refreshed = (request) => {
        request.answer(400, { error: 'invalid_request' });
      };
      const sent = await sendFive(app);
      expect(sent.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
      expect([refreshes().length, logouts]).toEqual([1, 0]);
      refreshed = answer;
      const later = new Sent(app.http.get('/api/later'));
      await later.over;
      expect([later.end, refreshes().length]).toEqual(['answered', 2]);
    });

    it('stays logged out when the user logs out during a refresh', async () => {
      valid = 'none';
      refreshed = (request) => {
        oauth.logOut();
        answer(request);
      };
      const sent = await sendFive(app);
      expect(sent.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
      expect([refreshes().length, oauth.hasValidAccessToken()]).toEqual([1, false]);
      expect(tokens()).not.toContain('Bearer second');
    });
  });

  describe('The recipe for MSAL', () => {
    type Msal = Pick<IPublicClientApplication, 'acquireTokenSilent' | 'getActiveAccount' | 'loginRedirect'>;

    /** Stands in for PublicClientApplication, which needs a browser. */
    class StandIn implements Msal {
      active: AccountInfo = accountOf('a');
      readonly acquired: SilentRequest[] = [];
      redirects = 0;
      /** Gives the next token. */
      next: () => AuthenticationResult | Promise<AuthenticationResult> = () => this.resultOf('first');

      getActiveAccount(): AccountInfo {
        return this.active;
      }

      async acquireTokenSilent(request: SilentRequest): Promise<AuthenticationResult> {
        this.acquired.push(request);
        // All requests shall wait for it.
        await scene.server.settle();
        return this.next();
      }

      loginRedirect(): Promise<void> {
        this.redirects++;
        return Promise.resolve();
      }

      resultOf(accessToken: string, expiresOn: Date | null = null): AuthenticationResult {
        const { active } = this;
        return {
          authority: 'https://login.example.com/common/',
          uniqueId: active.localAccountId,
          tenantId: active.tenantId,
          scopes: ['api://orders/access'],
          account: active,
          idToken: '',
          idTokenClaims: {},
          accessToken,
          fromCache: false,
          expiresOn,
          tokenType: 'Bearer',
          correlationId: '',
        };
      }
    }

    function accountOf(user: string): AccountInfo {
      const environment = 'login.example.com';
      return { homeAccountId: user, localAccountId: user, environment, tenantId: 'tenant', username: user };
    }

    let app: App;
    let msal: StandIn;
    let session: { restore(): Promise<void> };

    /** The tokens with which requests were sent. */
    const tokens = () => scene.server.requests.map(({ token }) => token);

    beforeEach(async () => {
      const { msalInterceptors, MSAL, MsalSession } = (await exportsOf('class MsalSession ')) as {
        msalInterceptors: HttpInterceptorFn[];
        MSAL: InjectionToken<Msal>;
        MsalSession: Type<{ restore(): Promise<void> }>;
      };
      msal = new StandIn();
      scene.server.onRequest = answerFive(({ token }) => (token === 'Bearer second' ? 200 : 401));
      app = await scene.start({
        interceptors: [...msalInterceptors, toServer],
        providers: [{ provide: MSAL, useValue: msal }],
      });
      session = app.injector.get(MsalSession);
      await session.restore();
      msal.acquired.length = 0;
    });

    it('acquires one token for five requests with a token that the server no longer accepts', async () => {
      msal.next = () => msal.resultOf('second');
      const sent = await sendFive(app);
      expect(sent.map(({ end }) => end)).toEqual(Array<'answered'>(5).fill('answered'));
      expect(msal.acquired).toEqual([{ scopes: ['api://orders/access'], account: accountOf('a'), forceRefresh: true }]);
    });

    it('acquires one token ahead of five requests with an expired token', async () => {
      msal.next = () => msal.resultOf('first', new Date(Date.now() - 1));
      await session.restore();
      msal.acquired.length = 0;
      msal.next = () => msal.resultOf('second');
      const sent = await sendFive(app);
      expect(sent.map(({ end }) => end)).toEqual(Array<'answered'>(5).fill('answered'));
      expect(msal.acquired.length).toBe(1);
      expect(tokens()).toEqual(Array<string>(5).fill('Bearer second'));
    });

    it('goes to the login once when MSAL needs the user', async () => {
      const error = new InteractionRequiredAuthError(InteractionRequiredAuthErrorCodes.loginRequired, '');
      msal.next = () => {
        throw error;
      };
      const sent = await sendFive(app);
      expect(sent.map((each) => each.error)).toEqual(Array<unknown>(5).fill(error));
      expect([msal.acquired.length, msal.redirects]).toEqual([1, 1]);
      const later = new Sent(app.http.get('/api/later'));
      await later.over;
      expect([later.status, msal.acquired.length]).toEqual([401, 1]);
    });

    it('keeps the session when MSAL fails otherwise', async () => {
      const error = new BrowserAuthError(BrowserAuthErrorCodes.noNetworkConnectivity, '');
      msal.next = () => {
        throw error;
      };
      const sent = await sendFive(app);
      expect(sent.map((each) => each.error)).toEqual(Array<unknown>(5).fill(error));
      expect(msal.redirects).toBe(0);
      msal.next = () => msal.resultOf('second');
      const later = new Sent(app.http.get('/api/later'));
      await later.over;
      expect([later.end, msal.acquired.length]).toEqual(['answered', 2]);
    });

    it('sends no token of an account that is no longer active', async () => {
      msal.active = accountOf('b');
      await sendFive(app);
      expect(tokens()).toEqual(Array<undefined>(5).fill(undefined));
      expect(msal.acquired).toEqual([]);
    });

    it('sends nothing for another account that logs in during a refresh, and keeps its token', async () => {
      msal.next = async () => {
        const result = msal.resultOf('of a');
        msal.active = accountOf('b');
        msal.next = () => msal.resultOf('second');
        await session.restore();
        return result;
      };
      const sent = await sendFive(app);
      expect(sent.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
      const later = new Sent(app.http.get('/api/later'));
      await later.over;
      expect(later.end).toBe('answered');
      expect(tokens()).toEqual([...Array<string>(5).fill('Bearer first'), 'Bearer second']);
    });
  });

  it('has idioms of a page', async () => {
    const { Page } = (await exportsOf('class Page')) as {
      Page: Type<{ lock: Lock; state: () => { locked: boolean }; turn: Subject<unknown>; loaded: { value(): unknown } }>;
    };
    const app = await scene.start({ interceptors: [() => of()], providers: [Page] });
    const page = app.injector.get(Page);
    expect(page.state().locked).toBe(false);
    const permit = page.lock.tryAcquire();
    expect(page.state().locked).toBe(true);
    page.turn.subscribe();
    expect(page.lock.waiting).toBe(1);
    permit?.release();
    page.lock.release();
    app.ref.tick();
    await app.stable();
    expect(page.loaded.value()).toBe('loaded');
    const again = page.lock.tryAcquire();
    page.turn.subscribe({ error: () => undefined });
    app.destroy();
    expect(page.lock.waiting).toBe(0);
    again?.release();
    verifyIdle(page.lock);
  });
});
