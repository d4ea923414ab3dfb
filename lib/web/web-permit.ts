import type { LosablePermit } from '../index.js';

/** The permit of a lock over tabs. It is lost if another tab steals the lock, and when the page sleeps. */
export type WebPermit = LosablePermit;
