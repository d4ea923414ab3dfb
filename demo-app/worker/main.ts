/** The backend as a service worker, for pages without a server. It answers what is below `api/` in its scope, and nothing else. */
import { createBackend } from '../backend/backend';

declare const self: ServiceWorkerGlobalScope;

const backend = createBackend(() => ({ kind: 'worker', origins: [], log: '' }));

self.addEventListener('install', (event) => {
  event.waitUntil(self.skipWaiting());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

// After a forced reload, no service worker controls the page. Then the page sends a message.
self.addEventListener('message', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (!request.url.startsWith(`${self.registration.scope}api/`)) return;
  const waitUntil = (task: Promise<void>): void => {
    event.waitUntil(task);
  };
  event.respondWith(backend.fetch(request, { waitUntil }));
});
