import type { LogEntry } from '../../../backend/contract';
import { noConnection } from '../../run/live-run';
import type { Moment } from '../../run/moment';

export const numbers = [1, 2, 3, 4, 5, 6, 7, 8] as const;

export const news = 'GET news';

export function nameOf(note: number): string {
  return `note ${String(note)}`;
}

/** The name of the lane of a request. */
export function laneOf(request: string): string | undefined {
  if (request === 'GET /news') return news;
  const note = noteOf(request);
  return note === undefined ? undefined : nameOf(note);
}

function noteOf(request: string): number | undefined {
  const found = /^POST \/notes\/(\d+)$/.exec(request);
  return found === null ? undefined : Number(found[1]);
}

/** What became of the notes. */
export interface Outcome {
  /** The notes that the server has, in its order. */
  readonly arrived: readonly number[];
  /** The notes that failed, and that the server does not have. */
  readonly lost: readonly number[];
  readonly waiting: number;
  readonly cancelled: number;
  readonly hung: number;
  /** Requests for notes that found no connection. */
  readonly failedAttempts: number;
  /** What the server found wrong with the order. */
  readonly damages: readonly string[];
}

export function outcomeOf(log: readonly LogEntry[], moments: readonly Moment[]): Outcome {
  const arrived = log.flatMap(({ kind, request }) => (kind === 'answered' ? (noteOf(request) ?? []) : []));
  const ended = (kind: Moment['kind']): number[] =>
    numbers.filter((number) => moments.some((moment) => moment.kind === kind && moment.actor === nameOf(number)));
  const [asked, done, failed, cancelled, hung] = [
    ended('asked'),
    ended('done'),
    ended('failed'),
    ended('cancelled'),
    ended('hung'),
  ];
  return {
    arrived,
    lost: failed.filter((number) => !arrived.includes(number)),
    waiting: asked.length - done.length - failed.length - cancelled.length - hung.length,
    cancelled: cancelled.filter((number) => !arrived.includes(number)).length,
    hung: hung.length,
    failedAttempts: moments.filter(({ actor, text }) => text === noConnection && actor !== news).length,
    damages: log.flatMap(({ kind, text }) => (kind === 'damage' && text !== undefined ? text : [])),
  };
}
