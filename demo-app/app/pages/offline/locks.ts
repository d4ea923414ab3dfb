import { InjectionToken } from '@angular/core';
import { KeyedLock } from 'rxjs-locks';

/** Requests with the same key are sent one after another. The token lets the page draw who waits. */
export const LOCKS = new InjectionToken('LOCKS', { providedIn: 'root', factory: () => new KeyedLock({ name: 'writes' }) });
