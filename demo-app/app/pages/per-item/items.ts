import { signal } from '@angular/core';
import { concatMap, delay, from, map, type Observable, of, tap } from 'rxjs';
import { trace } from 'rxjs-locks';

import type { LiveRun, Traced } from '../../run/live-run';
import type { Recording } from '../../run/recording';
import type { Figure, Judgement, Scenario } from '../../stage/scenario';
import { plain, type SaveContestant, serialized } from './contestants';
import type { Edit } from './edit';
import { type Outcome, outcomeOf } from './outcome';
import { type DocumentEdit, editIn, edits, lanes, nameOfEdit, pace, pathOf } from './script';

/** A wait for another document that the user notices. */
const tooLong = 400;

/** Fourteen edits of four documents. Two documents are edited on while their slow save is at the server. */
export class Items implements Scenario<SaveContestant> {
  /** What becomes of a save that is cancelled when the server may have it. */
  readonly onCancel = signal('finish');
  readonly serialized = serialized(this.onCancel);
  readonly contestants = [...plain, this.serialized] as const;
  readonly span = 3_500;
  readonly timeLimit = 20_000;
  readonly settings = { onCancel: this.onCancel };
  readonly idle: Judgement = {
    verdict: {
      tone: 'idle',
      headline: 'Which edits will the server hold?',
      detail: 'The third save of each document is slow, so that you need not wait for bad luck.',
    },
    figures: figuresOf(undefined),
  };

  readonly actors = (): readonly string[] => lanes;

  readonly nameOf = (request: string): string | undefined => {
    const edit = editIn(request);
    return edit === undefined ? undefined : nameOfEdit(edit);
  };

  start(contestant: SaveContestant, live: LiveRun): { events: Observable<unknown>; primitives: readonly Traced[] } {
    const paths = new Map<string, string>(edits.map((edit) => [nameOfEdit(edit), pathOf(edit)]));
    const made = from(edits).pipe(
      concatMap((edit, index) => of(edit).pipe(delay(index === 0 ? 0 : pace))),
      map((edit: DocumentEdit): Edit => ({ name: nameOfEdit(edit), document: edit.document })),
      tap(({ name }) => {
        live.recording.add(name, 'asked');
      }),
    );
    const save = ({ name }: Edit): Observable<unknown> =>
      live.http.put(live.url(paths.get(name) ?? ''), { text: name }).pipe(live.act(name));
    const locks = contestant.locks?.(live.injector);
    return {
      events: contestant.saveAll(made, save),
      primitives: locks === undefined ? [] : [{ name: String(locks), state: locks, steps: trace(locks) }],
    };
  }

  judge(_contestant: SaveContestant, recording: Recording, isOver: boolean): Judgement {
    const outcome = outcomeOf(recording);
    const { reached, overwrites, stale, waitedForOthers, lastAnswer } = outcome;
    const figures = figuresOf(outcome);
    const says = (tone: Judgement['verdict']['tone'], headline: string, detail: string): Judgement => ({
      verdict: { tone, headline, detail },
      figures,
    });
    if (overwrites > 0) {
      const headline = isOver && stale.length > 0 ? `Stale: ${stale.join(' and ')}` : 'A newer save is overwritten';
      return says('bad', headline, `Saves that landed after a newer one of their document: ${String(overwrites)}.`);
    }
    if (!isOver) return says('busy', `Saves at the server: ${String(reached)}`, 'No newer save is overwritten so far.');
    if (stale.length > 0) return says('bad', `Not saved: ${stale.join(' and ')}`, 'The last edit did not reach the server.');
    const after = `All was saved after ${seconds(lastAnswer)}.`;
    if (waitedForOthers > tooLong) {
      return says(
        'bad',
        'In order, but they wait for each other',
        `An edit waited ${seconds(waitedForOthers)} for other documents. ${after}`,
      );
    }
    return says('good', 'Right: each document holds its last edit', after);
  }
}

function figuresOf(outcome: Outcome | undefined): readonly Figure[] {
  if (outcome === undefined) {
    return ['saves at the server', 'overwrites', 'waited for others', 'last answer after'].map((label) => ({
      label,
      value: '–',
    }));
  }
  const { reached, overwrites, waitedForOthers, lastAnswer } = outcome;
  return [
    { label: 'saves at the server', value: String(reached) },
    { label: 'overwrites', value: String(overwrites), tone: overwrites > 0 ? 'bad' : 'good' },
    {
      label: 'waited for others',
      value: seconds(waitedForOthers),
      ...(waitedForOthers > tooLong && { tone: 'bad' }),
    },
    { label: 'last answer after', value: seconds(lastAnswer) },
  ];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
