import type { HttpContext, HttpRequest } from '@angular/common/http';
import type { ObservableInput } from 'rxjs';

/**
 * What `refreshOn401` needs to know of the session of a user: an object of the application, such as a service.
 *
 * All methods run untracked, and in the context of the injector.
 */
export interface TokenSession<T> {
  /**
   * The present token, or `null` if no user is logged in. Tokens are compared with `Object.is`, so it must give the same value
   * until the token changes, also during a refresh: `null` is then a logout.
   */
  token(): T | null;

  /**
   * Whose token it is: the id of the user, or the number of the login. It distinguishes a refresh from another login. Owners are
   * compared with `Object.is`.
   */
  owner(token: T): unknown;

  /** Returns the request with the token. It gets the request without a token, also when the request is sent again. */
  attach(request: HttpRequest<unknown>, token: T): HttpRequest<unknown>;

  /**
   * Refreshes the token. When it has completed, `token()` must give the new token.
   *
   * @param context - takes a request past all interceptors of this entry point. Pass it to the request of the refresh, which
   * would wait for itself otherwise.
   * @param token - the token to refresh.
   */
  refresh(context: HttpContext, token: T): ObservableInput<unknown>;
}
