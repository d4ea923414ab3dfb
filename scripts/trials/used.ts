import { map, of, type BehaviorSubject, type Observable } from 'rxjs';
import {
  AsyncEvent,
  AsyncLock,
  Condition,
  KeyedLock,
  Lock,
  LockLostError,
  Semaphore,
  trace,
  type Acquirable,
  type LeasedPermit,
  type LockState,
  type Permit,
} from 'rxjs-locks';
import { concatMapByKey, throttleBySemaphore, withLock } from 'rxjs-locks/operators';
import { PostgresLock, type PostgresClient, type PostgresOptions } from 'rxjs-locks/postgres';
import { RedisLock, RedisSemaphore, type RedisClient, type RedisOptions } from 'rxjs-locks/redis';
import { marbleOf } from 'rxjs-locks/testing';
import { leader, stateOf, WebKeyedLock, WebLock, WebReadWriteLock, WebSemaphore, type WebPermit } from 'rxjs-locks/web';

export const lock: Lock = new AsyncLock({ name: 'orders' });
export const state: BehaviorSubject<LockState> = lock;
export const acquirable: Acquirable = new Condition(lock);
export const permit: Permit | null = lock.tryAcquire();
export const inside: Observable<string> = of('x').pipe(withLock(lock, { whenBusy: 'skip' }));
export const lengths: Observable<number> = of('x').pipe(
  throttleBySemaphore(new Semaphore(2), (value, index) => Promise.resolve(value.length + index)),
);
export const tokens = (leases: Acquirable<LeasedPermit>): Observable<bigint> =>
  of('x').pipe(throttleBySemaphore(leases, (_value, _index, { token, lost }) => (lost ? [] : [token])));
export const reason: unknown = new LockLostError('lost', { cause: 'stolen' }).cause;
const locks = new KeyedLock<number>();
export const side: Acquirable = locks.all([1, 2]);
export const byKey: Observable<string> = of('x').pipe(
  concatMapByKey(
    (value) => value.length,
    (value, index) => [value.repeat(index)],
    { locks, keep: 'latest' },
  ),
);
export const options: RedisOptions = { lease: 10_000, prefix: 'orders:' };
export const invoice = (client: RedisClient): Observable<bigint> =>
  new RedisLock(client, 'invoice:42', options).use(({ token, signal }) => (signal.aborted ? [] : [token]));
export const calls = (client: RedisClient): Acquirable<LeasedPermit> => new RedisSemaphore(client, 'api', 8);
export const fenced: PostgresOptions = { fence: { table: 'fences' }, key: 42n };
export const payment = (connect: () => PostgresClient): Observable<bigint> =>
  new PostgresLock(connect, 'invoice:42', fenced).use(({ token, signal }) => (signal.aborted ? [] : [token]));
export const drawn: Observable<string> = marbleOf(trace(lock));
export const isLocked: Observable<boolean> = trace(lock).pipe(map(({ state }) => state.locked));
export const isSet: boolean = new AsyncEvent().isSet();
const webLock = new WebLock('orders', { mode: 'shared', timeout: Infinity, fallback: 'local' });
export const inAllTabs: Observable<string> = of('x').pipe(withLock(webLock, { whenBusy: 'skip' }));
export const webPermit: Observable<WebPermit | null> = new WebSemaphore('uploads', 4).tryAcquire(2);
export const aborted: Promise<boolean> = new WebReadWriteLock('schema').write.run(({ signal }) => signal.aborted);
export const documents: Observable<string> = of('x').pipe(
  concatMapByKey(
    (value) => value,
    (value) => [value],
    { locks: new WebKeyedLock('document') },
  ),
);
export const leads: Observable<boolean> = leader('socket', { fallback: 'local' });
export const waiting: Observable<number> = stateOf('orders', 500).pipe(map(({ exclusive, shared }) => (exclusive ? 1 : shared)));
// @ts-expect-error: a mode is 'exclusive' or 'shared'
new WebLock('orders', { mode: 'both' });
// @ts-expect-error: the state changes through the methods alone
lock.next({ locked: true, waiting: 0 });
// @ts-expect-error: there is no bound on the wait of a whole stream
throttleBySemaphore(new Semaphore(2), (value: string) => of(value), { until: of(0) });
