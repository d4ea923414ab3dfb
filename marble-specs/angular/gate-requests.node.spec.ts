// Completes the packages of Angular, which are compiled in part. It must be loaded before them.
import '@angular/compiler';
import { HttpClient, provideHttpClient, withInterceptors, type HttpInterceptorFn } from '@angular/common/http';
import { DestroyRef, DOCUMENT, InjectionToken } from '@angular/core';
import { ClosedError, Event } from 'rxjs-locks';
import { gateRequests, ONLINE } from 'rxjs-locks/angular';
import { verifyIdle } from 'rxjs-locks/testing';

import { Scene } from './app.node.js';

const OPEN = new InjectionToken<Event>('OPEN', { providedIn: 'root', factory: () => new Event({ name: 'open' }) });
const gate = gateRequests(OPEN, { when: ({ method }) => method !== 'GET' });

describe('gateRequests', () => {
  const scene = new Scene();

  it('lets requests wait until the event is set, and then sends them in order', async () => {
    const app = await scene.with(gate);
    scene.send(app.http, 'PUT /1');
    scene.send(app.http, 'GET /free');
    await scene.server.arrived(1);
    await scene.server.settle();
    expect(scene.server.names).toEqual(['GET /free']);
    expect(app.injector.get(OPEN).waiting).toBe(1);
    expect(await app.isStable()).toBe(false);
    app.injector.get(OPEN).set();
    scene.send(app.http, 'PUT /2');
    await scene.server.arrived(3);
    expect(new Set(scene.server.names)).toEqual(new Set(['GET /free', 'PUT /1', 'PUT /2']));
  });

  it('never sends a request that is cancelled while it waits', async () => {
    const app = await scene.with(gate);
    const sent = scene.send(app.http, 'PUT /1');
    sent.cancel();
    verifyIdle(app.injector.get(OPEN));
    app.injector.get(OPEN).set();
    await scene.server.settle();
    expect(scene.server.requests).toEqual([]);
    await app.stable();
  });

  it('sends no waiting request of an injector that is destroyed, although the destruction sets the event', async () => {
    const app = await scene.with();
    const route = app.route([provideHttpClient(withInterceptors([gateRequests(OPEN, { when: () => true })]))]);
    route.get(DestroyRef).onDestroy(() => {
      app.injector.get(OPEN).set();
    });
    const sent = scene.send(route.get(HttpClient), 'GET /1');
    route.destroy();
    await scene.server.settle();
    expect(scene.server.names).toEqual([]);
    expect(String(sent.error)).toBe('ClosedError: gave up waiting for event "open": the injector was destroyed');
  });

  it('fails requests that wait when the event is closed, or the injector is destroyed', async () => {
    const app = await scene.with(gate);
    const route = app.route([provideHttpClient(withInterceptors([gate]))]);
    const ofRoute = scene.send(route.get(HttpClient), 'PUT /1');
    const ofRoot = scene.send(app.http, 'PUT /2');
    route.destroy();
    expect(String(ofRoute.error)).toBe('ClosedError: gave up waiting for event "open": the injector was destroyed');
    expect(app.injector.get(OPEN).waiting).toBe(1);
    app.injector.get(OPEN).complete();
    expect(ofRoot.error).toBeInstanceOf(ClosedError);
    await app.stable();
  });

  it('lets requests pass on a server', async () => {
    const { http } = await scene.start({ interceptors: [gate], isServer: true });
    scene.send(http, 'PUT /1');
    await scene.server.arrived(1);
    expect(scene.server.names).toEqual(['PUT /1']);
  });

  it('holds requests on a server with onServer: hold', async () => {
    const hold = gateRequests(OPEN, { when: () => true, onServer: 'hold' });
    const app = await scene.start({ interceptors: [hold], isServer: true });
    scene.send(app.http, 'PUT /1');
    expect(app.injector.get(OPEN).waiting).toBe(1);
  });

  it('fails a request whose token gives something else', async () => {
    const WRONG = new InjectionToken<Event>('WRONG', { providedIn: 'root', factory: () => null as never });
    const app = await scene.with(gateRequests(WRONG, { when: () => true }));
    expect(String(scene.send(app.http, 'PUT /1').error)).toBe(
      'TypeError: gateRequests needs a token of an Event, but the token gave null',
    );
    await app.stable();
  });

  for (const [given, message] of [
    [[undefined, { when: () => true }], 'gateRequests needs a token of an Event, but got undefined'],
    [[OPEN], 'gateRequests needs the option when, a function that says which requests it concerns'],
    [
      [OPEN, { when: () => true, onServer: 'wait' }],
      `the option onServer of gateRequests must be 'pass' or 'hold', but is "wait"`,
    ],
  ] as const) {
    it(`refuses at the call: ${message}`, () => {
      const call = gateRequests as (...args: readonly unknown[]) => HttpInterceptorFn;
      expect(() => call(...given)).toThrowError(TypeError, message);
    });
  }
});

describe('ONLINE', () => {
  const scene = new Scene();

  it('follows the browser, until the application is destroyed', async () => {
    const window = Object.assign(new EventTarget(), { navigator: { onLine: false } });
    const change = (onLine: boolean): void => {
      window.navigator.onLine = onLine;
      window.dispatchEvent(new globalThis.Event(onLine ? 'online' : 'offline'));
    };
    const app = await scene.start({ providers: [{ provide: DOCUMENT, useValue: { defaultView: window } }] });
    const online = app.injector.get(ONLINE);
    expect(online.isSet()).toBe(false);
    change(true);
    expect(online.isSet()).toBe(true);
    change(false);
    expect(online.isSet()).toBe(false);
    app.destroy();
    change(true);
    expect(online.isSet()).toBe(false);
    expect(String(online)).toBe('event "online"');
  });

  it('is set on a server', async () => {
    const window = Object.assign(new EventTarget(), { navigator: { onLine: false } });
    const app = await scene.start({ isServer: true, providers: [{ provide: DOCUMENT, useValue: { defaultView: window } }] });
    expect(app.injector.get(ONLINE).isSet()).toBe(true);
  });
});
