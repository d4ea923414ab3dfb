import type { Recording } from '../../run/recording';
import { type DocumentEdit, editIn } from './script';

export interface Outcome {
  readonly reached: number;
  readonly overwrites: number;
  /** The names of documents of which the server does not hold the last edit. */
  readonly stale: readonly string[];
  /** The longest time for which an edit waited while the server had no other save of its document, in milliseconds. */
  readonly waitedForOthers: number;
  /** When the server gave its last answer. */
  readonly lastAnswer: number;
}

interface Save {
  readonly edit: DocumentEdit;
  asked?: number;
  arrived?: number;
  answered?: number;
  isCancelled?: boolean;
}

/** What the server's log says. */
export function outcomeOf(recording: Recording): Outcome {
  const log = recording.log();
  const saves = savesOf(recording);
  const documents = [...new Set(saves.map(({ edit }) => edit.document))];
  const commits = log.filter(({ kind }) => kind === 'answered').flatMap(({ request }) => editIn(request) ?? []);
  const stale = documents.filter((document) => {
    const wanted = saves.filter(
      ({ edit, isCancelled, arrived }) => edit.document === document && !(isCancelled && arrived === undefined),
    );
    const last = Math.max(0, ...wanted.map(({ edit }) => edit.number));
    return (commits.filter((edit) => edit.document === document).at(-1)?.number ?? 0) < last;
  });
  return {
    reached: log.filter(({ kind }) => kind === 'arrived').length,
    overwrites: log.filter(({ kind }) => kind === 'damage').length,
    stale,
    waitedForOthers: Math.max(0, ...saves.map((save) => waitedForOthers(save, saves))),
    lastAnswer: Math.max(0, ...saves.map(({ answered = 0 }) => answered)),
  };
}

/** How long a save waited for the server, without the time in which the server had another save of the same document. */
function waitedForOthers({ edit, asked, arrived }: Save, saves: readonly Save[]): number {
  if (asked === undefined || arrived === undefined) return 0;
  const own = saves
    .filter((other) => other.edit.document === edit.document && other.edit.number !== edit.number)
    .map((other) => overlap(asked, arrived, other.arrived ?? Infinity, other.answered ?? Infinity))
    .reduce((sum, time) => sum + time, 0);
  return Math.max(0, arrived - asked - own);
}

function overlap(from: number, to: number, otherFrom: number, otherTo: number): number {
  return Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom));
}

function savesOf(recording: Recording): readonly Save[] {
  const saves = new Map<string, Save>();
  for (const { actor, kind, at } of recording.moments()) {
    const edit = documentEdit(actor);
    if (edit === undefined) continue;
    const save = saves.get(actor) ?? { edit };
    saves.set(actor, save);
    if (kind === 'asked') save.asked ??= at;
    else if (kind === 'arrived') save.arrived ??= at;
    else if (kind === 'answered') save.answered ??= at;
    else if (kind === 'cancelled') save.isCancelled = true;
  }
  return [...saves.values()];
}

function documentEdit(actor: string): DocumentEdit | undefined {
  const [document, number] = actor.split(' ');
  return document === undefined || number === undefined ? undefined : { document, number: Number(number) };
}
