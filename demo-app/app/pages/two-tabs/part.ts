import { type HttpClient, HttpErrorResponse } from '@angular/common/http';
import { catchError, concatMap, defer, finalize, first, type Observable, of, repeat, tap, throwError, timeout } from 'rxjs';

import type { Tokens } from '../../../backend/contract';
import type { MomentKind } from '../../run/moment';
import { errorText } from '../../shared/error-text';
import type { Round } from './letters';
import type { Refreshing } from './ways';

/** In milliseconds. A copy of `localStorage` that has no news by then has none in this round. */
const patience = 2_000;

/**
 * The part of one tab in a round. It emits once, at the end.
 *
 * ```
 *   request ─► 401 ─► renewed(): lock, look ─┬─ another token is there ─────► request again
 *                                            └─ the token that failed ─► refresh ─┘
 * ```
 */
export class Part {
  private readonly address: string;

  constructor(
    private readonly http: HttpClient,
    private readonly refreshing: Refreshing,
    private readonly round: Round,
    private readonly tab: number,
    private readonly report: (kind: MomentKind, text?: string) => void,
  ) {
    this.address = `api/runs/${round.run}`;
  }

  play(): Observable<unknown> {
    return defer(() => {
      this.report('asked');
      return this.settled();
    }).pipe(
      concatMap((tokens) =>
        this.send(tokens).pipe(
          catchError((error: unknown) =>
            isExpired(error) ? this.renewed(tokens).pipe(concatMap((renewed) => this.send(renewed))) : throwError(() => error),
          ),
        ),
      ),
      tap(() => {
        this.report('done', 'answered');
      }),
      catchError((error: unknown) => {
        this.report('failed', 'logged out');
        return of(error);
      }),
    );
  }

  /** All tabs begin with the same tokens: a round does not suffer from the one before. */
  private settled(): Observable<Tokens> {
    const stored = defer(async () => this.refreshing.read());
    return stored.pipe(
      repeat({ delay: 10 }),
      first(({ access }) => access === this.round.access),
      timeout({ first: patience, with: () => stored }),
    );
  }

  private send({ access }: Tokens): Observable<unknown> {
    return defer(() => {
      this.report('sent');
      const headers = { Authorization: `Bearer ${access}` };
      return this.http.get(`${this.address}/profile/${String(this.tab)}`, { headers });
    });
  }

  private renewed(failed: Tokens): Observable<Tokens> {
    return defer(() => {
      this.report('queued');
      return this.refreshing.renewed(failed, (tokens) => this.refresh(tokens));
    }).pipe(
      finalize(() => {
        this.report('released');
      }),
    );
  }

  private refresh({ refresh }: Tokens): Observable<Tokens> {
    return defer(() => {
      this.report('granted');
      this.report('arrived');
      return this.http.post<Tokens>(`${this.address}/rotation/refresh/${String(this.tab)}`, { refresh });
    }).pipe(
      tap({
        next: () => {
          this.report('answered');
        },
        error: (error: unknown) => {
          this.report('refused', errorText(error));
        },
      }),
    );
  }
}

function isExpired(error: unknown): boolean {
  return error instanceof HttpErrorResponse && error.status === 401;
}
