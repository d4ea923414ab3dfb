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

export const sentence = 'A lock lets one caller in at a time and the others wait in line until it is their turn';
const words = sentence.split(' ');
const typingInterval = 100;
/** Seven does not divide twenty: the edit that decides is one that the server accepts. */
const refusedEvery = 7;

type Runs = readonly [atOnce: Run, inTurn: Run];

/** A document that is typed once and saved both ways, edit by edit. */
@Injectable()
export class EditingSession implements OnDestroy {
  private readonly documents = inject(DocumentService);
  private readonly isTyping = signal(false);
  private readonly typed = signal('');
  private work = new Subscription();
  private runs: Observable<Runs> | null = null;
  private revision = 0;

  readonly text = this.typed.asReadonly();
  readonly typing = this.isTyping.asReadonly();
  /** Whether the server is to refuse every seventh edit. */
  readonly refusing = signal(false);
  readonly lockState = this.documents.lockState;
  readonly atOnce = new Side(this.documents, (...save) => this.documents.saveAtOnce(...save), this.typing);
  readonly inTurn = new Side(this.documents, (...save) => this.documents.saveInTurn(...save), this.typing);
  readonly busy = computed(() => this.typing() || this.atOnce.board.underWay() + this.inTurn.board.underWay() > 0);

  /** Types twenty edits, one word each, faster than the server saves them. */
  play(): void {
    this.clear();
    this.isTyping.set(true);
    const typing = this.begun().pipe(
      switchMap(() => timer(0, typingInterval)),
      take(words.length),
      finalize(() => {
        this.isTyping.set(false);
      }),
    );
    this.work.add(
      typing.subscribe((index) => {
        this.edit(words.slice(0, index + 1).join(' '));
      }),
    );
  }

  /** Saves the document as it is now, both ways. */
  edit(text: string): void {
    this.typed.set(text);
    this.revision += 1;
    const edit = { revision: this.revision, text };
    const fail = this.refusing() && edit.revision % refusedEvery === 0;
    const saves = this.begun().pipe(
      switchMap(([atOnce, inTurn]) => merge(this.atOnce.save(atOnce, edit, fail), this.inTurn.save(inTurn, edit, fail))),
    );
    this.work.add(saves.subscribe());
  }

  /** Unsubscribes all that is under way. */
  stop(): void {
    this.atOnce.stop();
    this.inTurn.stop();
    const stopped = this.work;
    this.work = new Subscription();
    stopped.unsubscribe();
  }

  /** Goes back to an empty document. */
  clear(): void {
    this.stop();
    this.atOnce.clear();
    this.inTurn.clear();
    this.runs = null;
    this.revision = 0;
    this.typed.set('');
  }

  ngOnDestroy(): void {
    this.work.unsubscribe();
  }

  /**
   * A run for each side. Both get the same seed, so that their saves meet the same latencies. Where the server could
   * not begin them, which the sides show, the next edit tries again: shareReplay forgets an error.
   */
  private begun(): Observable<Runs> {
    const seed = Math.floor(Math.random() * 2 ** 32);
    this.runs ??= combineLatest([this.atOnce.begin(seed), this.inTurn.begin(seed)]).pipe(shareReplay(1));
    return this.runs.pipe(catchError(() => EMPTY));
  }
}
