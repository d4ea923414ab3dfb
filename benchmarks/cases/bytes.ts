import { ours, peers, type DoorKind } from '../peers/doors.js';

/** The line that is weighed. */
export const WAITERS = 100_000;

export const kinds: readonly DoorKind[] = [ours, ...peers];
