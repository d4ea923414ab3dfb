import type { Case } from '../harness/case.js';
import { cases as cancel } from './cancel.js';
import { cases as condition } from './condition.js';
import { cases as event } from './event.js';
import { cases as growth } from './growth.js';
import { cases as queueAndDrain } from './queue-and-drain.js';
import { cases as state } from './state.js';
import { cases as trace } from './trace.js';
import { cases as throttleBySemaphore } from './throttle-by-semaphore.js';
import { cases as uncontended } from './uncontended.js';
import { cases as withLock } from './with-lock.js';

/** All timed cases, in the order in which they run. */
export const cases: readonly Case[] = [
  ...uncontended,
  ...queueAndDrain,
  ...withLock,
  ...throttleBySemaphore,
  ...event,
  ...condition,
  ...state,
  ...trace,
  ...growth,
  ...cancel, // last, because its long queues slow down every later case
];
