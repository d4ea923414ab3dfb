import type { Place } from './place.js';

/** How long the answer to a request may take, in milliseconds. */
const LONGEST_REQUEST = 5000;

/** How long the answer to a request may take. Clients queue requests for ever while there is no server. */
export function requestLimit(lease: number): number {
  return Math.min(lease / 2, LONGEST_REQUEST);
}

/** Why a request is given up. */
export function noAnswer(limit: number): Error {
  return new Error(`no answer within ${String(limit)} ms`);
}

/** What is known of a server that does not answer. */
export interface Silence {
  /** When the first of the requests was sent that have no answer. */
  readonly since: number | undefined;
  readonly isAsking: boolean;
  readonly patience: number;
}

/** When the caller of a place has waited too long for the server. */
export function impatienceOf({ arrivedAt }: Place, { since, isAsking, patience }: Silence): number {
  if (since === undefined || (patience === 0 && isAsking)) {
    return Infinity; // without patience, one request still gets its time
  }
  return Math.max(since, arrivedAt) + patience;
}

/** Why a caller fails whose wait would not help. */
export const REFUSES = 'the server refuses';

/** Fails those of the places whose callers still wait: commits all, and tells them then. */
export function failAll(places: Iterable<Place>, cause: unknown, reason?: string): void {
  const told = [...places].filter((place) => place.isOpen).map((place) => place.failUnavailable(cause, reason));
  for (const tell of told) {
    tell();
  }
}
