import type { HttpInterceptorFn } from '@angular/common/http';
import { retry, throwError, timer } from 'rxjs';

/** A status of 0: the server was not reached. */
const delay = (error: { status: number }) =>
  error.status === 0
    ? timer(200)
    : throwError(() => error);

/** For withInterceptors([interceptor]). */
export const interceptor: HttpInterceptorFn = (
  request,
  next,
) => next(request).pipe(retry({ delay }));
