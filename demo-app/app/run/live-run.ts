import {
  HttpClient,
  type HttpErrorResponse,
  HttpEventType,
  type HttpInterceptorFn,
  provideHttpClient,
  withInterceptors,
} from '@angular/common/http';
import { createEnvironmentInjector, type EnvironmentInjector, type Provider } from '@angular/core';
import { defer, type MonoTypeOperatorFunction, type Observable, ReplaySubject, takeUntil, tap } from 'rxjs';
import type { TraceEvent } from 'rxjs-locks';

import type { BegunRun } from './backend';
import type { Recording } from './recording';

/**
 * A primitive whose steps and state a page draws: `{ name: String(lock), state: lock, steps: trace(lock) }`. Without a state,
 * only the lanes show it.
 */
export interface Traced {
  readonly name: string;
  readonly state?: Observable<object>;
  readonly steps: Observable<TraceEvent>;
}

/** What a contestant needs: an HttpClient with its interceptors, and a recording of what it does. */
export class LiveRun {
  readonly http: HttpClient;
  readonly injector: EnvironmentInjector;
  private readonly withdrawals = new Map<string, ReplaySubject<void>>();

  constructor(
    readonly run: BegunRun,
    readonly recording: Recording,
    parent: EnvironmentInjector,
    interceptors: readonly HttpInterceptorFn[] = [],
    providers: readonly Provider[] = [],
  ) {
    const behind = [recordSent(recording), overAllOrigins(run.hosts.origins)];
    const client = provideHttpClient(withInterceptors([...interceptors, ...behind]));
    this.injector = createEnvironmentInjector([client, ...providers], parent);
    this.http = this.injector.get(HttpClient);
  }

  /** The address of a resource of the run, such as `/documents/1/edits/7`. */
  url(path: string): string {
    return `/api/runs/${this.run.id}${path}`;
  }

  /** Records what an actor asks for and how that ends. The button of its lane cancels it. */
  act<T>(actor: string): MonoTypeOperatorFunction<T> {
    return (source) =>
      defer(() => {
        const { recording } = this;
        recording.add(actor, 'asked');
        return source.pipe(
          tap({
            complete: () => {
              recording.add(actor, 'done');
            },
            error: () => {
              recording.add(actor, 'failed');
            },
            unsubscribe: () => {
              recording.add(actor, 'cancelled');
            },
          }),
        );
      }).pipe(takeUntil(this.withdrawn(actor)));
  }

  /** Emits when the user cancels the actor by the button of its lane, and to those who subscribe later. */
  withdrawn(actor: string): Observable<void> {
    return this.withdrawalOf(actor);
  }

  private withdrawalOf(actor: string): ReplaySubject<void> {
    let withdrawal = this.withdrawals.get(actor);
    if (withdrawal === undefined) {
      withdrawal = new ReplaySubject(1);
      this.withdrawals.set(actor, withdrawal);
    }
    return withdrawal;
  }

  /** Cancels an actor. If it waits where nothing can be cancelled, it is left out at its turn. */
  cancel(actor: string): void {
    this.withdrawalOf(actor).next();
    this.recording.add(actor, 'cancelled');
  }

  /** Records the steps of a primitive. */
  trace({ steps }: Traced): Observable<unknown> {
    return steps.pipe(
      tap((event) => {
        this.recording.addStep(event);
      }),
    );
  }
}

/** The text of the moment when a connection breaks. */
export const noConnection = 'no connection';

function recordSent(recording: Recording): HttpInterceptorFn {
  return (request, next) => {
    const name = `${request.method} ${request.url.replace(/^\/api\/runs\/[^/]+/, '')}`;
    return next(request).pipe(
      tap({
        next: ({ type }) => {
          if (type === HttpEventType.Sent) recording.addOf(name, 'sent');
        },
        error: ({ status }: HttpErrorResponse) => {
          if (status === 0) recording.addOf(name, 'refused', noConnection);
        },
      }),
    );
  };
}

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
