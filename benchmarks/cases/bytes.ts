import { ours, peers, type DoorKind } from '../peers/doors.js';

/** The line that is weighed. */
export const WAITERS = 100_000;

const bounds: Readonly<Record<string, number>> = { 'async-mutex': 1, 'async-sema': 1.3 };

/** Those we do not want to weigh more than are peers; the others are there to be seen. */
export const kinds: readonly DoorKind[] = [
  ours,
  ...peers.map((kind): DoorKind => {
    const atMost = bounds[kind.name];
    return atMost === undefined ? { ...kind, role: 'shown' } : { ...kind, atMost };
  }),
];
