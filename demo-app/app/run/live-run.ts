import {
  HttpClient,
  type HttpErrorResponse,
  HttpEventType,
  type HttpInterceptorFn,
  provideHttpClient,
  withInterceptors,
} from '@angular/common/http';
import { createEnvironmentInjector, type EnvironmentInjector, type Provider } from '@angular/core';
import { Subject, tap } from 'rxjs';

import { Actors } from './actors';
import type { BegunRun } from './backend';
import type { Recording } from './recording';

export type { Traced } from './actors';

/** What a contestant needs: an HttpClient with its interceptors, and a recording of what it does. */
export class LiveRun extends Actors {
  readonly http: HttpClient;
  readonly injector: EnvironmentInjector;
  /** The requests whose errors have reached the page, such as `GET /items/7`. The log of the server may tell of them earlier or later. */
  readonly errors = new Subject<string>();

  constructor(
    readonly run: BegunRun,
    recording: Recording,
    parent: EnvironmentInjector,
    interceptors: readonly HttpInterceptorFn[] = [],
    providers: readonly Provider[] = [],
  ) {
    super(recording);
    const behind = [this.recordSent(), overAllOrigins(run.hosts.origins)];
    const client = provideHttpClient(withInterceptors([...interceptors, ...behind]));
    this.injector = createEnvironmentInjector([client, ...providers], parent);
    this.http = this.injector.get(HttpClient);
  }

  /** The address of a resource of the run, such as `/documents/1/edits/7`. */
  url(path: string): string {
    return `/api/runs/${this.run.id}${path}`;
  }

  private recordSent(): HttpInterceptorFn {
    return (request, next) => {
      const name = `${request.method} ${request.url.replace(/^\/api\/runs\/[^/]+/, '')}`;
      return next(request).pipe(
        tap({
          next: ({ type }) => {
            if (type === HttpEventType.Sent) this.recording.addOf(name, 'sent');
          },
          error: ({ status }: HttpErrorResponse) => {
            if (status === 0) this.recording.addOf(name, 'refused', noConnection);
            this.errors.next(name);
          },
        }),
      );
    };
  }
}

/** The text of the moment when a connection breaks. */
export const noConnection = 'no connection';

/** Sends the requests to the origins in turn. A browser keeps only six connections to each. */
function overAllOrigins(origins: readonly string[]): HttpInterceptorFn {
  let next = 0;
  return (request, handle) => {
    const origin = origins[next++ % origins.length];
    // Without further origins, the address is relative to that of the page.
    const url = origin === undefined ? request.url.slice(1) : origin + request.url;
    return handle(request.clone({ url }));
  };
}
