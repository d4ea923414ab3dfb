export { Barrier, type BarrierState } from './barrier.js';
export { BoundedSemaphore } from './bounded-semaphore.js';
export { Condition, type ConditionState } from './condition.js';
export {
  BrokenBarrierError,
  BusyError,
  CancelledError,
  ClosedError,
  LockLostError,
  LocksError,
  NotAcquiredError,
  OverReleaseError,
  QueueFullError,
  ReadOnlyStateError,
  UnavailableError,
} from './errors.js';
export { Event, Event as AsyncEvent, type EventState } from './event.js';
export type { WaitOptions } from './internal/waiting/condition-wait.js';
export { captureContext } from './context.js';
export type { AcquireOptions, WaiterOptions } from './internal/waiting/demand.js';
export type { TraceEvent, TraceStep } from './internal/delivery/trace-event.js';
export type { Side } from './internal/primitives/side.js';
export type { PrimitiveOptions } from './internal/primitives/stateful-subject.js';
export type { RunOptions, UseOptions } from './internal/tasks/use.js';
export { KeyedLock, type KeyedLockState } from './keyed-lock.js';
export { Lock, Lock as AsyncLock, type LockState } from './lock.js';
export type { Acquirable, LeasedPermit, LosablePermit, Permit } from './permit.js';
export { ReadWriteLock, type ReadWriteLockState, type WritePermit } from './read-write-lock.js';
export { Semaphore, type SemaphoreState } from './semaphore.js';
export { trace } from './trace.js';
