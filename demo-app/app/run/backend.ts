import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { defer, map, Observable, shareReplay, switchMap } from 'rxjs';

import type { Hosts, LogEntry, Run } from '../../backend/contract';
import { settleServerWorker } from './server-worker';

/** A run, and where its requests go. */
export interface BegunRun extends Run {
  readonly hosts: Hosts;
}

/** The backend: a server in Node, or a service worker. */
@Injectable({ providedIn: 'root' })
export class Backend {
  private readonly http = inject(HttpClient);
  readonly hosts = defer(() => settleServerWorker()).pipe(
    switchMap(() => this.http.get<Hosts>('api/hosts')),
    shareReplay(1),
  );

  begin(seed: number): Observable<BegunRun> {
    return this.hosts.pipe(
      switchMap((hosts) => this.http.post<Run>('api/runs', { seed }).pipe(map((run) => ({ ...run, hosts })))),
    );
  }

  /** What the server sees in a run, from its first request on. It does not complete. After a broken connection it goes on. */
  log({ id, hosts }: BegunRun): Observable<LogEntry> {
    return new Observable((subscriber) => {
      let last = 0;
      const source = new EventSource(`${hosts.log}${hosts.log === '' ? '' : '/'}api/runs/${id}/log`);
      source.onmessage = ({ data }: MessageEvent<string>) => {
        const entry = JSON.parse(data) as LogEntry;
        if (entry.sequence <= last) return; // each connection gets all lines
        last = entry.sequence;
        subscriber.next(entry);
      };
      return () => {
        source.close();
      };
    });
  }
}
