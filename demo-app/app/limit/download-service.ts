import { HttpClient, type HttpEvent } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { BehaviorSubject, defer, type Observable, switchMap } from 'rxjs';
import { Semaphore } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';

import type { DownloadStats, Run } from '../../api';

/** Downloads files. The permits of its semaphore limit the number of simultaneous downloads. */
@Injectable({ providedIn: 'root' })
export class DownloadService {
  private readonly http = inject(HttpClient);
  private readonly semaphore = new BehaviorSubject(new Semaphore(3, { name: 'downloads' }));

  readonly semaphoreState = toSignal(this.semaphore.pipe(switchMap((semaphore) => semaphore)), { requireSync: true });

  /** Sets the limit for later subscriptions. */
  limit(permits: number): void {
    this.semaphore.next(new Semaphore(permits, { name: 'downloads' }));
  }

  begin(seed: number): Observable<Run> {
    return this.http.post<Run>('/api/runs', { seed });
  }

  /** The problem: all downloads start at once. */
  downloadWithoutLimit(run: Run, file: number, fail: boolean): Observable<HttpEvent<ArrayBuffer>> {
    return this.get(run, file, fail);
  }

  /** The solution: a download waits for a permit, and releases it when it completes, fails or is cancelled. */
  downloadWithLimit(run: Run, file: number, fail: boolean): Observable<HttpEvent<ArrayBuffer>> {
    return defer(() => this.get(run, file, fail).pipe(throttleBySemaphore(this.semaphore.value)));
  }

  /** A small, urgent request, which does not go through the semaphore. */
  urgent(run: Run): Observable<unknown> {
    return this.http.get('/api/downloads/urgent', { params: { run: run.id } });
  }

  /** The server's counts. */
  stats(run: Run): Observable<DownloadStats> {
    return this.http.get<DownloadStats>('/api/downloads/stats', { params: { run: run.id } });
  }

  private get(run: Run, file: number, fail: boolean): Observable<HttpEvent<ArrayBuffer>> {
    const params = { run: run.id, ...(fail ? { fail } : {}) };
    return this.http.get(`/api/downloads/${String(file)}`, { params, observe: 'events', responseType: 'arraybuffer' });
  }
}
