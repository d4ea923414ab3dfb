import {
  HttpErrorResponse,
  type HttpInterceptorFn,
} from '@angular/common/http';
import { inject } from '@angular/core';
import {
  catchError,
  finalize,
  type Observable,
  share,
  switchMap,
  throwError,
} from 'rxjs';

import { Auth, isItem, type Token } from '../auth';

export function shared(): HttpInterceptorFn {
  let refresh$: Observable<Token> | undefined;

  return (request, next) => {
    const auth = inject(Auth);
    const token = auth.token();
    if (!isItem(request) || token === null)
      return next(request);
    return next(auth.attach(request, token)).pipe(
      catchError((error: unknown) => {
        if (
          !(error instanceof HttpErrorResponse) ||
          error.status !== 401
        ) {
          return throwError(() => error);
        }
        refresh$ ??= auth.refresh().pipe(
          finalize(() => (refresh$ = undefined)),
          share(),
        );
        return refresh$.pipe(
          switchMap((fresh) =>
            next(auth.attach(request, fresh)),
          ),
        );
      }),
    );
  };
}
