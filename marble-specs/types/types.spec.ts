import { expectTypeOf } from 'expect-type';
import { EMPTY, of, type BehaviorSubject, type MonoTypeOperatorFunction, type Observable, type OperatorFunction } from 'rxjs';
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  KeyedLock,
  Lock,
  LockLostError,
  ReadWriteLock,
  Semaphore,
  UnavailableError,
  type Acquirable,
  type ConditionState,
  type EventState,
  type KeyedLockState,
  type LeasedPermit,
  type LockState,
  type LosablePermit,
  type Permit,
  type ReadWriteLockState,
  type SemaphoreState,
  type Side,
  type WritePermit,
  type BarrierState,
} from 'rxjs-locks';
import {
  concatMapByKey,
  exhaustMapLatest,
  gateByEvent,
  throttleBySemaphore,
  waitForEvent,
  withCondition,
  withLock,
} from 'rxjs-locks/operators';
import {
  leader,
  stateOf,
  WebKeyedLock,
  WebLock,
  type WebLocksUnavailableError,
  WebReadWriteLock,
  WebSemaphore,
  type WebLockState,
  type WebPermit,
} from 'rxjs-locks/web';

/** The body is compiled, and never runs. */
function itCompiles(expectation: string, body: () => void): void {
  it(expectation, () => {
    expect(body).toBeInstanceOf(Function);
  });
}

describe('The types', () => {
  itCompiles('of the primitives are BehaviorSubjects whose next() cannot be called', () => {
    const lock = new Lock();
    const semaphore = new BoundedSemaphore(3);
    expectTypeOf(lock).toExtend<BehaviorSubject<LockState>>();
    expectTypeOf(semaphore).toExtend<BehaviorSubject<SemaphoreState>>();
    expectTypeOf(new Event()).toExtend<BehaviorSubject<EventState>>();
    expectTypeOf(new Condition()).toExtend<BehaviorSubject<ConditionState>>();
    expectTypeOf(new KeyedLock<string>()).toExtend<BehaviorSubject<KeyedLockState>>();
    expectTypeOf(new ReadWriteLock()).toExtend<BehaviorSubject<ReadWriteLockState>>();
    expectTypeOf(new Barrier(2)).toExtend<BehaviorSubject<BarrierState>>();
    expectTypeOf(lock.value).toEqualTypeOf<LockState>();
    expectTypeOf<Lock['next']>().parameter(0).toBeNever();
    // @ts-expect-error: a state is read only
    lock.value.locked = true;
    // @ts-expect-error: a lock takes no weight
    lock.acquire(2);
  });

  itCompiles('of an Acquirable fit the primitives and objects of other code', () => {
    expectTypeOf<Lock>().toExtend<Acquirable>();
    expectTypeOf<Semaphore>().toExtend<Acquirable>();
    expectTypeOf<Condition>().toExtend<Acquirable>();
    expectTypeOf<Side>().toExtend<Acquirable>();
    expectTypeOf<{ acquire: () => Observable<Permit> }>().toExtend<Acquirable>();
    expectTypeOf<{ acquire: () => Promise<Permit> }>().not.toExtend<Acquirable>();
    expectTypeOf<Event>().not.toExtend<Acquirable>();
    expectTypeOf<KeyedLock<string>>().not.toExtend<Acquirable>();
    expectTypeOf(new Lock().acquire()).toEqualTypeOf<Observable<Permit>>();
    expectTypeOf(new Lock().tryAcquire()).toEqualTypeOf<Permit | null>();
  });

  itCompiles('of a permit that can be lost extend those of a permit', () => {
    expectTypeOf<LeasedPermit>().toExtend<LosablePermit>();
    expectTypeOf<LosablePermit>().toExtend<Permit>();
    expectTypeOf<Permit>().not.toExtend<LosablePermit>();
    expectTypeOf<LosablePermit>().not.toExtend<LeasedPermit>();
    expectTypeOf<Permit['lost$']>().toEqualTypeOf<Observable<Error> | undefined>();
    expectTypeOf<LeasedPermit['token']>().toEqualTypeOf<bigint>();
    expectTypeOf<Acquirable<LeasedPermit>>().toExtend<Acquirable>();
    expectTypeOf<LockLostError['name']>().toEqualTypeOf<'LockLostError'>();
    expectTypeOf(new LockLostError('why', { cause: 1 }).cause).toBeUnknown();
    expectTypeOf(new UnavailableError().cause).toBeUnknown();
    // @ts-expect-error: a permit that can be lost has a lost$
    const permit: LosablePermit = { released: false, lost: false, release: () => undefined };
    return permit;
  });

  itCompiles('of the permit that throttleBySemaphore passes to a project are those of the acquirable', () => {
    const source = of('a', 'b');
    const leases: Acquirable<LeasedPermit> = { acquire: () => EMPTY };
    const tokens = source.pipe(throttleBySemaphore(leases, (value, index, { token }) => of({ value, index, token })));
    expectTypeOf(tokens).toEqualTypeOf<Observable<{ value: string; index: number; token: bigint }>>();
    const signals = source.pipe(throttleBySemaphore(leases, (_value, _index, permit: LosablePermit) => [permit.signal]));
    expectTypeOf(signals).toEqualTypeOf<Observable<AbortSignal>>();
    const remote: Acquirable<LeasedPermit> = {
      acquire: () => EMPTY,
      tryAcquire: () => of(null),
    };
    expectTypeOf(source.pipe(throttleBySemaphore(remote, (_value, _index, permit) => of(permit)))).toEqualTypeOf<
      Observable<LeasedPermit>
    >();
    expectTypeOf(source.pipe(throttleBySemaphore(new Semaphore(2), (_value, _index, permit) => of(permit)))).toEqualTypeOf<
      Observable<Permit>
    >();
    const { write } = new ReadWriteLock();
    expectTypeOf(source.pipe(throttleBySemaphore(write, (_value, _index, permit) => of(permit)))).toEqualTypeOf<
      Observable<WritePermit>
    >();
    const two = (value: string, index: number): Observable<number> => of(value.length + index);
    expectTypeOf(source.pipe(throttleBySemaphore(leases, two))).toEqualTypeOf<Observable<number>>();
    expectTypeOf(throttleBySemaphore<string, Observable<number>>(leases, two)).toEqualTypeOf<OperatorFunction<string, number>>();
    // @ts-expect-error: a permit of this library cannot be lost
    source.pipe(throttleBySemaphore(new Semaphore(2), (_value, _index, permit: LosablePermit) => of(permit)));
    // @ts-expect-error: a permit that can be lost need not have a token
    source.pipe(throttleBySemaphore({ acquire: () => EMPTY as Observable<LosablePermit> }, (_v, _i, { token }) => of(token)));
  });

  itCompiles('of a keyed lock are those of its keys', () => {
    const locks = new KeyedLock<'a' | 'b'>();
    expectTypeOf(locks.get('a')).toEqualTypeOf<Side>();
    expectTypeOf(locks.all(new Set(['a', 'b'] as const)).tryAcquire()).toEqualTypeOf<Permit | null>();
    expectTypeOf(locks.get('a').use(() => of(1))).toEqualTypeOf<Observable<number>>();
    expectTypeOf(locks.all([]).run(() => 'x')).toEqualTypeOf<Promise<string>>();
    // Without a type for its keys, it accepts the keys of a Map.
    new KeyedLock().all([1, 'x', {}]);
    // @ts-expect-error: there is no such key
    locks.get('c');
    // @ts-expect-error: there is no such key
    locks.all(['a', 'c']);
    // @ts-expect-error: only its keys can be acquired
    withLock(locks);
  });

  itCompiles('of the sides of a read-write lock say what can be downgraded', () => {
    const { read, write } = new ReadWriteLock();
    expectTypeOf(read).toExtend<Acquirable>();
    expectTypeOf(write).toExtend<Acquirable<WritePermit>>();
    expectTypeOf<ReadWriteLock>().not.toExtend<Acquirable>();
    expectTypeOf(read.acquire()).toEqualTypeOf<Observable<Permit>>();
    expectTypeOf(write.acquire()).toEqualTypeOf<Observable<WritePermit>>();
    expectTypeOf(read.tryAcquire()).toEqualTypeOf<Permit | null>();
    expectTypeOf(write.tryAcquire()).toEqualTypeOf<WritePermit | null>();
    expectTypeOf(write.use((permit) => of(permit))).toEqualTypeOf<Observable<WritePermit>>();
    expectTypeOf(write.run((permit) => permit)).toEqualTypeOf<Promise<WritePermit>>();
    expectTypeOf(read.run((permit) => permit)).toEqualTypeOf<Promise<Permit>>();
    expectTypeOf(of('x').pipe(withLock(read))).toEqualTypeOf<Observable<string>>();
    expectTypeOf(read.use((permit) => of(permit))).toEqualTypeOf<Observable<Permit>>();
    expectTypeOf<Permit>().not.toHaveProperty('downgrade');
    expectTypeOf<Permit>().not.toHaveProperty('upgrade');
    // @ts-expect-error: a side takes no weight
    read.acquire(2);
    // @ts-expect-error: only its sides can be acquired
    withLock(new ReadWriteLock());
  });

  itCompiles('of tasks are inferred through use, run, wait and waitFor', () => {
    const lock = new Lock();
    expectTypeOf(lock.use(() => of(1, 'x'))).toEqualTypeOf<Observable<string | number>>();
    expectTypeOf(lock.use(() => [1, 2])).toEqualTypeOf<Observable<number>>();
    expectTypeOf(lock.use(() => Promise.resolve(true))).toEqualTypeOf<Observable<boolean>>();
    expectTypeOf(lock.run(() => 5)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(lock.run(() => Promise.resolve('x'))).toEqualTypeOf<Promise<string>>();
    const condition = new Condition();
    expectTypeOf(condition.wait()).toEqualTypeOf<Observable<boolean>>();
    expectTypeOf(condition.waitFor(() => ['item'].at(0))).toEqualTypeOf<Observable<string | undefined>>();
    expectTypeOf(new Event().wait()).toEqualTypeOf<Observable<true>>();
    // @ts-expect-error: a task returns an ObservableInput
    lock.use(() => 5);
  });

  itCompiles('of the operators that change no value are inferred in a pipe', () => {
    const source = of<{ id: number }>({ id: 1 });
    expectTypeOf(source.pipe(withLock(new Lock()))).toEqualTypeOf<Observable<{ id: number }>>();
    expectTypeOf(source.pipe(throttleBySemaphore(new Semaphore(2)))).toEqualTypeOf<Observable<{ id: number }>>();
    expectTypeOf(source.pipe(waitForEvent(new Event()))).toEqualTypeOf<Observable<{ id: number }>>();
    expectTypeOf(source.pipe(gateByEvent(new Event()))).toEqualTypeOf<Observable<{ id: number }>>();
    expectTypeOf(source.pipe(withCondition(new Condition(), () => true))).toEqualTypeOf<Observable<{ id: number }>>();
    expectTypeOf(withLock<string>(new Lock())).toEqualTypeOf<MonoTypeOperatorFunction<string>>();
    // @ts-expect-error: an event cannot be acquired
    withLock(new Event());
    // @ts-expect-error: a string is no event
    gateByEvent('online');
    // @ts-expect-error: 'never' is no value of whenBusy
    withLock(new Lock(), { whenBusy: 'never' });
    // @ts-expect-error: the weight can depend on a value only with a project
    withLock(new Lock(), { weight: () => 1 });
  });

  itCompiles('of projections are inferred: unions, tuples, promises, iterables', () => {
    const semaphore = new Semaphore(2);
    const source = of('a', 'b');
    const both = source.pipe(throttleBySemaphore(semaphore, (value, index) => (index > 0 ? of(index) : Promise.resolve(value))));
    expectTypeOf(both).toEqualTypeOf<Observable<string | number>>();
    const tuples = source.pipe(throttleBySemaphore(semaphore, (value, index) => of([value, index] as const)));
    expectTypeOf(tuples).toEqualTypeOf<Observable<readonly [string, number]>>();
    expectTypeOf(source.pipe(throttleBySemaphore(semaphore, () => EMPTY))).toEqualTypeOf<Observable<never>>();
    expectTypeOf(source.pipe(exhaustMapLatest((value) => [value.length]))).toEqualTypeOf<Observable<number>>();
    expectTypeOf(throttleBySemaphore(semaphore, (value: string) => of(value.length), { ordered: true })).toEqualTypeOf<
      OperatorFunction<string, number>
    >();
    source.pipe(throttleBySemaphore(semaphore, (value) => of(value), { weight: (value) => value.length }));
    const measure = (value: string, index: number): number => value.length + index;
    const itself = (value: string): string => value;
    const nothing = (): Observable<never> => EMPTY;
    const locks = new KeyedLock<number>();
    const byKey = source.pipe(concatMapByKey(measure, (value) => [value, 1], { locks }));
    expectTypeOf(byKey).toEqualTypeOf<Observable<string | number>>();
    source.pipe(concatMapByKey(itself, nothing, { locks: { get: () => new Lock() }, keep: 'latest' }));
    // @ts-expect-error: the keys are numbers
    source.pipe(concatMapByKey(itself, nothing, { locks }));
    // @ts-expect-error: a lock has no get()
    source.pipe(concatMapByKey(itself, nothing, { locks: new Lock() }));
    // @ts-expect-error: 'first' is no value of keep
    source.pipe(concatMapByKey(itself, nothing, { keep: 'first' }));
    // @ts-expect-error: a project returns an ObservableInput
    source.pipe(throttleBySemaphore(semaphore, () => 5));
    // @ts-expect-error: a project takes the values of the source
    source.pipe(throttleBySemaphore(semaphore, (value: number) => of(value)));
    // @ts-expect-error: there is no until with a project
    source.pipe(throttleBySemaphore(semaphore, (value) => of(value), { until: EMPTY }));
    // @ts-expect-error: there is no ordered without a project
    source.pipe(throttleBySemaphore(semaphore, { ordered: true }));
    // @ts-expect-error: a project returns an ObservableInput
    source.pipe(exhaustMapLatest((value) => value.length));
  });

  itCompiles('of the locks over tabs are those of any acquirable', () => {
    const lock = new WebLock('orders', { mode: 'shared', timeout: 5, fallback: 'local' });
    expectTypeOf<WebPermit>().toEqualTypeOf<LosablePermit>();
    expectTypeOf(lock).toExtend<Acquirable<WebPermit>>();
    expectTypeOf(lock.acquire()).toEqualTypeOf<Observable<WebPermit>>();
    expectTypeOf(lock.tryAcquire()).toEqualTypeOf<Observable<WebPermit | null>>();
    expectTypeOf(lock.steal()).toEqualTypeOf<Observable<WebPermit>>();
    expectTypeOf(lock.use((permit) => of(permit.lost))).toEqualTypeOf<Observable<boolean>>();
    expectTypeOf(lock.run((permit) => permit.signal)).toEqualTypeOf<Promise<AbortSignal>>();
    expectTypeOf(new WebSemaphore('uploads', 2)).toExtend<Acquirable<WebPermit>>();
    expectTypeOf(new WebReadWriteLock('schema').read).toEqualTypeOf<WebLock>();
    expectTypeOf(leader('socket')).toEqualTypeOf<Observable<boolean>>();
    expectTypeOf(stateOf('orders')).toEqualTypeOf<Observable<WebLockState>>();
    expectTypeOf(
      of('a').pipe(
        concatMapByKey(
          (key) => key,
          () => of(1),
          { locks: new WebKeyedLock('a') },
        ),
      ),
    ).toEqualTypeOf<Observable<number>>();
    expectTypeOf<WebLocksUnavailableError['name']>().toEqualTypeOf<'WebLocksUnavailableError'>();
    // @ts-expect-error: the sides of a read-write lock have their modes
    new WebReadWriteLock('schema', { mode: 'shared' });
    // @ts-expect-error: a leader waits without a bound
    leader('socket', { timeout: 1 });
  });
});
