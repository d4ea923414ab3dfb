export type { AdmissionOptions, WhenBusy } from '../lib/internal/tasks/admission.js';
export { concatMapByKey, type ConcatMapByKeyOptions, type KeepByKey } from './concat-map-by-key.js';
export { exhaustMapLatest } from './exhaust-map-latest.js';
export { gateByEvent, type GateOptions, type Overflow } from './gate-by-event.js';
export { meetAtBarrier } from './meet-at-barrier.js';
export { throttleBySemaphore, type ThrottleOptions } from './throttle-by-semaphore.js';
export { waitForEvent } from './wait-for-event.js';
export { withCondition, type Notify, type WithConditionOptions } from './with-condition.js';
export { withLock } from './with-lock.js';
