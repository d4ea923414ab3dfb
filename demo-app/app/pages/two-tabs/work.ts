import { type HttpClient, HttpErrorResponse } from '@angular/common/http';
import { computed, signal } from '@angular/core';
import {
  catchError,
  defer,
  EMPTY,
  exhaustMap,
  finalize,
  map,
  merge,
  type Observable,
  startWith,
  Subject,
  switchMap,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { LockLostError } from 'rxjs-locks';

import type { Steps } from '../../../backend/contract';
import { errorText } from '../../shared/error-text';
import { inOneTab, stolen } from './contestants/one-tab';
import type { Gathering } from './gathering';
import { workerIn } from './reports';
import type { Seat } from './room';

/** The milliseconds between two steps. Browsers make it a second in a hidden tab. */
const pause = 250;

/** A work that is to be done in one tab at a time: steps at the server, which counts them. */
export class Work {
  private readonly counted = signal<Steps | undefined>(undefined);
  private readonly error = signal<string | undefined>(undefined);
  private readonly thefts = new Subject<void>();

  readonly steps = this.counted.asReadonly();
  /** Why the server does not count, if it does not. */
  readonly problem = this.error.asReadonly();
  readonly worker = computed(() => workerIn(this.gathering.reports()));
  /** Whether another tab has the lock. */
  readonly canSteal = computed(() => {
    const worker = this.worker();
    return worker !== undefined && worker.life !== this.gathering.seat()?.life;
  });
  readonly lockName: string;

  constructor(
    private readonly gathering: Gathering,
    private readonly http: HttpClient,
  ) {
    this.lockName = gathering.nameOf('work');
  }

  /** Takes the lock from the tab that has it. */
  steal(): void {
    this.thefts.next();
  }

  /** Stands in the queue, and works in its turn. */
  attend(seat: Seat): Observable<unknown> {
    const term = this.term(seat);
    const standing = inOneTab(this.lockName, term, this.lost);
    const stealing = stolen(this.lockName, term).pipe(
      catchError((error: unknown) => {
        if (!(error instanceof LockLostError)) throw error;
        this.lost(error);
        return standing;
      }),
    );
    const heard = this.gathering.letters.pipe(
      tap(({ body }) => {
        if (body.kind === 'steps') this.counted.set(body.steps);
      }),
    );
    const turns = defer(() => {
      this.gathering.report('queued');
      return this.thefts.pipe(
        map(() => stealing),
        startWith(standing),
        switchMap((turn) => turn),
      );
    });
    return merge(heard, turns);
  }

  private readonly lost = (error: LockLostError): void => {
    this.gathering.report('failed', `${error.name}: ${error.message}`);
    this.gathering.report('progress', error.name);
    this.gathering.report('queued');
  };

  /** What a tab does while it has the lock. */
  private term(seat: Seat): Observable<unknown> {
    return defer(() => {
      const id = crypto.randomUUID();
      this.gathering.report('progress', '');
      this.gathering.report('granted');
      return timer(0, pause).pipe(
        exhaustMap(() => this.step(seat, id)),
        tap((steps) => {
          this.counted.set(steps);
          this.gathering.say({ kind: 'steps', steps });
        }),
        finalize(() => {
          this.gathering.report('released');
        }),
      );
    });
  }

  private step({ tab }: Seat, term: string): Observable<Steps> {
    const room = `api/runs/${this.gathering.name}`;
    const send = this.http.post<Steps>(`${room}/steps`, { tab, term });
    const begin = this.http.put(room, null).pipe(switchMap(() => send));
    const isFirst = this.counted() === undefined;
    return (isFirst ? begin : send).pipe(
      // The server has been started again.
      catchError((error: unknown) => (isUnknown(error) ? begin : throwError(() => error))),
      tap(() => {
        this.error.set(undefined);
      }),
      catchError((error: unknown) => {
        this.error.set(errorText(error));
        return EMPTY; // the next step is sent all the same
      }),
    );
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof HttpErrorResponse && error.status === 404;
}
