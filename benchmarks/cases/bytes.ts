import { ours, peers, type WaitQueueKind } from '../peers/wait-queues.js';

/** The length of the measured queue. */
export const WAITERS = 100_000;

export const kinds: readonly WaitQueueKind[] = [ours, ...peers];
