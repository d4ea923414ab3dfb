import { catchError, concat, defer, EMPTY, merge, type Observable, Subject, takeUntil, tap } from 'rxjs';

import { outage } from '../../../backend/contract';
import { Typing } from '../../editor/typing';
import type { Period } from '../../lanes/lane';
import type { LiveRun } from '../../run/live-run';
import type { Recording } from '../../run/recording';
import type { Figure, Judgement, Scenario, Started } from '../../stage/scenario';
import { type AutosaveContestant, contestants } from './contestants';
import type { Edit } from './edit';
import { editOf, nameOf, numberOf, type Outcome, outcomeOf } from './outcome';

/** The times between the edits in milliseconds: four bursts of three. */
const pauses = [0, 80, 80, 640, 80, 80, 840, 80, 80, 640, 80, 80] as const;

/** Twelve edits of a draft, or what the user types, and a server that is down twice. */
export class Autosave implements Scenario<AutosaveContestant> {
  readonly contestants = contestants;
  readonly span = 4_500;
  readonly timeLimit = 30_000;
  readonly idle: Judgement = {
    verdict: {
      tone: 'idle',
      headline: 'Will the last edit be saved?',
      detail: 'Twelve edits come in four bursts. The server is down when the second and the fourth burst come.',
    },
    figures: figuresOf(undefined, false),
  };
  readonly periods = {
    label: 'the server is down',
    of: (recording: Recording): readonly Period[] =>
      recording.log().flatMap(({ kind, at }) => (kind === 'note' ? { from: at, to: at + outage } : [])),
  };

  readonly typing = new Typing('Whatever a busy server says, a draft must never lose its end', (edit) => pauses[edit] ?? 0);

  readonly actors = (): readonly string[] => this.typing.script.map((_, index) => nameOf(index + 1));

  readonly nameOf = (request: string): string | undefined => {
    const edit = editOf(request);
    return edit === undefined ? undefined : nameOf(edit);
  };

  start(contestant: AutosaveContestant, live: LiveRun): Started {
    return { events: new Draft(contestant, live).play(this.typing.texts()) };
  }

  judge(_contestant: AutosaveContestant, recording: Recording, isOver: boolean): Judgement {
    const outcome = outcomeOf(recording.log(), recording.moments());
    const { last, holds, refused } = outcome;
    const figures = figuresOf(outcome, isOver);
    const lost = recording.moments().filter(({ kind }) => kind === 'damage').length;
    const detail = `The server refused ${String(refused)} ${refused === 1 ? 'save' : 'saves'}.`;
    const held = holds === 0 ? 'nothing' : `edit ${String(holds)}`;
    if (isOver && holds >= last) {
      const headline = `Nothing lost: the server holds edit ${String(holds)}`;
      return { verdict: { tone: 'good', headline, detail }, figures };
    }
    if (isOver || lost > 0) {
      const headline = `Lost: the server holds ${held} of ${String(last)}`;
      return { verdict: { tone: 'bad', headline, detail }, figures };
    }
    return { verdict: { tone: 'busy', headline: `Edit ${String(last)} typed, the server holds ${held}`, detail }, figures };
  }
}

/** One run: the edits go to the contestant, and what becomes of each one is recorded. */
class Draft {
  private readonly edits = new Subject<Edit>();
  private readonly begun = new Set<number>();
  private readonly withdrawn = new Set<number>();
  private hasEnded = false;
  private holds = 0;
  private last = 0;

  constructor(
    private readonly contestant: AutosaveContestant,
    private readonly live: LiveRun,
  ) {}

  play(texts: Observable<string>): Observable<unknown> {
    const typing = texts.pipe(
      tap({
        next: (text) => {
          this.edit(text);
        },
        complete: () => {
          this.edits.complete();
        },
      }),
    );
    const saving = this.contestant
      .saveAll(this.edits, (edit) => this.save(edit))
      .pipe(
        catchError(() => {
          this.hasEnded = true;
          this.lose();
          return EMPTY;
        }),
      );
    const end = defer(() => {
      this.lose();
      return EMPTY;
    });
    return concat(merge(saving, typing), end);
  }

  private edit(text: string): void {
    const { live, contestant } = this;
    const number = ++this.last;
    const name = nameOf(number);
    live.recording.add(name, 'asked');
    live.withdrawn(name).subscribe(() => {
      this.withdrawn.add(number);
      live.recording.add(name, 'cancelled');
    });
    this.edits.next({ name, number, text });
    if (this.hasEnded) this.lose();
    else if (contestant.drops === true && !this.begun.has(number)) live.recording.add(name, 'cancelled', 'dropped');
  }

  private save({ name, number, text }: Edit): Observable<unknown> {
    const { live, contestant } = this;
    return defer(() => {
      this.begun.add(number);
      if (this.withdrawn.has(number)) return EMPTY;
      return live.http.put(live.url(`/drafts/${String(number)}`), { text }).pipe(
        tap({
          complete: () => {
            this.saved(number);
          },
          error: () => {
            if (contestant.backOff === undefined) live.recording.add(name, 'failed', 'given up');
          },
        }),
        takeUntil(live.withdrawn(name)),
      );
    });
  }

  /** An older edit that still waits need not be saved any more. */
  private saved(number: number): void {
    const { recording } = this.live;
    this.holds = Math.max(this.holds, number);
    recording.add(nameOf(number), 'done', 'saved');
    for (const actor of recording.open()) {
      if (numberOf(actor) < number) recording.add(actor, 'cancelled', `replaced by ${String(number)}`);
    }
  }

  /** Whatever was typed after the edit that the server holds is lost. */
  private lose(): void {
    const { recording } = this.live;
    const lost = new Set(recording.moments().flatMap(({ actor, kind }) => (kind === 'damage' ? actor : [])));
    for (let number = this.holds + 1; number <= this.last; number++) {
      const actor = nameOf(number);
      if (this.withdrawn.has(number) || lost.has(actor)) continue;
      recording.add(actor, 'damage', 'lost');
      recording.add(actor, 'failed');
    }
  }
}

function figuresOf(outcome: Outcome | undefined, isOver: boolean): readonly Figure[] {
  const labels = ['the server holds', 'lost edits', 'refused saves', 'waited after the last edit'] as const;
  if (outcome === undefined) return labels.map((label) => ({ label, value: '–' }));
  const { last, holds, refused, waited } = outcome;
  const lost = Math.max(0, last - holds);
  return [
    { label: labels[0], value: holds === 0 ? '–' : `edit ${String(holds)} of ${String(last)}` },
    { label: labels[1], value: isOver ? String(lost) : '–', ...(isOver && { tone: lost > 0 ? 'bad' : 'good' }) },
    { label: labels[2], value: String(refused) },
    { label: labels[3], value: waited === null ? (isOver ? 'for ever' : '–') : `${(waited / 1_000).toFixed(1)} s` },
  ];
}
