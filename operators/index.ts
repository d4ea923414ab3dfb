export type { AdmissionOptions } from '../lib/internal/admission.js';
export type { WhenBusy } from '../lib/internal/section.js';
export { throttleBySemaphore, type ThrottleOptions } from './throttle-by-semaphore.js';
export { withLock } from './with-lock.js';
