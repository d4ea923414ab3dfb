import type { HttpInterceptorFn } from '@angular/common/http';
import { retry } from 'rxjs';

/** For withInterceptors([interceptor]). */
export const interceptor: HttpInterceptorFn = (
  request,
  next,
) =>
  next(request).pipe(retry({ count: 3, delay: 100 }));
