import type { LogEntry } from '../../../backend/contract';
import type { Moment } from '../../run/moment';

export function nameOf(edit: number): string {
  return `edit ${String(edit)}`;
}

export function numberOf(actor: string): number {
  return Number(actor.slice('edit '.length));
}

/** The number of the edit that a request saves. */
export function editOf(request: string): number | undefined {
  const found = /^PUT \/drafts\/(\d+)$/.exec(request);
  return found === null ? undefined : Number(found[1]);
}

/** What became of the edits, by the log of the server. */
export interface Outcome {
  /** The latest edit that was typed, and not withdrawn by the user. */
  readonly last: number;
  /** The edit that the server holds, or 0. */
  readonly holds: number;
  readonly refused: number;
  /** The milliseconds from the last edit until the server held it; null if it does not. */
  readonly waited: number | null;
}

export function outcomeOf(log: readonly LogEntry[], moments: readonly Moment[]): Outcome {
  const answered = log.filter(({ kind }) => kind === 'answered');
  const saved = answered.filter(({ status = 0 }) => status < 400).flatMap(({ request }) => editOf(request) ?? []);
  const withdrawn = new Set(
    moments.filter(({ kind, text }) => kind === 'cancelled' && text === undefined).map(({ actor }) => actor),
  );
  const typed = moments.filter(({ actor, kind }) => kind === 'asked' && !withdrawn.has(actor));
  const last = Math.max(0, ...typed.map(({ actor }) => numberOf(actor)));
  const at = (wanted: Moment['kind']): number | undefined =>
    moments.find(({ actor, kind }) => actor === nameOf(last) && kind === wanted)?.at;
  const holds = saved.at(-1) ?? 0;
  return {
    last,
    holds,
    refused: answered.length - saved.length,
    waited: last > 0 && holds === last ? (at('answered') ?? 0) - (at('asked') ?? 0) : null,
  };
}

/** What an editor shows below the text at a time, such as `Retrying in 0.3 s · edit 10 is not saved yet`. */
export function statusAt(moments: readonly Moment[], time: number, backOff: ((tries: number) => number) | undefined): string {
  const past = moments.filter(({ at }) => at <= time);
  const last = Math.max(0, ...past.filter(({ kind }) => kind === 'asked').map(({ actor }) => numberOf(actor)));
  if (last === 0) return 'Nothing to save';
  const doneOnes = past.filter(({ kind }) => kind === 'done');
  const saved = Math.max(0, ...doneOnes.map(({ actor }) => numberOf(actor)));
  if (saved === last) return `Saved: edit ${String(saved)}`;
  const isLost = past.some(({ actor, kind }) => actor === nameOf(last) && kind === 'damage');
  const unsaved = isLost ? `edit ${String(last)} is lost` : `edit ${String(last)} is not saved yet`;
  const doing = doingAt(past, time, backOff);
  return doing === undefined ? unsaved.replace('edit', 'Edit') : `${doing} · ${unsaved}`;
}

function doingAt(past: readonly Moment[], time: number, backOff?: (tries: number) => number): string | undefined {
  const latest = past.filter(({ kind }) => kind === 'sent' || kind === 'done' || kind === 'refused').at(-1);
  if (latest === undefined) return undefined;
  const { actor, kind, at } = latest;
  if (kind === 'sent') return `Saving ${actor}`;
  if (kind === 'done' || backOff === undefined) return undefined;
  const tries = past.filter((moment) => moment.actor === actor && moment.kind === 'refused').length;
  const left = Math.max(0, at + backOff(tries) - time);
  return `Retrying in ${(left / 1_000).toFixed(1)} s`;
}
