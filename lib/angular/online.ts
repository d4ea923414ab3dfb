import { isPlatformServer } from '@angular/common';
import { DestroyRef, DOCUMENT, inject, InjectionToken, PLATFORM_ID } from '@angular/core';

import { Event } from '../index.js';

/**
 * An event that is set while the browser is online. It follows the browser's events `online` and `offline`. On a server it is
 * set.
 *
 * A browser reports that it has a network, not that a server can be reached.
 *
 * ```ts
 * gateRequests(ONLINE, { when: (request) => request.method !== 'GET' });
 * ```
 */
export const ONLINE = /* @__PURE__ */ new InjectionToken<Event>('ONLINE', {
  providedIn: 'root',
  factory: () => {
    const online = new Event({ name: 'online' });
    const window = isPlatformServer(inject(PLATFORM_ID)) ? undefined : inject(DOCUMENT).defaultView;
    const follow = (): void => {
      if (window?.navigator.onLine === false) {
        online.clear();
      } else {
        online.set();
      }
    };
    follow();
    window?.addEventListener('online', follow);
    window?.addEventListener('offline', follow);
    inject(DestroyRef).onDestroy(() => {
      window?.removeEventListener('online', follow);
      window?.removeEventListener('offline', follow);
    });
    return online;
  },
});
