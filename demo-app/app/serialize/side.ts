import type { HttpEvent } from '@angular/common/http';
import { computed, type Signal, signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { catchError, EMPTY, ignoreElements, type Observable, of, switchMap, tap } from 'rxjs';

import type { Edit, Run } from '../../api';
import { LaneBoard } from '../lanes/lane-board';
import { errorText } from '../shared/error-text';
import { stopped, unfinished } from '../shared/unfinished';
import type { Verdict } from '../shared/verdict';
import type { DocumentService } from './document-service';
import { documentVerdict } from './document-verdict';

export type Save = (run: Run, edit: Edit, fail: boolean) => Observable<HttpEvent<unknown>>;

const idle: Verdict = { tone: 'idle', headline: 'Not run yet.', detail: 'Press Run, or type into the editor.' };
const busy: Verdict = { tone: 'busy', headline: 'Saving.', detail: 'The server reports when the last save has ended.' };

/** Saves the edits with or without the lock, and holds the results. Needs an injection context. */
export class Side {
  readonly board = new LaneBoard();
  private readonly current = signal<Run | null>(null);
  private readonly errors = signal<readonly string[]>([]);
  private readonly edited = signal(0);
  /** The verdict on an interrupted run, which overrides the server's report; null if the run was not interrupted. */
  private readonly interruption = signal<Verdict | null>(null);

  readonly run = this.current.asReadonly();
  readonly problems = this.errors.asReadonly();
  /** The server's report, requested when no save is active. */
  readonly report;
  readonly verdict;

  constructor(
    private readonly documents: DocumentService,
    private readonly put: Save,
    private readonly typing: Signal<boolean>,
  ) {
    const endedRun = computed(() => (typing() || this.board.active() > 0 ? null : this.run()));
    this.report = toSignal(
      toObservable(endedRun).pipe(
        switchMap((run) =>
          run === null ? of(null) : documents.report(run).pipe(catchError((error: unknown) => this.fail(error))),
        ),
      ),
      { initialValue: null },
    );
    this.verdict = computed((): Verdict => {
      const [interruption, report] = [this.interruption(), this.report()];
      if (interruption !== null) return interruption;
      if (report !== null) return documentVerdict(report, this.edited());
      return this.run() === null ? idle : busy;
    });
  }

  begin(seed: number): Observable<Run> {
    return this.documents.begin(seed).pipe(
      tap({
        error: (error: unknown) => {
          this.fail(error);
        },
      }),
    );
  }

  /** Completes when the save completes or fails. An error is shown, and the other saves continue. */
  save(run: Run, edit: Edit, fail: boolean): Observable<never> {
    this.current.set(run);
    this.edited.set(edit.revision);
    this.interruption.set(null);
    return this.put(run, edit, fail).pipe(
      this.board.track(`edit ${String(edit.revision)}`),
      catchError((error: unknown) => this.show(error)),
      ignoreElements(),
    );
  }

  /** Marks an active run as stopped. The caller then unsubscribes its saves. */
  stop(): void {
    if (this.typing() || this.board.active() > 0) this.interruption.set(stopped);
  }

  clear(): void {
    this.current.set(null);
    this.interruption.set(null);
    this.errors.set([]);
    this.board.clear();
  }

  private fail(error: unknown): Observable<never> {
    this.interruption.set(unfinished);
    return this.show(error);
  }

  private show(error: unknown): Observable<never> {
    this.errors.update((errors) => [...errors, errorText(error)]);
    return EMPTY;
  }
}
