import { map, type Observable } from 'rxjs';

import { Typing } from '../../editor/typing';
import type { LiveRun, Traced } from '../../run/live-run';
import type { Recording } from '../../run/recording';
import type { Figure, Judgement, Scenario } from '../../stage/scenario';
import { contestants, type SaveContestant } from './contestants';
import type { Edit } from './edit';

/** The time between two edits in milliseconds, and the pause after every fourth one: people stop to think. */
const pace = { edit: 80, pause: 400 } as const;

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

  readonly typing = new Typing('An older save must never overwrite a newer one in this document', (edit) => {
    if (edit === 0) return 0;
    return edit % 4 === 3 ? pace.pause : pace.edit;
  });

  readonly actors = (): readonly string[] => this.typing.script.map((_, index) => nameOf(index + 1));

  readonly nameOf = (request: string): string | undefined => {
    const edit = editOf(request);
    return edit === undefined ? undefined : nameOf(edit);
  };

  start(contestant: SaveContestant, live: LiveRun): { events: Observable<unknown>; primitives: readonly Traced[] } {
    let number = 0;
    const edits = this.typing.texts().pipe(
      map((text): Edit => {
        number += 1;
        const name = nameOf(number);
        return { name, number, text, withdrawn: live.withdrawn(name) };
      }),
    );
    const save = ({ name, number: edit, text }: Edit): Observable<unknown> =>
      live.http.put(live.url(`/documents/1/edits/${String(edit)}`), { text }).pipe(live.act(name));
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
          : `Overwrites so far: ${String(overwrites)}`;
      return { verdict: { tone: 'bad', headline, detail: order }, figures };
    }
    if (!isOver)
      return {
        verdict: { tone: 'busy', headline: `Edit ${String(last)} typed, the server holds ${String(holds)}`, detail: order },
        figures,
      };
    return { verdict: { tone: 'good', headline: `Right: the server holds edit ${String(holds)}`, detail: order }, figures };
  }
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
