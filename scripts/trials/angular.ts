import type { HttpContext, HttpInterceptorFn, HttpRequest } from '@angular/common/http';
import { InjectionToken, type EnvironmentProviders } from '@angular/core';
import { EMPTY, type ObservableInput } from 'rxjs';
import { Lock, Semaphore } from 'rxjs-locks';
import {
  bypass,
  coordinateRequests,
  gateRequests,
  limitRequests,
  ONLINE,
  provideLockDiagnostics,
  refreshOn401,
  serializeRequests,
  type RequestStep,
  type TokenSession,
} from 'rxjs-locks/angular';

class Auth implements TokenSession<string> {
  token(): string | null {
    return null;
  }
  owner(): number {
    return 1;
  }
  attach(request: HttpRequest<unknown>): HttpRequest<unknown> {
    return request;
  }
  refresh(_context: HttpContext, _token: string): ObservableInput<unknown> {
    return EMPTY;
  }
}
export const SLOTS = new InjectionToken<Semaphore>('SLOTS');
const TABS = new InjectionToken<Lock>('TABS');
export const interceptors: HttpInterceptorFn[] = coordinateRequests({
  gate: gateRequests(ONLINE, { when: (request) => request.method !== 'GET' }),
  serialize: [serializeRequests((request) => request.url)],
  limit: limitRequests(SLOTS, { weight: () => 1 }),
  refresh: refreshOn401(Auth, { when: () => true, isExpired: (token) => token.length > 3, lock: TABS }),
});
export const diagnostics: EnvironmentProviders = provideLockDiagnostics({ heldOver: 1000, watch: [SLOTS] });
const steps: RequestStep[] = ['gate'];
export const context: HttpContext = bypass(steps);
// @ts-expect-error: a step that does not exist
bypass(['throttle']);
// @ts-expect-error: which requests?
gateRequests(ONLINE, {});
