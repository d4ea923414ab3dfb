/**
 * A process that renders a page, and keeps an application, while locks are held and waited for that the diagnostics watch. It
 * prints what it rendered, and must end by itself: the timers of the diagnostics run for an hour.
 */
import '@angular/compiler';
import { InjectionToken } from '@angular/core';
import { map } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { limitRequests, provideLockDiagnostics } from 'rxjs-locks/angular';

import { App } from './app.node.js';
import { Render, serverGlobals } from './render.node.js';
import { Server } from './server.node.js';

const HELD = new InjectionToken<Lock>('HELD', {
  providedIn: 'root',
  factory: () => {
    const lock = new Lock({ name: 'held' });
    lock.acquire().subscribe();
    lock.acquire().subscribe();
    return lock;
  },
});
const diagnostics = provideLockDiagnostics({ heldOver: 3_600_000, waitedOver: 3_600_000, watch: [HELD] });

const server = await new Server().start();
server.onRequest = (request) => {
  request.answer();
};

// It is never destroyed.
const app = await App.start({ providers: [diagnostics] });
app.injector.get(HELD).acquire().subscribe();

const restoreGlobals = serverGlobals();
const { paragraphs } = new Render({
  backend: 'fetch',
  interceptors: [limitRequests(1)],
  providers: [diagnostics],
  load: (http) => http.get<{ path: string }>(`${server.url}/1`).pipe(map(({ path }) => path)),
});
console.log(...(await paragraphs));
restoreGlobals();
await server.stop();
