import type { HttpEvent } from '@angular/common/http';
import { computed, signal } from '@angular/core';
import { catchError, concat, defer, EMPTY, ignoreElements, merge, type Observable, switchMap, tap, timer } from 'rxjs';

import type { DownloadStats, Run } from '../../api';
import { LaneBoard } from '../lanes/lane-board';
import { errorText } from '../shared/error-text';
import { stopped, unfinished } from '../shared/unfinished';
import type { Verdict } from '../shared/verdict';
import type { DownloadService } from './download-service';
import { downloadVerdict } from './download-verdict';

export type Download = (run: Run, file: number, fail: boolean) => Observable<HttpEvent<unknown>>;

export const files: readonly number[] = Array.from({ length: 40 }, (_, index) => index + 1);
const idle: Verdict = { tone: 'idle', headline: 'Not run yet.', detail: 'Choose a limit and press Run.' };
const busy: Verdict = {
  tone: 'busy',
  headline: 'Downloading.',
  detail: 'The server reports when the last download has ended.',
};
const urgentAfter = 50;
const refusedEvery = 10;

/** The forty downloads, with or without a limit, and their results. */
export class Batch {
  readonly board = new LaneBoard();
  private readonly current = signal<Run | null>(null);
  private readonly serverStats = signal<DownloadStats | null>(null);
  private readonly limit = signal<number | null>(null);
  private readonly errors = signal<readonly string[]>([]);
  /** The verdict until the server reports. An interrupted run gets no report. */
  private readonly verdictWithoutStats = signal(idle);

  readonly run = this.current.asReadonly();
  /** The server's counts, requested when all downloads have ended. */
  readonly stats = this.serverStats.asReadonly();
  readonly problems = this.errors.asReadonly();
  readonly progress = computed(() => (this.board.ended() / files.length) * 100);
  readonly verdict = computed((): Verdict => {
    const stats = this.stats();
    return stats === null ? this.verdictWithoutStats() : downloadVerdict(stats, this.limit());
  });

  constructor(
    private readonly downloads: DownloadService,
    private readonly get: Download,
  ) {}

  /** Downloads all files, and completes when the server has reported its counts. */
  start(seed: number, limit: number | null, refusing: boolean): Observable<never> {
    return defer(() => {
      this.limit.set(limit);
      this.verdictWithoutStats.set(busy);
      return this.downloads.begin(seed);
    }).pipe(
      switchMap((run) => {
        this.current.set(run);
        return concat(merge(this.all(run, refusing), this.urgent(run)), this.ask(run));
      }),
      tap({
        error: () => {
          this.verdictWithoutStats.set(unfinished);
        },
        unsubscribe: () => {
          this.verdictWithoutStats.set(stopped);
        },
      }),
      catchError((error: unknown) => this.show(error)),
    );
  }

  clear(): void {
    this.board.clear();
    this.current.set(null);
    this.serverStats.set(null);
    this.errors.set([]);
    this.verdictWithoutStats.set(idle);
  }

  private all(run: Run, refusing: boolean): Observable<never> {
    const each = files.map((file) =>
      this.get(run, file, refusing && file % refusedEvery === 0).pipe(
        this.board.track(`file ${String(file)}`),
        catchError((error: unknown) => this.show(error)),
      ),
    );
    return merge(...each).pipe(ignoreElements());
  }

  private urgent(run: Run): Observable<never> {
    return timer(urgentAfter).pipe(
      switchMap(() => this.downloads.urgent(run)),
      ignoreElements(),
    );
  }

  private ask(run: Run): Observable<never> {
    return this.downloads.stats(run).pipe(
      tap((stats) => {
        this.serverStats.set(stats);
      }),
      ignoreElements(),
    );
  }

  private show(error: unknown): Observable<never> {
    this.errors.update((errors) => [...errors, errorText(error)]);
    return EMPTY;
  }
}
