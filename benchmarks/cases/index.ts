import type { Case } from '../harness/case.js';
import { cases as acquire } from './acquire.js';
import { cases as throttleBySemaphore } from './throttle-by-semaphore.js';
import { cases as withLock } from './with-lock.js';

/** All cases, in the order in which they are run. */
export const cases: readonly Case[] = [...acquire, ...withLock, ...throttleBySemaphore];
