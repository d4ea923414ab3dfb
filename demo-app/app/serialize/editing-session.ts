import { computed, inject, Injectable, type OnDestroy, signal } from '@angular/core';
import {
  catchError,
  combineLatest,
  EMPTY,
  finalize,
  merge,
  type Observable,
  shareReplay,
  Subscription,
  switchMap,
  take,
  timer,
} from 'rxjs';

import type { Run } from '../../api';
import { DocumentService } from './document-service';
import { Side } from './side';

export const sentence = 'A lock has one holder at a time and other callers wait in a queue until the holder releases it';
const words = sentence.split(' ');
const typingInterval = 100;
/** Not a divisor of twenty, so that the server accepts the last edit, which decides the verdict. */
const refusedEvery = 7;

type Runs = readonly [unlocked: Run, locked: Run];

/** A document that is typed once. Each edit is saved with and without the lock. */
@Injectable()
export class EditingSession implements OnDestroy {
  private readonly documents = inject(DocumentService);
  private readonly isTyping = signal(false);
  private readonly typed = signal('');
  private subscription = new Subscription();
  private runs: Observable<Runs> | null = null;
  private revision = 0;

  readonly text = this.typed.asReadonly();
  readonly typing = this.isTyping.asReadonly();
  /** Whether to make the server refuse every seventh edit. */
  readonly refusing = signal(false);
  readonly lockState = this.documents.lockState;
  readonly unlockedSide = new Side(this.documents, (...save) => this.documents.saveWithoutLock(...save), this.typing);
  readonly lockedSide = new Side(this.documents, (...save) => this.documents.saveWithLock(...save), this.typing);
  readonly busy = computed(() => this.typing() || this.unlockedSide.board.active() + this.lockedSide.board.active() > 0);

  /** Types twenty edits, one word each, faster than the server saves them. */
  play(): void {
    this.clear();
    this.isTyping.set(true);
    const typing = this.startedRuns().pipe(
      switchMap(() => timer(0, typingInterval)),
      take(words.length),
      finalize(() => {
        this.isTyping.set(false);
      }),
    );
    this.subscription.add(
      typing.subscribe((index) => {
        this.edit(words.slice(0, index + 1).join(' '));
      }),
    );
  }

  /** Saves the current document with and without the lock. */
  edit(text: string): void {
    this.typed.set(text);
    this.revision += 1;
    const edit = { revision: this.revision, text };
    const fail = this.refusing() && edit.revision % refusedEvery === 0;
    const saves = this.startedRuns().pipe(
      switchMap(([unlocked, locked]) =>
        merge(this.unlockedSide.save(unlocked, edit, fail), this.lockedSide.save(locked, edit, fail)),
      ),
    );
    this.subscription.add(saves.subscribe());
  }

  /** Cancels all active saves. */
  stop(): void {
    this.unlockedSide.stop();
    this.lockedSide.stop();
    const stopped = this.subscription;
    this.subscription = new Subscription();
    stopped.unsubscribe();
  }

  /** Stops, and starts over with an empty document. */
  clear(): void {
    this.stop();
    this.unlockedSide.clear();
    this.lockedSide.clear();
    this.runs = null;
    this.revision = 0;
    this.typed.set('');
  }

  ngOnDestroy(): void {
    this.subscription.unsubscribe();
  }

  /**
   * A run for each side. Both have the same seed, so that their saves have the same latencies. If the server fails to start the
   * runs, the sides show the error and the next edit retries: shareReplay does not replay an error.
   */
  private startedRuns(): Observable<Runs> {
    const seed = Math.floor(Math.random() * 2 ** 32);
    this.runs ??= combineLatest([this.unlockedSide.begin(seed), this.lockedSide.begin(seed)]).pipe(shareReplay(1));
    return this.runs.pipe(catchError(() => EMPTY));
  }
}
