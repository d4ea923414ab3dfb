import type { HttpInterceptorFn } from '@angular/common/http';
import {
  coordinateRequests,
  refreshOn401,
} from 'rxjs-locks/angular';

import { Auth, isItem } from '../auth';

/** For withInterceptors(interceptors()). */
export function interceptors(): HttpInterceptorFn[] {
  return coordinateRequests({
    refresh: refreshOn401(Auth, { when: isItem }),
  });
}
