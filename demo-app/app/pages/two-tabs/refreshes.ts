import type { HttpClient } from '@angular/common/http';
import { signal } from '@angular/core';
import {
  concat,
  concatMap,
  defer,
  EMPTY,
  filter,
  finalize,
  forkJoin,
  ignoreElements,
  map,
  merge,
  type Observable,
  race,
  range,
  startWith,
  Subject,
  Subscription,
  switchMap,
  take,
  takeUntil,
  tap,
} from 'rxjs';

import type { LogEntry, Tokens } from '../../../backend/contract';
import type { Backend } from '../../run/backend';
import { errorText } from '../../shared/error-text';
import type { Result } from '../../stage/stage';
import type { Gathering } from './gathering';
import { countsOf, judgeRun, none, rounds, type SharedRun } from './judge';
import type { Body, Round } from './letters';
import { Part } from './part';
import type { Report } from './reports';
import type { Letter, Seat } from './room';
import { type RefreshWay, refreshWays } from './ways';

/**
 * Runs in which the token expires again and again, for all tabs of the room. The tab that begins a run conducts it:
 *
 * ```
 *   conductor   POST expire ─► round ─► its own part ─► all are done ─► GET log.json ─► run: the counts
 *   others                        └───► their part ───► done ┘                           └─► the same verdict
 * ```
 */
export class Refreshes {
  private readonly shared = signal<SharedRun | undefined>(undefined);
  private readonly error = signal<string | undefined>(undefined);
  private readonly table = signal<readonly Result<RefreshWay>[]>([]);
  private readonly ended = new Subject<void>();
  private running = Subscription.EMPTY;
  /** The tabs of the round before, in the run that this tab conducts. */
  private tabsBefore: readonly Seat[] = [];

  /** The latest run, of whatever tab. */
  readonly run = this.shared.asReadonly();
  readonly problem = this.error.asReadonly();
  readonly results = this.table.asReadonly();
  /** Emits the contestant of a run that begins. */
  readonly begun = new Subject<RefreshWay>();

  constructor(
    private readonly gathering: Gathering,
    private readonly http: HttpClient,
    private readonly backend: Backend,
  ) {}

  /** Conducts one run for each contestant. */
  begin(ways: readonly RefreshWay[]): void {
    const seat = this.gathering.seat();
    if (seat === undefined || this.shared()?.state === 'running') return;
    this.error.set(undefined);
    this.running.unsubscribe();
    this.running = concat(...ways.map((way) => this.conducted(seat, way))).subscribe({
      error: (error: unknown) => {
        this.end('stopped');
        this.error.set(errorText(error));
      },
    });
  }

  /** Stops the run, whatever tab conducts it. */
  stop(): void {
    this.gathering.say({ kind: 'stop' });
    this.end('stopped');
  }

  /** Takes part in the runs of other tabs. */
  attend(seat: Seat): Observable<unknown> {
    const heard = this.gathering.letters.pipe(
      tap(({ body }) => {
        const run = this.shared();
        if (body.kind === 'run') this.show(body.run);
        else if (run?.by.life !== seat.life) return;
        else if (body.kind === 'stop') this.end('stopped');
        else if (body.kind === 'here') this.gathering.say({ kind: 'run', run });
      }),
    );
    const rounds = this.gathering.letters.pipe(
      map(({ body }) => (body.kind === 'round' ? body.round : undefined)),
      filter((round) => round !== undefined),
      switchMap((round) => this.answered(seat, round)),
    );
    const deaths = this.gathering.gone.pipe(
      tap(({ life }) => {
        const run = this.shared();
        if (run?.state === 'running' && run.by.life === life) this.show({ ...run, state: 'stopped' });
      }),
    );
    return merge(heard, rounds, deaths).pipe(
      finalize(() => {
        this.end('stopped');
        this.running.unsubscribe();
      }),
    );
  }

  private conducted(seat: Seat, way: RefreshWay): Observable<unknown> {
    return this.backend.begin(1).pipe(
      switchMap(({ id }) => {
        this.share({ id, way: way.id, by: seat, tabs: this.gathering.tabs().length, state: 'running', counts: none });
        this.tabsBefore = [];
        return range(1, rounds).pipe(concatMap((number) => this.round(seat, way, id, number)));
      }),
      ignoreElements(),
      tap({
        complete: () => {
          this.end('ended');
        },
      }),
    );
  }

  /** A round ends when each tab has come to its end, or has gone. */
  private round(seat: Seat, way: RefreshWay, run: string, number: number): Observable<unknown> {
    const address = `api/runs/${run}`;
    return defer(() => {
      const tabs = this.gathering.tabs();
      const others = tabs.filter(({ life }) => life !== seat.life);
      return this.http.post<Tokens>(`${address}/rotation/expire`, { tabs: tabs.length }).pipe(
        concatMap(async (tokens) => {
          // A tab that closes during its refresh takes the new tokens along. Then the tabs that are left log in again.
          if (tabs !== this.tabsBefore) await way.refreshing.write(tokens);
          this.tabsBefore = tabs;
          return { run, way: way.id, number, access: tokens.access };
        }),
        concatMap((round) => {
          const ends = others.map((other) => race(this.doneBy(other, round), this.goneOf(other)).pipe(take(1)));
          const call = defer(() => {
            this.gathering.say({ kind: 'round', round });
            return [true];
          });
          return forkJoin([...ends, call, this.part(seat, way, round)]);
        }),
      );
    }).pipe(
      concatMap(() => this.http.get<LogEntry[]>(`${address}/log.json`)),
      tap((log) => {
        const shared = this.shared();
        if (shared?.id === run) this.share({ ...shared, counts: countsOf(log) });
      }),
    );
  }

  /** The reports are sent at the end: messages in the middle of the race would change who wins it. */
  private part({ tab }: Seat, { refreshing }: RefreshWay, round: Round): Observable<unknown> {
    return defer(() => {
      const reports: Report[] = [];
      const part = new Part(this.http, refreshing, round, tab, (kind, text) => {
        const report = this.gathering.reportOf(kind, text, round.run);
        if (report !== undefined) reports.push(report);
      });
      const publish = (): void => {
        this.gathering.publish(reports);
      };
      return part.play().pipe(takeUntil(this.ended), tap({ complete: publish, unsubscribe: publish }));
    });
  }

  /** Takes part in a round of another tab. */
  private answered(seat: Seat, round: Round): Observable<unknown> {
    const way = refreshWays.find(({ id }) => id === round.way);
    if (way === undefined) return EMPTY;
    return this.part(seat, way, round).pipe(
      tap(() => {
        this.gathering.say({ kind: 'done', round });
      }),
    );
  }

  private doneBy({ life }: Seat, { run, number }: Round): Observable<Letter<Body>> {
    return this.gathering.letters.pipe(
      filter(
        ({ from, body }) => from.life === life && body.kind === 'done' && body.round.run === run && body.round.number === number,
      ),
    );
  }

  /** Emits when the tab has gone, also if that was before. */
  private goneOf({ life }: Seat): Observable<unknown> {
    return this.gathering.gone.pipe(
      startWith(undefined),
      filter(() => this.gathering.tabs().every((tab) => tab.life !== life)),
    );
  }

  /** Ends the run that this tab conducts. */
  private end(state: 'ended' | 'stopped'): void {
    const run = this.shared();
    if (run?.state !== 'running' || run.by.life !== this.gathering.seat()?.life) return;
    if (state === 'stopped') this.running.unsubscribe();
    this.share({ ...run, state });
  }

  private share(run: SharedRun): void {
    this.show(run);
    this.gathering.say({ kind: 'run', run });
  }

  private show(run: SharedRun): void {
    const before = this.shared();
    this.shared.set(run);
    const way = refreshWays.find(({ id }) => id === run.way);
    if (run.id !== before?.id) {
      this.gathering.keepRun(run.id);
      if (run.state === 'running' && way !== undefined) this.begun.next(way);
    }
    if (run.state !== 'running') this.ended.next();
    if (run.state !== 'ended' || way === undefined) return;
    const { figures, verdict } = judgeRun(run);
    const others = this.table().filter(({ contestant }) => contestant !== way);
    this.table.set([...others, { contestant: way, figures, tone: verdict.tone }]);
  }
}
