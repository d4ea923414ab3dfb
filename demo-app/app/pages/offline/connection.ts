import { HttpClient } from '@angular/common/http';
import { inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { catchError, defer, fromEvent, merge, type Observable, of, tap } from 'rxjs';

/**
 * The connection of the page. A page cannot take its browser off the net. So the server hangs up, and the page says in the name of
 * the browser that it is offline. The browser's own events count as well.
 *
 * ```
 *   switch ──► PUT /line ──► the server hangs up on each request of the run
 *     └──────► navigator.onLine, offline, online ──┐
 *   browser ─► navigator.onLine, offline, online ──┴──► ONLINE, fromEvent(window, …), isUp
 * ```
 */
export class Connection {
  private readonly http = inject(HttpClient);
  private readonly up = signal(navigator.onLine);
  readonly isUp = this.up.asReadonly();

  constructor() {
    merge(fromEvent(window, 'online'), fromEvent(window, 'offline'))
      .pipe(takeUntilDestroyed())
      .subscribe(() => {
        this.up.set(navigator.onLine);
      });
  }

  /** Cuts the connection of a run, or mends it. The server comes first: the events of a browser come late too. */
  change(run: string, up: boolean): Observable<unknown> {
    return defer(() => this.http.put(`api/runs/${run}/line`, { up })).pipe(
      catchError(() => of(undefined)), // the browser is really offline
      tap(() => {
        this.announce(up);
      }),
    );
  }

  /** Says what a browser says that is offline, or online again. */
  announce(up: boolean): void {
    if (up) Reflect.deleteProperty(navigator, 'onLine');
    else Object.defineProperty(navigator, 'onLine', { configurable: true, value: false });
    window.dispatchEvent(new Event(up ? 'online' : 'offline'));
  }
}
