const assert = require('node:assert/strict');

exports.use = async ({ rxjs, locks, operators, testing, web, redis, postgres }) => {
  const { BehaviorSubject, firstValueFrom, of, range, toArray } = rxjs;
  const { Barrier, BoundedSemaphore, Condition, Event, KeyedLock, Lock, ReadWriteLock, Semaphore, trace } = locks;
  const { concatMapByKey, meetAtBarrier, throttleBySemaphore, withLock } = operators;
  const lock = new Lock();
  assert.ok(lock instanceof BehaviorSubject);
  assert.equal(await firstValueFrom(of('inside').pipe(withLock(lock))), 'inside');
  assert.equal(await lock.run(async () => 'run'), 'run');
  assert.deepEqual(lock.value, { locked: false, waiting: 0 });
  const double = throttleBySemaphore(new Semaphore(2), (value) => of(value * 2));
  assert.deepEqual(await firstValueFrom(range(1, 3).pipe(double, toArray())), [2, 4, 6]);
  assert.throws(() => new BoundedSemaphore(1).release(), RangeError);
  assert.equal(new Event().isSet(), false);
  assert.equal(new Condition().locked(), false);
  assert.equal(await firstValueFrom(of('met').pipe(meetAtBarrier(new Barrier(1)))), 'met');
  assert.equal(await new ReadWriteLock().write.run(async (permit) => (permit.downgrade(), 'read')), 'read');
  // A client that says no: nothing else is installed here, and the lock has the errors of the one copy.
  const no = () => Promise.reject(new Error('NOPERM no'));
  const leased = new redis.RedisLock({ eval: no, evalsha: no, duplicate: no }, 'orders');
  await assert.rejects(
    leased.run(async () => 'never'),
    locks.UnavailableError,
  );
  await assert.rejects(firstValueFrom(of('never').pipe(withLock(leased))), locks.UnavailableError);
  assert.throws(() => new redis.RedisSemaphore({}, 'orders', 2), TypeError);
  // A client that says no, and one that is none.
  const refused = () => Promise.reject(Object.assign(new Error('no'), { severity: 'FATAL', code: '28P01' }));
  const connect = () => ({ connect: refused, query: refused, end: async () => undefined, on: () => undefined });
  const session = new postgres.PostgresLock(connect, 'orders');
  await assert.rejects(
    session.run(async () => 'never'),
    locks.UnavailableError,
  );
  await assert.rejects(firstValueFrom(of('never').pipe(withLock(session))), locks.UnavailableError);
  assert.throws(() => new postgres.PostgresLock({}, 'orders'), TypeError);
  const drawn = firstValueFrom(testing.marbleOf(trace(lock)));
  lock.tryAcquire().release();
  assert.match(await drawn, /^1 +-*g$/);
  const byKey = new KeyedLock();
  assert.equal(await byKey.all([1, 2]).run(async () => byKey.keys), 2);
  const inTurn = concatMapByKey(
    (value) => value % 2,
    (value) => of(value),
    { locks: byKey },
  );
  assert.deepEqual(await firstValueFrom(range(1, 3).pipe(inTurn, toArray())), [1, 2, 3]);
  const inThePage = { fallback: 'local' };
  const inAllTabs = new web.WebLock('orders', inThePage);
  assert.equal(await firstValueFrom(of('inside').pipe(withLock(inAllTabs))), 'inside');
  const uploads = throttleBySemaphore(new web.WebSemaphore('uploads', 2, inThePage), (value) => of(value * 2));
  assert.deepEqual(await firstValueFrom(range(1, 3).pipe(uploads, toArray())), [2, 4, 6]);
  assert.ok(new web.WebLocksUnavailableError() instanceof locks.LocksError);
};
