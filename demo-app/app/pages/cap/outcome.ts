import type { LogEntry } from '../../../backend/contract';
import type { Recording } from '../../run/recording';
import { chunksOf, nameOf, saveName, unitsOf } from './files';

export interface Outcome {
  /** The most units that were at the server at one moment, those of refused requests included. */
  readonly most: number;
  readonly refused: number;
  /** Files whose chunks are all at the server. */
  readonly uploaded: number;
  /** Files, previews and clicks that failed. */
  readonly lost: number;
  readonly cancelled: number;
  /** From the click on Save until the server had it; undefined before. */
  readonly urgentWaited: number | undefined;
  /** Whether others were let in while Save was in the queue, or nobody was. On a busy machine, it waits long without that. */
  readonly isUrgentHeldUp: boolean;
  readonly isUrgentRefused: boolean;
  /** When the server gave its last answer. */
  readonly lastAnswer: number;
}

/** What the server's log says, and what became of each job. */
export function outcomeOf(recording: Recording): Outcome {
  const log = recording.log();
  const moments = recording.moments();
  const timeOf = (kind: string, actor: string): number | undefined =>
    moments.find((moment) => moment.actor === actor && moment.kind === kind)?.at;
  const asked = timeOf('asked', saveName);
  const arrived = timeOf('arrived', saveName);
  const ended = (kind: string): number =>
    new Set(moments.filter((moment) => moment.kind === kind).map(({ actor }) => actor)).size;
  return {
    most: mostAtOnce(log),
    refused: log.filter(({ kind }) => kind === 'damage').length,
    uploaded: uploadedIn(log),
    lost: ended('failed') + ended('hung'),
    cancelled: ended('cancelled'),
    urgentWaited: asked === undefined || arrived === undefined ? undefined : arrived - asked,
    isUrgentHeldUp: isHeldUp(recording, timeOf('queued', saveName), timeOf('granted', saveName)),
    isUrgentRefused: timeOf('refused', saveName) !== undefined,
    lastAnswer: moments.filter(({ kind }) => kind === 'answered').at(-1)?.at ?? 0,
  };
}

/** Without a queue of its own, Save may wait in the browser, or in an operator of RxJS. */
function isHeldUp(recording: Recording, queued: number | undefined, granted: number | undefined): boolean {
  if (queued === undefined) return granted === undefined;
  const meanwhile = ({ at }: { readonly at: number }): boolean => at >= queued && at < (granted ?? Infinity);
  const isPaused = recording.traced().some((step) => meanwhile(step) && step.bound === 0);
  return isPaused || recording.moments().some((moment) => meanwhile(moment) && moment.kind === 'granted');
}

/** The most units that were at the server at one moment. */
export function mostAtOnce(log: readonly LogEntry[]): number {
  let units = 0;
  let most = 0;
  for (const { kind, request } of log) {
    if (nameOf(request) === undefined) continue;
    if (kind === 'arrived') units += unitsOf(request);
    else if (kind === 'answered') units -= unitsOf(request);
    most = Math.max(most, units);
  }
  return most;
}

function uploadedIn(log: readonly LogEntry[]): number {
  const chunks = new Map<string, number>();
  for (const { kind, request, status = 0 } of log) {
    const name = nameOf(request);
    if (kind === 'answered' && status < 400 && name !== undefined && request.includes('/chunks/')) {
      chunks.set(name, (chunks.get(name) ?? 0) + 1);
    }
  }
  return [...chunks.values()].filter((count) => count === chunksOf).length;
}
