export { leader } from './leader.js';
export { stateOf, type WebLockState } from './state-of.js';
export { WebKeyedLock } from './web-keyed-lock.js';
export { WebLock, type WebLockOptions } from './web-lock.js';
export { WebLocksUnavailableError } from './web-locks-unavailable-error.js';
export type { WebPermit } from './web-permit.js';
export { WebReadWriteLock } from './web-read-write-lock.js';
export { WebSemaphore } from './web-semaphore.js';
