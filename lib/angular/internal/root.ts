/**
 * What the interceptors share in one application. It lives in the root injector, never in a module or in the closure of an
 * interceptor: several applications can run in one process, such as concurrent renders on a server.
 *
 * ```
 *   root injector ──► Root ──► waits of each injector ──► fail with ClosedError when that injector is destroyed
 *                         └──► isRefreshing: true while refresh() of a session is called and subscribed to
 * ```
 */
import { DestroyRef, EnvironmentInjector, inject, InjectionToken, runInInjectionContext } from '@angular/core';
import { Observable, type Subscriber } from 'rxjs';

import { ClosedError } from '../../index.js';

export class Root {
  /** A request that is made meanwhile is the request of a refresh. */
  isRefreshing = false;

  /** The root injector. */
  readonly injector = inject(EnvironmentInjector);

  private readonly waits = new Map<EnvironmentInjector, Set<() => void>>();

  /** Runs a callback in the context of the root injector. */
  call<T>(callback: () => T): T {
    return callIn(this.injector, callback);
  }

  /** Subscribes to the interceptors behind ours. The requests that they send on their own are not those of a refresh. */
  notRefreshing<T>(subscribe: () => T): T {
    const { isRefreshing } = this;
    this.isRefreshing = false;
    try {
      return subscribe();
    } finally {
      this.isRefreshing = isRefreshing;
    }
  }

  closed(what: string): ClosedError {
    return new ClosedError(`gave up waiting for ${what}: the injector was destroyed`);
  }

  /** An Observable that fails when the injector is destroyed. It bounds a wait. */
  untilDestroyed(injector: EnvironmentInjector, what: string): Observable<never> {
    return new Observable((subscriber: Subscriber<never>) => {
      const waits = this.waits.get(injector) ?? this.watch(injector);
      const fail = (): void => {
        subscriber.error(this.closed(what));
      };
      waits.add(fail);
      return () => {
        waits.delete(fail);
      };
    });
  }

  /** Fails the last waiter first. Otherwise a waiter could be granted what an earlier waiter does not want any more. */
  private watch(injector: EnvironmentInjector): Set<() => void> {
    const waits = new Set<() => void>();
    this.waits.set(injector, waits);
    injector.get(DestroyRef).onDestroy(() => {
      this.waits.delete(injector);
      for (const fail of [...waits].reverse()) {
        fail();
      }
    });
    return waits;
  }
}

export function callIn<T>(injector: EnvironmentInjector, callback: () => T): T {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- an EnvironmentInjector implements Injector
  return runInInjectionContext(injector, callback);
}

export const ROOT = /* @__PURE__ */ new InjectionToken<Root>('rxjs-locks', {
  providedIn: 'root',
  factory: () => new Root(),
});
