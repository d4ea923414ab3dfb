// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import { HttpClient, type HttpInterceptorFn } from '@angular/common/http';
import type { ApplicationConfig, InjectionToken, Provider, Type } from '@angular/core';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { of, Subject } from 'rxjs';
import type { Lock, Semaphore } from 'rxjs-locks';
import { ONLINE, type TokenSession } from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';
import ts from 'typescript';

import { Scene } from '../angular/app.node.js';
import { heavy } from '../support/heavy.js';
import { folder, load, removeFiles, root, writeFiles, type Example } from './examples.node.js';

const text = readFileSync(join(root, 'docs/angular.md'), 'utf8');
const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ''], index): Example => {
  const title = `snippet ${String(index + 1)}`;
  return { title, file: `angular-${String(index + 1)}.ts`, code };
});

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

  it('has snippets that compile', () => {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as { config: object };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const program = ts.createProgram(
      examples.map(({ file }) => join(folder, file)),
      { ...options, noEmit: true, importHelpers: false },
    );
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) =>
          `${relative(folder, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
    expect(problems).toEqual([]);
    expect(examples.length).toBe(8);
  }, 60_000);

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
      const toServer: HttpInterceptorFn = (request, next) => next(request.clone({ url: `${scene.server.url}${request.url}` }));
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
