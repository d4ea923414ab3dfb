import type { HttpContext, HttpRequest } from '@angular/common/http';
import { InjectionToken } from '@angular/core';
import { Subject, type ObservableInput } from 'rxjs';
import type { TokenSession } from 'rxjs-locks/angular';

/** A session whose refreshes a spec ends by hand. */
export class Session implements TokenSession<string> {
  /** The present token, or null. */
  current: string | null = 'old';
  user = 1;
  /** The refreshes so far. */
  readonly refreshes: { readonly context: HttpContext; readonly token: string; readonly answer: Subject<unknown> }[] = [];
  /** The requests that it has attached a token to, with the headers that they had before. */
  readonly attached: HttpRequest<unknown>[] = [];

  token(): string | null {
    return this.current;
  }

  owner(_token: string): unknown {
    return this.user;
  }

  attach(request: HttpRequest<unknown>, token: string): HttpRequest<unknown> {
    this.attached.push(request);
    return request.clone({ setHeaders: { Authorization: token } });
  }

  refresh(context: HttpContext, token: string): ObservableInput<unknown> {
    const answer = new Subject<unknown>();
    this.refreshes.push({ context, token, answer });
    return answer;
  }

  /** Ends the last refresh, with a new token. */
  refreshed(token: string | null): void {
    this.current = token;
    this.refreshes.at(-1)?.answer.complete();
  }

  /** Fails the last refresh. */
  failed(error: unknown): void {
    this.refreshes.at(-1)?.answer.error(error);
  }
}

export const SESSION = new InjectionToken<Session>('SESSION', { providedIn: 'root', factory: () => new Session() });
