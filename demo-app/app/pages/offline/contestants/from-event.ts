import type { HttpInterceptorFn } from '@angular/common/http';
import { fromEvent, switchMap, take } from 'rxjs';

/** For withInterceptors([interceptor]). */
export const interceptor: HttpInterceptorFn = (
  request,
  next,
) =>
  navigator.onLine || request.method === 'GET'
    ? next(request)
    : fromEvent(window, 'online').pipe(
        take(1),
        switchMap(() => next(request)),
      );
