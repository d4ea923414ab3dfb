import { concat, ignoreElements, type Observable, type ObservableInput } from 'rxjs';
import { BoundedSemaphore, Condition, Event, KeyedLock, Lock, Semaphore } from 'rxjs-locks';
import {
  concatMapByKey,
  exhaustMapLatest,
  gateByEvent,
  throttleBySemaphore,
  waitForEvent,
  withCondition,
  withLock,
} from 'rxjs-locks/operators';

import { modelConcatMapByKey } from '../model/concat-map-by-key.js';
import { ModelCondition } from '../model/condition.js';
import { ModelEvent } from '../model/event.js';
import { modelExhaustMapLatest } from '../model/exhaust-map-latest.js';
import { modelGate } from '../model/gate.js';
import { ModelKeyedLock } from '../model/keyed-lock.js';
import { ModelBoundedSemaphore, ModelLock, ModelSemaphore } from '../model/permits.js';
import { modelUse } from '../model/section.js';
import { modelThrottle } from '../model/throttle.js';
import { modelWithCondition } from '../model/with-condition.js';

/** As much of a primitive as an actor uses, of the library or of the model. */
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

export interface AcquirableLike extends PrimitiveLike {
  acquire(weight?: number): Observable<PermitLike>;
  tryAcquire(weight?: number): PermitLike | null;
  locked(): boolean;
  release(n?: number): void;
}

export interface SemaphoreLike extends AcquirableLike {
  readonly available: number;
}

export interface EventLike extends PrimitiveLike {
  isSet(): boolean;
  set(): void;
  clear(): void;
  wait(): Observable<true>;
}

export interface WaitOptionsLike {
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

export interface SideLike {
  acquire(weight?: number): Observable<PermitLike>;
  tryAcquire(weight?: number): PermitLike | null;
  locked(): boolean;
}

export interface KeyedLockLike extends PrimitiveLike {
  get(key: string): SideLike;
  all(keys: Iterable<string>): SideLike;
}

export interface PrimitiveOptionsLike {
  readonly maxWaiting?: number;
}

export interface AdmissionLike {
  readonly weight?: number;
  readonly until?: ObservableInput<unknown>;
  readonly whenBusy?: 'wait' | 'skip' | 'error';
}

export interface ThrottleOptionsLike {
  readonly weight?: (value: string, index: number) => number;
  readonly whenBusy?: 'wait' | 'skip' | 'error';
  readonly ordered?: boolean;
}

export interface ByKeyOptionsLike<K = KeyedLockLike> {
  readonly locks?: K;
  readonly keep?: 'all' | 'latest';
}

type Operator = (source: Observable<string>) => Observable<string>;

/** What the actors of a world act upon: everything of the library, or of the model. */
export interface Kit<
  L extends AcquirableLike = AcquirableLike,
  S extends SemaphoreLike = SemaphoreLike,
  C extends ConditionLike<L> = ConditionLike<L>,
  E extends EventLike = EventLike,
  K extends KeyedLockLike = KeyedLockLike,
> {
  lock(options?: PrimitiveOptionsLike): L;
  semaphore(value: number, options?: PrimitiveOptionsLike): S;
  boundedSemaphore(value: number): S;
  event(options?: PrimitiveOptionsLike): E;
  condition(lock?: L): C;
  keyedLock(options?: PrimitiveOptionsLike): K;
  use(condition: C, work: (permit: PermitLike) => Observable<string>): Observable<string>;
  withLock(home: L | S, options?: AdmissionLike): Operator;
  throttleBySemaphore(home: L | S, project: (value: string) => Observable<string>, options?: ThrottleOptionsLike): Operator;
  withCondition(condition: C, predicate: () => unknown, options?: { readonly notify?: 'one' | 'all' | 'none' }): Operator;
  waitForEvent(event: E): Operator;
  gateByEvent(event: E): Operator;
  exhaustMapLatest(project: (value: string) => Observable<string>): Operator;
  concatMapByKey(
    keyOf: (value: string) => string,
    project: (value: string) => ObservableInput<string>,
    options: ByKeyOptionsLike<K>,
  ): Operator;
}

export const library: Kit<Lock, Semaphore, Condition, Event, KeyedLock<string>> = {
  lock: (options) => new Lock(options),
  semaphore: (value, options) => new Semaphore(value, options),
  boundedSemaphore: (value) => new BoundedSemaphore(value),
  event: (options) => new Event(options),
  condition: (lock) => new Condition(lock),
  keyedLock: (options) => new KeyedLock(options),
  use: (condition, work) => condition.use(work),
  withLock,
  throttleBySemaphore: (home, project, options) => throttleBySemaphore(home, project, options),
  withCondition,
  waitForEvent,
  gateByEvent,
  exhaustMapLatest,
  concatMapByKey,
};

export const model: Kit<ModelLock, ModelSemaphore, ModelCondition, ModelEvent, ModelKeyedLock> = {
  lock: (options) => new ModelLock(options),
  semaphore: (value, options) => new ModelSemaphore(value, options),
  boundedSemaphore: (value) => new ModelBoundedSemaphore(value),
  event: (options) => new ModelEvent(options),
  condition: (lock) => new ModelCondition(lock, {}, lock === undefined),
  keyedLock: (options) => new ModelKeyedLock(options),
  use: modelUse,
  withLock: (home, options) => (source) => modelUse(home, () => source, options),
  throttleBySemaphore: modelThrottle,
  withCondition: modelWithCondition,
  waitForEvent: (event) => (source) => concat(event.wait().pipe(ignoreElements()), source),
  gateByEvent: modelGate,
  exhaustMapLatest: modelExhaustMapLatest,
  concatMapByKey: modelConcatMapByKey,
};
