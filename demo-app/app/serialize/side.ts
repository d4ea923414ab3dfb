import type { HttpEvent } from '@angular/common/http';
import { computed, type Signal, signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { catchError, EMPTY, ignoreElements, type Observable, of, switchMap, tap } from 'rxjs';

import type { Edit, Run } from '../../api';
import { LaneBoard } from '../lanes/lane-board';
import { errorText } from '../shared/error-text';
import type { Verdict } from '../shared/verdict';
import type { DocumentService } from './document-service';
import { documentVerdict } from './document-verdict';

export type Save = (run: Run, edit: Edit, fail: boolean) => Observable<HttpEvent<unknown>>;

const idle: Verdict = { tone: 'idle', headline: 'Not run yet.', detail: 'Press Run, or type into the editor.' };
const busy: Verdict = { tone: 'busy', headline: 'Saving.', detail: 'The server is asked when the last save has ended.' };

/** One of the two ways to save the same edits, and what has become of it. Made in an injection context. */
export class Side {
  readonly board = new LaneBoard();
  private readonly current = signal<Run | null>(null);
  private readonly errors = signal<readonly string[]>([]);

  readonly run = this.current.asReadonly();
  readonly problems = this.errors.asReadonly();
  /** The server's word, asked for whenever nothing is under way any more. */
  readonly report;
  readonly verdict;

  constructor(
    private readonly documents: DocumentService,
    private readonly put: Save,
    typing: Signal<boolean>,
  ) {
    const settled = computed(() => (typing() || this.board.underWay() > 0 ? null : this.run()));
    this.report = toSignal(
      toObservable(settled).pipe(
        switchMap((run) =>
          run === null ? of(null) : documents.report(run).pipe(catchError((error: unknown) => this.show(error))),
        ),
      ),
      { initialValue: null },
    );
    this.verdict = computed((): Verdict => {
      const report = this.report();
      if (report !== null) return documentVerdict(report);
      return this.run() === null ? idle : busy;
    });
  }

  begin(seed: number): Observable<Run> {
    return this.documents.begin(seed).pipe(
      tap({
        error: (error: unknown) => {
          this.show(error);
        },
      }),
    );
  }

  /** Completes when the save has ended, well or badly: an error is shown, and the other saves go on. */
  save(run: Run, edit: Edit, fail: boolean): Observable<never> {
    this.current.set(run);
    return this.put(run, edit, fail).pipe(
      this.board.track(`edit ${String(edit.revision)}`),
      catchError((error: unknown) => this.show(error)),
      ignoreElements(),
    );
  }

  clear(): void {
    this.current.set(null);
    this.errors.set([]);
    this.board.clear();
  }

  private show(error: unknown): Observable<never> {
    this.errors.update((errors) => [...errors, errorText(error)]);
    return EMPTY;
  }
}
