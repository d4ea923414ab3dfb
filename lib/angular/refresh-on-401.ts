import { HttpErrorResponse, type HttpEvent, type HttpInterceptorFn, type HttpRequest } from '@angular/common/http';
import { isDevMode, type ProviderToken } from '@angular/core';
import { catchError, defer, type Observable } from 'rxjs';

import type { Acquirable } from '../index.js';
import { isAcquirable } from '../internal/checks/arguments.js';
import { checkCallbacks, checkToken, checkWhen } from './internal/arguments.js';
import { readingOwner, type OwnerAtStart } from './internal/owner-at-start.js';
import { interceptor, type Passage } from './internal/passage.js';
import { isOf, refreshesOf, type Refresh, type Refreshes } from './internal/refreshes.js';
import { SessionChangedError } from './session-changed-error.js';
import type { TokenSession } from './token-session.js';

/** The options of {@link refreshOn401}. */
export interface RefreshOn401Options<T> {
  /** Which requests get the token. */
  readonly when: (request: HttpRequest<unknown>) => boolean;
  /** Whether an error means that the token is not valid. By default: status 401. */
  readonly isUnauthorized?: (error: HttpErrorResponse, request: HttpRequest<unknown>) => boolean;
  /** Whether to refresh the token before a request is sent. By default never. */
  readonly isExpired?: (token: T) => boolean;
  /** Whether an error of `refresh()` means that the user has to log in again. By default: HTTP status 400 or 401. */
  readonly isSessionLost?: (error: unknown) => boolean;
  /** Called once for each token with which the session is lost, before the requests that wait get the error. */
  readonly onSessionLost?: (error: unknown) => void;
  /** A token of a lock that is held during a refresh, such as a lock across the tabs of the browser. */
  readonly lock?: ProviderToken<Acquirable>;
}

/**
 * Adds the token of a session to requests, and refreshes it when a response says that it is not valid. All requests that need
 * the new token wait for one refresh.
 *
 * ```
 * first    --401      --200|
 * second    --401     --200|
 * refresh    ---------|
 * ```
 *
 * **Order.** Requests continue in the order in which they began to wait.
 *
 * **A refresh that fails.** All requests that wait for it get its error. The next 401 starts another refresh, unless the session is
 * lost. Then requests with that token keep their own 401, until there is another token.
 *
 * **A logout or another login meanwhile.** A request that has a 401 gets it. A request that was not sent yet gets
 * {@link SessionChangedError}. Nothing is sent with the token of another owner. The waits for a refresh end when the next request
 * begins, and the refresh itself runs on. So the requests of the new owner do not wait for what those of the old one hold.
 *
 * **No loops.** A request is sent at most twice. Its second 401 is its error, and so is a 401 after a refresh that has not changed
 * the token.
 *
 * **Cancel safety.** Unsubscribing while waiting leaves the queue. A refresh runs to its end although all callers have unsubscribed,
 * and until then the application is not stable.
 *
 * ```ts
 * refreshOn401(Auth, { when: (request) => request.url.startsWith('/api/') });
 * ```
 *
 * @throws TypeError at the call without a token, and without `when`. The error of the request: TypeError if the token gives no
 * `TokenSession`, and what the callbacks throw.
 */
export function refreshOn401<T>(session: ProviderToken<TokenSession<T>>, options: RefreshOn401Options<T>): HttpInterceptorFn {
  checkToken('refreshOn401', 'a TokenSession', session);
  checkWhen('refreshOn401', options);
  checkCallbacks('refreshOn401', options, ['when', 'isUnauthorized', 'isExpired', 'isSessionLost', 'onSessionLost'], ['lock']);
  if (options.lock !== undefined) {
    checkToken('refreshOn401', 'a lock', options.lock);
  }
  const ownerOf = (passage: Passage): OwnerAtStart | undefined => {
    if (!passage.concerns(options.when, 'refresh')) {
      return undefined;
    }
    const refreshes = refreshesOf(passage.resolve(session, 'a TokenSession', isSession), passage);
    const present = refreshes.present(passage);
    refreshes.endOtherWaits(present);
    return present === null ? undefined : { session: refreshes, owner: present.owner };
  };
  const refreshing = interceptor({ step: 'refresh', name: 'refreshOn401' }, (passage) => {
    if (!passage.concerns(options.when)) {
      return passage.forward();
    }
    const refreshes = refreshesOf(passage.resolve(session, 'a TokenSession', isSession), passage);
    const present = refreshes.present(passage);
    if (present !== null && isDevMode() && !Object.is(present.token, refreshes.token(passage))) {
      throw new Error(
        'refreshOn401 cannot compare tokens: token() of the session gives a new object each time. ' +
          'Keep the token, and return the same object until it changes',
      );
    }
    refreshes.endOtherWaits(present);
    if (passage.holds(refreshes)) {
      return passage.forward();
    }
    const atStart = passage.ownerAtStart(refreshes);
    if (atStart !== undefined && !isOf(atStart.owner, present)) {
      throw new SessionChangedError(
        `cannot send ${passage.label}: the user has logged out, or another user has logged in, while it waited`,
      );
    }
    if (present === null) {
      return passage.forward();
    }
    return passage.enter(() => new Authorized(passage, refreshes, present.owner, options).send());
  });
  return readingOwner(refreshing, ownerOf);
}

function isSession(given: unknown): boolean {
  const session = given as Partial<TokenSession<unknown>> | null | undefined;
  return [session?.token, session?.owner, session?.attach, session?.refresh].every((method) => typeof method === 'function');
}

const never = (): boolean => false;

const isStatus401 = ({ status }: HttpErrorResponse): boolean => status === 401;

const isStatus400or401 = (error: unknown): boolean =>
  error instanceof HttpErrorResponse && (error.status === 400 || error.status === 401);

/** One request that is sent with the token of one owner. */
class Authorized<T> {
  constructor(
    private readonly passage: Passage,
    private readonly refreshes: Refreshes<T>,
    private readonly owner: unknown,
    private readonly options: RefreshOn401Options<T>,
  ) {}

  /** Sends the request, if necessary after a refresh. An interceptor of a parent injector with the same session lets it pass. */
  send(): Observable<HttpEvent<unknown>> {
    return defer(() => {
      const { owner, passage, refreshes } = this;
      const token = refreshes.tokenOf(owner, passage);
      if (token === null) {
        throw this.changed();
      }
      const refresh = refreshes.runningFor(owner) ?? (this.mustRefresh(token) ? this.start(token) : undefined);
      return refresh === undefined ? this.sendWith(token, false) : this.after(refresh, this.changed(), () => this.send());
    });
  }

  private mustRefresh(token: T): boolean {
    const { options, passage, refreshes } = this;
    const { isExpired = never } = options;
    return !refreshes.isLost(token) && !refreshes.isFresh(token) && passage.call(() => isExpired(token));
  }

  private sendWith(token: T, isSecond: boolean): Observable<HttpEvent<unknown>> {
    const { passage, refreshes } = this;
    const { session } = refreshes;
    return defer(() =>
      passage.authorized(
        refreshes,
        passage.call(() => session.attach(passage.req, token)),
      ),
    ).pipe(
      catchError((error: unknown) => {
        if (isSecond || !this.isUnauthorized(error)) {
          throw error;
        }
        return this.sendAgain(token, error);
      }),
    );
  }

  private isUnauthorized(error: unknown): boolean {
    const { options, passage } = this;
    const { isUnauthorized = isStatus401 } = options;
    return error instanceof HttpErrorResponse && passage.call(() => isUnauthorized(error, passage.req));
  }

  /** Decides what follows a 401 of a request that was sent with `sent`. */
  private sendAgain(sent: T, unauthorized: unknown): Observable<HttpEvent<unknown>> {
    const { owner, passage, refreshes } = this;
    const resend = (): Observable<HttpEvent<unknown>> => {
      const token = refreshes.tokenOf(owner, passage);
      if (token === null || Object.is(token, sent)) {
        throw unauthorized;
      }
      return this.sendWith(token, true);
    };
    const token = refreshes.tokenOf(owner, passage);
    if (token === null) {
      throw unauthorized;
    }
    const running = refreshes.runningFor(owner);
    if (running === undefined && (!Object.is(token, sent) || refreshes.isLost(token))) {
      return resend();
    }
    return this.after(running ?? this.start(token), unauthorized, resend);
  }

  private start(token: T): Refresh {
    const { options, owner, passage, refreshes } = this;
    const { isExpired = never, isSessionLost = isStatus400or401, onSessionLost = never } = options;
    const lock = options.lock && passage.resolve(options.lock, 'a lock', isAcquirable);
    if (lock !== undefined) {
      passage.watcher?.watch(lock);
    }
    return refreshes.start(token, owner, passage, { isExpired, isSessionLost, onSessionLost, lock });
  }

  /** Waits for a refresh. If the session has changed, the request fails with `changed`, also while the refresh still runs. */
  private after(refresh: Refresh, changed: unknown, then: () => Observable<HttpEvent<unknown>>): Observable<HttpEvent<unknown>> {
    return this.passage.waitFor(refresh.done, () => {
      switch (refresh.outcome?.kind) {
        case 'failed':
          throw refresh.outcome.error;
        case 'refreshed':
          return then();
        default:
          throw changed;
      }
    });
  }

  private changed(): SessionChangedError {
    return new SessionChangedError(
      `cannot send ${this.passage.label}: the user has logged out, or another user has logged in, during a refresh`,
    );
  }
}
