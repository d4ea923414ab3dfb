import {
  HttpErrorResponse,
  type HttpHandlerFn,
  type HttpInterceptorFn,
  type HttpRequest,
} from '@angular/common/http';
import { inject } from '@angular/core';
import {
  BehaviorSubject,
  catchError,
  filter,
  finalize,
  switchMap,
  take,
  throwError,
} from 'rxjs';

import { Auth, isItem, type Token } from '../auth';

export function published(): HttpInterceptorFn {
  let isRefreshing = false;
  const token$ = new BehaviorSubject<Token | null>(
    null,
  );

  const handle401 = (
    request: HttpRequest<unknown>,
    next: HttpHandlerFn,
    auth: Auth,
  ) => {
    if (isRefreshing) {
      return token$.pipe(
        filter((token) => token !== null),
        take(1),
        switchMap((token) =>
          next(auth.attach(request, token)),
        ),
      );
    }
    isRefreshing = true;
    token$.next(null);
    return auth.refresh().pipe(
      switchMap((token) => {
        isRefreshing = false;
        token$.next(token);
        return next(auth.attach(request, token));
      }),
      catchError((error: unknown) => {
        auth.logout();
        return throwError(() => error);
      }),
      finalize(() => (isRefreshing = false)),
    );
  };

  return (request, next) => {
    const auth = inject(Auth);
    const token = auth.token();
    if (!isItem(request) || token === null)
      return next(request);
    return next(auth.attach(request, token)).pipe(
      catchError((error: unknown) =>
        error instanceof HttpErrorResponse &&
        error.status === 401
          ? handle401(request, next, auth)
          : throwError(() => error),
      ),
    );
  };
}
