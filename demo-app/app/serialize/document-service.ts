import { HttpClient, type HttpEvent } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { type Observable } from 'rxjs';
import { Lock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import type { DocumentReport, Edit, Run } from '../../api';

/** Saves whole documents. */
@Injectable({ providedIn: 'root' })
export class DocumentService {
  private readonly http = inject(HttpClient);
  private readonly lock = new Lock({ name: 'documents' });

  readonly lockState = toSignal(this.lock, { requireSync: true });

  begin(seed: number): Observable<Run> {
    return this.http.post<Run>('/api/runs', { seed });
  }

  /** The problem: an older save can overwrite a newer one. */
  saveWithoutLock(run: Run, edit: Edit, fail: boolean): Observable<HttpEvent<unknown>> {
    return this.put(run, edit, fail);
  }

  /** The solution: each save waits until the previous one completes, fails or is cancelled. */
  saveWithLock(run: Run, edit: Edit, fail: boolean): Observable<HttpEvent<unknown>> {
    return this.put(run, edit, fail).pipe(withLock(this.lock));
  }

  /** The server's report. */
  report(run: Run): Observable<DocumentReport> {
    return this.http.get<DocumentReport>('/api/documents/1', { params: { run: run.id } });
  }

  private put(run: Run, edit: Edit, fail: boolean): Observable<HttpEvent<unknown>> {
    const params = { run: run.id, ...(fail ? { fail } : {}) };
    return this.http.put('/api/documents/1', edit, { params, observe: 'events' });
  }
}
