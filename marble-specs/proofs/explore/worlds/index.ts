import type { World } from '../stage.js';
import { barrierWorlds } from './barrier.js';
import { concatMapByKeyWorlds } from './concat-map-by-key.js';
import { conditionWorlds, withConditionWorlds } from './condition.js';
import { contextWorlds } from './contexts.js';
import { eventWorlds } from './event.js';
import { keyedLockWorlds } from './keyed-lock.js';
import { lockWorlds } from './lock.js';
import { withLockWorlds } from './with-lock.js';
import { readWriteLockWorlds } from './read-write-lock.js';
import { semaphoreWorlds } from './semaphore.js';
import { streamWorlds } from './streams.js';
import { throttleWorlds } from './throttle.js';

/** All worlds of the explorer. A new primitive or operator needs worlds here, and its model in `kit.ts`. */
export const worlds: readonly World[] = [
  ...lockWorlds,
  ...semaphoreWorlds,
  ...readWriteLockWorlds,
  ...eventWorlds,
  ...barrierWorlds,
  ...conditionWorlds,
  ...keyedLockWorlds,
  ...withLockWorlds,
  ...throttleWorlds,
  ...withConditionWorlds,
  ...concatMapByKeyWorlds,
  ...streamWorlds,
  ...contextWorlds,
];
