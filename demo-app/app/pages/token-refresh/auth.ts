import { HttpClient, HttpContext, type HttpRequest } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { map, type Observable, tap } from 'rxjs';
import type { TokenSession } from 'rxjs-locks/angular';

export interface Token {
  readonly access: string;
  readonly refresh: string;
}

/** The session of the application: all contestants use this service. */
@Injectable()
export class Auth implements TokenSession<Token> {
  current: Token | null = null;
  /** Where the requests of the session go. */
  url = '';
  private readonly http = inject(HttpClient);

  token(): Token | null {
    return this.current;
  }

  owner(): string {
    return 'the user';
  }

  attach(request: HttpRequest<unknown>, token: Token): HttpRequest<unknown> {
    return request.clone({ setHeaders: { Authorization: `Bearer ${token.access}` } });
  }

  refresh(context = new HttpContext(), { refresh } = this.current ?? { refresh: '' }): Observable<Token> {
    return this.http.post<Token>(`${this.url}/refresh`, { refresh }, { context }).pipe(
      tap((token) => {
        this.current = token;
      }),
    );
  }

  begin(trouble: string): Observable<void> {
    return this.http.post<Token>(this.url, { trouble }).pipe(
      map((token) => {
        this.current = token;
      }),
    );
  }

  logout(): void {
    this.current = null;
  }
}

/** The requests that need a token. */
export const isItem = (request: HttpRequest<unknown>): boolean => request.url.includes('/items/');
