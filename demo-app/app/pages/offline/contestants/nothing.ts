import type { HttpInterceptorFn } from '@angular/common/http';

/**
 * HttpClient as it is: offline, each request fails at
 * once.
 */
export const interceptors: HttpInterceptorFn[] = [];
