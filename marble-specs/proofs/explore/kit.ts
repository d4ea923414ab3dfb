import { concat, ignoreElements, map, type Observable, type ObservableInput } from 'rxjs';
import {
  Barrier,
  BoundedSemaphore,
  captureContext,
  Condition,
  Event,
  KeyedLock,
  Lock,
  ReadWriteLock,
  Semaphore,
  type Side,
  type WritePermit,
} from 'rxjs-locks';
import {
  concatMapByKey,
  exhaustMapLatest,
  gateByEvent,
  meetAtBarrier,
  throttleBySemaphore,
  waitForEvent,
  withCondition,
  withLock,
} from 'rxjs-locks/operators';

import { audited } from './audit.js';
import { ModelBarrier } from '../model/barrier.js';
import { modelConcatMapByKey } from '../model/concat-map-by-key.js';
import { ModelCondition } from '../model/condition.js';
import { captureModelContext } from '../model/context.js';
import { ModelEvent } from '../model/event.js';
import { modelGate } from '../model/gate.js';
import { ModelKeyedLock } from '../model/keyed-lock.js';
import { modelOneAtATime } from '../model/one-at-a-time.js';
import { ModelBoundedSemaphore, ModelLock, ModelSemaphore } from '../model/permits.js';
import { ModelReadWriteLock, type ModelSide } from '../model/read-write-lock.js';
import { modelUse } from '../model/section.js';
import { modelThrottle } from '../model/throttle.js';
import { modelWithCondition } from '../model/with-condition.js';

/** The part of a primitive that an actor uses, of the library or of the model. */
export interface PrimitiveLike extends Observable<object> {
  readonly value: object;
  readonly waiting: number;
  cancelWaiters(reason?: unknown): void;
  complete(): void;
  error(error: unknown): void;
}

export interface PermitLike {
  readonly released: boolean;
  release(): void;
}

type DemandLike = number | { readonly weight?: number; readonly priority?: number };

export interface AcquirableLike extends PrimitiveLike {
  acquire(wanted?: DemandLike): Observable<PermitLike>;
  tryAcquire(wanted?: DemandLike): PermitLike | null;
  locked(): boolean;
  release(n?: number): void;
}

export interface SemaphoreLike extends AcquirableLike {
  readonly available: number;
}

export interface BoundedSemaphoreLike extends SemaphoreLike {
  readonly bound: number;
  resize(bound: number): void;
}

export interface EventLike extends PrimitiveLike {
  isSet(): boolean;
  set(): void;
  clear(): void;
  wait(): Observable<true>;
}

/** A side of a read-write lock, or some keys of a lock. */
export interface SideLike extends Observable<object> {
  acquire(): Observable<PermitLike>;
  tryAcquire(): PermitLike | null;
  locked(): boolean;
}

export interface ReadWriteLockLike<W extends SideLike = SideLike> extends PrimitiveLike {
  readonly read: W;
  readonly write: W;
}

interface WaitOptionsLike {
  readonly until?: ObservableInput<unknown>;
  readonly permit?: PermitLike;
}

export interface ConditionLike<L> extends PrimitiveLike {
  readonly lock: L;
  locked(): boolean;
  wait(options?: WaitOptionsLike): Observable<boolean>;
  waitFor<T>(predicate: () => T, options?: WaitOptionsLike): Observable<T>;
  notify(n?: number): void;
  notifyAll(): void;
}

export interface KeyedLockLike extends PrimitiveLike {
  get(key: string): SideLike;
  all(keys: Iterable<string>): SideLike;
}

export interface BarrierLike extends PrimitiveLike {
  readonly parties: number;
  readonly broken: boolean;
  wait(): Observable<number>;
  reset(): void;
  abort(): void;
}

interface PrimitiveOptionsLike {
  readonly maxWaiting?: number;
}

interface AdmissionLike {
  readonly weight?: number;
  readonly priority?: number;
  readonly until?: ObservableInput<unknown>;
  readonly whenBusy?: 'wait' | 'skip' | 'error';
}

export interface ThrottleOptionsLike {
  readonly weight?: (value: string, index: number) => number;
  readonly priority?: (value: string, index: number) => number;
  readonly whenBusy?: 'wait' | 'skip' | 'error';
  readonly ordered?: boolean;
}

export interface ByKeyOptionsLike<K = KeyedLockLike> {
  readonly locks?: K;
  readonly keep?: 'all' | 'latest';
}

export interface WithConditionOptionsLike {
  readonly notify?: 'one' | 'all' | 'none';
  readonly until?: ObservableInput<unknown>;
}

export interface GateOptionsLike {
  readonly limit?: number;
  readonly overflow?: 'error' | 'drop-oldest' | 'drop-newest';
}

type Operator = (source: Observable<string>) => Observable<string>;

/** The primitives and operators that the actors of a world use: those of the library, or those of the model. */
export interface Kit<
  L extends AcquirableLike = AcquirableLike,
  S extends SemaphoreLike = SemaphoreLike,
  C extends ConditionLike<L> = ConditionLike<L>,
  E extends EventLike = EventLike,
  B extends BarrierLike = BarrierLike,
  W extends SideLike = SideLike,
  RW extends ReadWriteLockLike<W> = ReadWriteLockLike<W>,
  K extends KeyedLockLike = KeyedLockLike,
> {
  /** Sets how contexts are captured; undefined turns it off. */
  captureContext(capture: (() => (task: () => void) => void) | undefined): void;
  lock(options?: PrimitiveOptionsLike): L;
  semaphore(value: number, options?: PrimitiveOptionsLike): S;
  boundedSemaphore(value: number): S & BoundedSemaphoreLike;
  event(options?: PrimitiveOptionsLike): E;
  condition(lock?: L): C;
  barrier(parties: number, options?: PrimitiveOptionsLike): B;
  readWriteLock(options?: PrimitiveOptionsLike): RW;
  /** Calls `downgrade()` of a permit to write. */
  downgrade(lock: RW, permit: PermitLike): void;
  keyedLock(options?: PrimitiveOptionsLike): K;
  use(home: C | W, task: (permit: PermitLike) => Observable<string>): Observable<string>;
  withLock(home: L | S | W, options?: AdmissionLike): Operator;
  throttleBySemaphore(home: L | S | W, project: (value: string) => Observable<string>, options?: ThrottleOptionsLike): Operator;
  withCondition(condition: C, predicate: () => unknown, options?: WithConditionOptionsLike): Operator;
  waitForEvent(event: E): Operator;
  gateByEvent(event: E, options?: GateOptionsLike): Operator;
  meetAtBarrier(barrier: B): Operator;
  exhaustMapLatest(project: (value: string) => Observable<string>): Operator;
  concatMapByKey(
    keyOf: (value: string) => string,
    project: (value: string) => ObservableInput<string>,
    options: ByKeyOptionsLike<K>,
  ): Operator;
}

export const library: Kit<Lock, Semaphore, Condition, Event, Barrier, Side, ReadWriteLock, KeyedLock<string>> = {
  captureContext,
  lock: (options) => new Lock(options),
  semaphore: (value, options) => new Semaphore(value, options),
  boundedSemaphore: (value) => new BoundedSemaphore(value),
  event: (options) => new Event(options),
  condition: (lock) => new Condition(lock),
  barrier: (parties, options) => new Barrier(parties, options),
  readWriteLock: (options) => new ReadWriteLock(options),
  downgrade: (_lock, permit) => {
    (permit as WritePermit).downgrade();
  },
  keyedLock: (options) => new KeyedLock(options),
  use: (home, task) => home.use(task),
  withLock,
  throttleBySemaphore: (home, project, options) => throttleBySemaphore(home, project, options),
  withCondition,
  waitForEvent,
  gateByEvent,
  meetAtBarrier,
  exhaustMapLatest,
  concatMapByKey,
};

/** The functions of the library's kit that make a primitive. */
type Makers = {
  [
    Name in keyof typeof library as ReturnType<(typeof library)[Name]> extends { cancelWaiters(): void } ? Name : never
  ]: (typeof library)[Name];
};

const audits: Makers = {
  lock: (options) => audited(library.lock(options)),
  semaphore: (value, options) => audited(library.semaphore(value, options)),
  boundedSemaphore: (value) => audited(library.boundedSemaphore(value)),
  event: (options) => audited(library.event(options)),
  condition: (lock) => audited(library.condition(lock)),
  barrier: (parties, options) => audited(library.barrier(parties, options)),
  readWriteLock: (options) => audited(library.readWriteLock(options)),
  keyedLock: (options) => audited(library.keyedLock(options)),
};

/** The library with each primitive traced, which must change nothing for its users. */
export const traced: typeof library = { ...library, ...audits };

export const model: Kit<
  ModelLock,
  ModelSemaphore,
  ModelCondition,
  ModelEvent,
  ModelBarrier,
  ModelSide,
  ModelReadWriteLock,
  ModelKeyedLock
> = {
  captureContext: captureModelContext,
  lock: (options) => new ModelLock(options),
  semaphore: (value, options) => new ModelSemaphore(value, options),
  boundedSemaphore: (value) => new ModelBoundedSemaphore(value),
  event: (options) => new ModelEvent(options),
  condition: (lock) => new ModelCondition(lock, {}, lock === undefined),
  barrier: (parties, options) => new ModelBarrier(parties, options),
  readWriteLock: (options) => new ModelReadWriteLock(options),
  downgrade: (lock, permit) => {
    lock.downgrade(permit);
  },
  keyedLock: (options) => new ModelKeyedLock(options),
  use: modelUse,
  withLock: (home, options) => (source) => modelUse(home, () => source, options),
  throttleBySemaphore: modelThrottle,
  withCondition: modelWithCondition,
  waitForEvent: (event) => (source) => concat(event.wait().pipe(ignoreElements()), source),
  gateByEvent: modelGate,
  meetAtBarrier: (barrier) => modelOneAtATime((value) => barrier.wait().pipe(map(() => value)), 'all'),
  exhaustMapLatest: (project) => modelOneAtATime(project, 'latest'),
  concatMapByKey: modelConcatMapByKey,
};
