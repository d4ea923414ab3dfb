import { signal } from '@angular/core';
import { concatMap, debounceTime, delay, from, merge, NEVER, type Observable, of, ReplaySubject, takeUntil, tap } from 'rxjs';

/** Who types by hand has finished after this time. */
const finished = 1_500;

/** What a run of a page is to the one who types. */
interface Runner {
  isRunning(): boolean;
  run(): void;
}

/** The texts of an editor: a script types them, one more word each time, or the user does. */
export class Typing {
  /** What is in the editor. */
  readonly text = signal('');
  readonly script: readonly string[];
  private typed = new ReplaySubject<string>();
  private isByHand = false;
  private isByHandNext = false;

  /** @param pauseBefore - the time in milliseconds before an edit of the script, counted from 0. */
  constructor(
    sentence: string,
    private readonly pauseBefore: (edit: number) => number,
  ) {
    const words = sentence.split(' ');
    this.script = words.map((_, index) => words.slice(0, index + 1).join(' '));
  }

  /** The user types. The first letter starts a run. */
  type(text: string, stage: Runner): void {
    if (!this.isByHand || !stage.isRunning()) {
      this.typed = new ReplaySubject();
      this.isByHand = this.isByHandNext = true;
      stage.run();
    }
    this.text.set(text);
    this.typed.next(text);
  }

  /** The texts of the run that begins. */
  texts(): Observable<string> {
    this.isByHand = this.isByHandNext;
    this.isByHandNext = false;
    return this.isByHand ? untilFinished(this.typed) : this.scripted();
  }

  private scripted(): Observable<string> {
    return from(this.script).pipe(
      concatMap((text, index) => of(text).pipe(delay(this.pauseBefore(index)))),
      tap((text) => {
        this.text.set(text);
      }),
    );
  }
}

function untilFinished(texts: Observable<string>): Observable<string> {
  return merge(texts, NEVER).pipe(takeUntil(texts.pipe(debounceTime(finished))));
}
