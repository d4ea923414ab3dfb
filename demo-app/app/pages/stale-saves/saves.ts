import { signal } from '@angular/core';
import { concatMap, debounceTime, delay, from, map, merge, NEVER, type Observable, of, ReplaySubject, takeUntil } from 'rxjs';

import type { LiveRun, Traced } from '../../run/live-run';
import type { Recording } from '../../run/recording';
import type { Figure, Judgement, Scenario } from '../../stage/scenario';
import { contestants, type SaveContestant } from './contestants';
import type { Edit } from './edit';

const words = 'An older save must never overwrite a newer one in this document'.split(' ');

/** The text after each edit: one more word. */
const script = words.map((_, index) => words.slice(0, index + 1).join(' '));

/** The time between two edits in milliseconds, and the pause after every fourth one: people stop to think. */
const pace = { edit: 80, pause: 400 } as const;

/** Who types by hand has finished after this time. */
const finished = 1_500;

/** Twelve edits of a document, or what the user types. */
export class Saves implements Scenario<SaveContestant> {
  readonly contestants = contestants;
  readonly span = 3_000;
  readonly timeLimit = 20_000;
  readonly idle: Judgement = {
    verdict: {
      tone: 'idle',
      headline: 'Which edit will the server hold?',
      detail: 'Twelve edits are saved while the user types. Every fourth save is slow, so that you need not wait for bad luck.',
    },
    figures: figuresOf(undefined),
  };

  /** What is in the editor. */
  readonly text = signal('');
  private typed = new ReplaySubject<string>();
  private isTypedNext = false;

  readonly actors = (): readonly string[] => script.map((_, index) => nameOf(index + 1));

  readonly nameOf = (request: string): string | undefined => {
    const edit = editOf(request);
    return edit === undefined ? undefined : nameOf(edit);
  };

  /** The next run takes what the user types, from the first letter on. */
  type(text: string): void {
    this.text.set(text);
    this.typed.next(text);
  }

  expectTyping(): void {
    this.typed = new ReplaySubject();
    this.isTypedNext = true;
  }

  start(contestant: SaveContestant, live: LiveRun): { events: Observable<unknown>; primitives: readonly Traced[] } {
    const texts = this.isTypedNext ? untilFinished(this.typed) : this.scripted();
    let number = 0;
    const edits = texts.pipe(
      map((text): Edit => {
        number += 1;
        const name = nameOf(number);
        return { name, number, text, withdrawn: live.withdrawn(name) };
      }),
    );
    const save = ({ name, number: edit, text }: Edit): Observable<unknown> =>
      live.http.put(live.url(`/documents/1/edits/${String(edit)}`), { text }).pipe(live.act(name));
    this.isTypedNext = false;
    return { events: contestant.saveAll(edits, save), primitives: contestant.primitives ?? [] };
  }

  judge(_contestant: SaveContestant, recording: Recording, isOver: boolean): Judgement {
    const outcome = outcomeOf(recording);
    const figures = figuresOf(outcome);
    const { last, commits, overwrites } = outcome;
    const holds = commits.at(-1) ?? 0;
    const order = `Commits in order: ${commits.join(' ') || 'none yet'}.`;
    if (overwrites > 0) {
      const headline =
        isOver && holds < last
          ? `Stale: the server holds edit ${String(holds)} of ${String(last)}`
          : `${String(overwrites)} newer saves overwritten`;
      return { verdict: { tone: 'bad', headline, detail: order }, figures };
    }
    if (!isOver)
      return {
        verdict: { tone: 'busy', headline: `Edit ${String(last)} typed, the server holds ${String(holds)}`, detail: order },
        figures,
      };
    return { verdict: { tone: 'good', headline: `Right: the server holds edit ${String(holds)}`, detail: order }, figures };
  }

  private scripted(): Observable<string> {
    return from(script).pipe(
      concatMap((text, index) => of(text).pipe(delay(index === 0 ? 0 : index % 4 === 3 ? pace.pause : pace.edit))),
      map((text) => {
        this.text.set(text);
        return text;
      }),
    );
  }
}

function untilFinished(texts: Observable<string>): Observable<string> {
  return merge(texts, NEVER).pipe(takeUntil(texts.pipe(debounceTime(finished))));
}

function nameOf(edit: number): string {
  return `edit ${String(edit)}`;
}

function editOf(request: string): number | undefined {
  const found = /^PUT .*\/edits\/(\d+)$/.exec(request);
  return found === null ? undefined : Number(found[1]);
}

interface Outcome {
  readonly last: number;
  readonly reached: number;
  readonly commits: readonly number[];
  readonly overwrites: number;
  /** From the last edit until the server held it; null if it does not. */
  readonly waited: number | null;
}

/** What the server's log says. */
function outcomeOf(recording: Recording): Outcome {
  const log = recording.log();
  const of = (kind: string): number[] =>
    log.filter((entry) => entry.kind === kind).flatMap(({ request }) => editOf(request) ?? []);
  const commits = of('answered');
  const edits = recording.moments().filter(({ kind }) => kind === 'asked' || kind === 'queued');
  const last = Math.max(0, ...edits.map(({ actor }) => Number(actor.slice('edit '.length))));
  const asked = edits.find(({ actor }) => actor === nameOf(last))?.at ?? 0;
  const held = recording.moments().find(({ actor, kind }) => actor === nameOf(last) && kind === 'answered')?.at;
  return {
    last,
    reached: of('arrived').length,
    commits,
    overwrites: of('damage').length,
    waited: held !== undefined && commits.at(-1) === last ? held - asked : null,
  };
}

function figuresOf(outcome: Outcome | undefined): readonly Figure[] {
  if (outcome === undefined) {
    return ['saves at the server', 'overwrites', 'the server holds', 'waited after the last edit'].map((label) => ({
      label,
      value: '–',
    }));
  }
  const { last, reached, commits, overwrites, waited } = outcome;
  const holds = commits.at(-1);
  return [
    { label: 'saves at the server', value: String(reached) },
    { label: 'overwrites', value: String(overwrites), tone: overwrites > 0 ? 'bad' : 'good' },
    {
      label: 'the server holds',
      value: holds === undefined ? '–' : `edit ${String(holds)}`,
      ...(overwrites > 0 && holds !== last && { tone: 'bad' }),
    },
    { label: 'waited after the last edit', value: waited === null ? '–' : `${(waited / 1_000).toFixed(1)} s` },
  ];
}
