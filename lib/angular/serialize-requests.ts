import type { HttpEvent, HttpInterceptorFn, HttpRequest } from '@angular/common/http';
import { InjectionToken, PendingTasks, type ProviderToken } from '@angular/core';
import { Observable } from 'rxjs';

import { KeyedLock } from '../index.js';
import { checkFunction } from '../internal/checks/arguments.js';
import { checkCallbacks, checkOneOf, checkToken } from './internal/arguments.js';
import { interceptor, type Hold, type Passage } from './internal/passage.js';
import { setIn } from './internal/request-notes.js';
import { LOCKED_BY } from './locked-by.js';

/** The options of {@link serializeRequests}. */
export interface SerializeRequestsOptions {
  /** Which requests wait for a key or for the lock of `lockedBy`. By default all. */
  readonly when?: (request: HttpRequest<unknown>) => boolean;
  /** A token of the `KeyedLock` to use. By default the interceptor has one of its own in each application. */
  readonly locks?: ProviderToken<KeyedLock>;
  /**
   * What becomes of a request that was sent, when its caller unsubscribes, if it may change something on the server. `'finish'`:
   * it runs to its answer, and holds its key until then. `'abort'`: it is aborted, and its key is free at once.
   */
  readonly onCancel?: 'finish' | 'abort';
}

/** The methods that change nothing on a server. */
const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'JSONP'];

/**
 * Sends requests with the same key one after another. Requests with different keys do not wait for each other.
 *
 * ```
 * key /doc/1   ----|
 * key /doc/1   (waits)----|
 * key /doc/2   ----|
 * ```
 *
 * **Keys.** `null`, `undefined` and `[]` mean that the request needs no key. An array means several keys at once, which cannot
 * deadlock. Any other value is one key, compared as a `Map` does. Keys that are not in use take no memory.
 *
 * **Order.** First come, first served, for each key. A request that has to wait holds no permit meanwhile: if a limit stands before
 * this step, in a lazy route, it takes its permit again once it has the key.
 *
 * **Cancel safety.** Unsubscribing while waiting leaves the queue, and the request is never sent. A request that was sent is
 * aborted if its method is GET, HEAD, OPTIONS or JSONP. Any other request runs to its answer: an abort would not stop the server,
 * so the next request could overtake it there. An answer that would make it wait for a refresh ends it too. The caller gets
 * nothing any more. The key, the lock of `lockedBy` and the permit
 * that the request holds are free when the answer has arrived, and until then the application is not stable.
 *
 * **Limits.** A request that never gets an answer holds its key for ever, so give requests a `timeout`. The timeout ends a request
 * although the server may continue.
 *
 * ```ts
 * serializeRequests((request) => (request.method === 'PUT' ? request.url : null));
 * ```
 *
 * @param keyOf - returns the key or keys of a request. Without it, requests wait for the lock of `lockedBy` alone.
 * @throws TypeError at the call for a `keyOf` that is no function and for malformed options. The error of the request: what
 * `keyOf` throws, TypeError if the token gives no `KeyedLock`, `ClosedError` if the injector is destroyed while the request waits.
 */
export function serializeRequests(
  keyOf?: (request: HttpRequest<unknown>) => unknown,
  options: SerializeRequestsOptions = {},
): HttpInterceptorFn {
  if (keyOf !== undefined) {
    checkFunction('keyOf', keyOf);
  }
  checkCallbacks('serializeRequests', options, ['when'], ['locks', 'onCancel']);
  const { when, onCancel = 'finish' } = options;
  checkOneOf('serializeRequests', 'onCancel', onCancel, ['finish', 'abort']);
  const token = tokenOf(options.locks);
  return interceptor({ step: 'serialize', name: 'serializeRequests' }, (passage) => {
    const { req } = passage;
    if (!passage.concerns(when)) {
      return passage.forward();
    }
    const needed: Hold[] = [];
    const lock = setIn(req, LOCKED_BY);
    if (lock !== undefined && !passage.holds(lock)) {
      needed.push({ acquirable: lock, lock });
    }
    const keys = keyOf === undefined ? [] : keysIn(passage.call(() => keyOf(req)));
    if (keys.length > 0) {
      const locks = passage.resolve(token, 'a KeyedLock', (given) => given instanceof KeyedLock);
      const missing = keys.filter((key) => !passage.holds(locks, key));
      if (missing.length > 0) {
        needed.push({ acquirable: locks.all(missing), lock: locks, keys: missing });
      }
    }
    if (needed.length === 0) {
      return passage.forward();
    }
    const send = (): Observable<HttpEvent<unknown>> => passage.regain(() => passage.forward());
    const steps = needed.reduceRight((inside, hold) => () => passage.hold(hold, inside), send);
    return inCharge(passage, onCancel, steps);
  });
}

function tokenOf(locks: ProviderToken<KeyedLock> | undefined): ProviderToken<KeyedLock> {
  if (locks !== undefined) {
    checkToken('serializeRequests', 'a KeyedLock', locks);
    return locks;
  }
  const name = 'serializeRequests';
  return new InjectionToken(name, { providedIn: 'root', factory: () => new KeyedLock({ name }) });
}

function keysIn(given: unknown): readonly unknown[] {
  if (given === null || given === undefined) {
    return [];
  }
  return Array.isArray(given) ? given : [given];
}

/** Runs the request on when its caller has unsubscribed, if the server may have it. */
function inCharge(
  passage: Passage,
  onCancel: 'finish' | 'abort',
  steps: () => Observable<HttpEvent<unknown>>,
): Observable<HttpEvent<unknown>> {
  const finishes = onCancel === 'finish' && !safeMethods.includes(passage.req.method);
  return new Observable((caller) => {
    const pendingTasks = finishes ? passage.injector.get(PendingTasks) : undefined;
    let state: 'running' | 'left' | 'ended' = 'running';
    let removeTask: (() => void) | undefined;
    /** Returns whether the caller still waits for the end of the request. */
    const end = (): boolean => {
      const isWanted = state !== 'left';
      state = 'ended';
      removeTask?.();
      return isWanted;
    };
    const request = passage.enter(steps).subscribe({
      next: (event) => {
        if (state === 'running') {
          caller.next(event);
        }
      },
      error: (error: unknown) => {
        if (end()) {
          caller.error(error);
        }
      },
      complete: () => {
        if (end()) {
          caller.complete();
        }
      },
    });
    return () => {
      if (state === 'running' && pendingTasks !== undefined && passage.notes.waiting === 0) {
        state = 'left';
        removeTask = pendingTasks.add();
        passage.notes.abandon = () => {
          request.unsubscribe();
          end();
        };
      } else {
        request.unsubscribe();
      }
    };
  });
}
