// Runs under every Jest that is tried, and under Vitest, where `jest` is `vi`.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BehaviorSubject, map, of, timer, toArray } from 'rxjs';
import { Lock, Semaphore, trace } from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';
import { marbleOf, verifyIdle } from 'rxjs-locks/testing';
import { TestScheduler } from 'rxjs/testing';

test('a lock is a BehaviorSubject of the one RxJS', () => {
  expect(new Lock()).toBeInstanceOf(BehaviorSubject);
});

test('a waiter gets the lock that is released', () => {
  const record: string[] = [];
  const lock = new Lock();
  const permit = lock.tryAcquire();
  of('inside')
    .pipe(withLock(lock))
    .subscribe((value) => record.push(value));
  expect(record).toEqual([]);
  permit?.release();
  expect(record).toEqual(['inside']);
});

test('a signal aborts a wait, though it lacks throwIfAborted() in older versions of jsdom', async () => {
  const lock = new Lock();
  const abort = new AbortController();
  expect(await lock.run(() => 'inside', { signal: abort.signal })).toBe('inside');
  lock.tryAcquire();
  const running = lock.run(() => 'inside', { signal: abort.signal });
  abort.abort();
  await expect(running).rejects.toBe(abort.signal.reason);
});

test('a trace is drawn', () => {
  const lock = new Lock();
  let drawn = '';
  marbleOf(trace(lock)).subscribe((diagram) => (drawn = diagram));
  lock.tryAcquire();
  expect(drawn).toMatch(/^1 +-*g$/);
});

test('a permit that was not released is found', () => {
  const lock = new Lock({ name: 'orders' });
  verifyIdle(lock);
  const permit = lock.tryAcquire();
  expect(() => verifyIdle(lock)).toThrow('lock "orders": 1 permit out');
  permit?.release();
  verifyIdle(lock);
});

describe('With fake timers,', () => {
  let record: unknown[];

  beforeEach(() => {
    record = [];
    jest.useFakeTimers();
  });

  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  test('a Lock is handed over inside release()', () => {
    const lock = new Lock();
    lock.acquire().subscribe((permit) =>
      timer(5).subscribe(() => {
        permit.release();
        record.push('released');
      }),
    );
    lock.acquire().subscribe(() => record.push('second'));
    jest.advanceTimersByTime(4);
    expect(record).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(record).toEqual(['second', 'released']);
    expect(lock.value).toEqual({ locked: true, waiting: 0 });
  });

  test('withLock runs one source after another', () => {
    const lock = new Lock();
    for (const time of [20, 5]) {
      timer(time)
        .pipe(withLock(lock))
        .subscribe(() => record.push(time));
    }
    jest.advanceTimersByTime(19);
    expect(record).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(record).toEqual([20]);
    jest.advanceTimersByTime(5);
    expect(record).toEqual([20, 5]);
  });

  test('throttleBySemaphore runs two at a time', () => {
    let [running, most] = [0, 0];
    const double = (value: number) => {
      most = Math.max(most, ++running);
      return timer(10).pipe(map(() => (running--, value * 2)));
    };
    of(1, 2, 3, 4, 5)
      .pipe(throttleBySemaphore(new Semaphore(2), double), toArray())
      .subscribe((values) => record.push(...values));
    jest.advanceTimersByTime(29);
    expect(record).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(record).toEqual([2, 4, 6, 8, 10]);
    expect(most).toBe(2);
  });

  test('run() settles for async functions', async () => {
    const lock = new Lock();
    const slow = lock.run(() => new Promise((resolve) => setTimeout(resolve, 10, 'slow')));
    const quick = lock.run(async () => 'quick');
    await jest.advanceTimersByTimeAsync(10);
    expect(await Promise.all([slow, quick])).toEqual(['slow', 'quick']);
    expect(lock.locked()).toBe(false);
  });
});

describe('With a TestScheduler,', () => {
  const scheduler = () => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

  test('withLock runs one source after another', () => {
    expect.assertions(2);
    scheduler().run(({ cold, expectObservable }) => {
      const lock = new Lock();
      const first = cold('  --a--b--|     ');
      const second = cold('         --c--|');
      const expected1 = '   --a--b--|     ';
      const expected2 = '   ----------c--|';
      expectObservable(first.pipe(withLock(lock))).toBe(expected1);
      expectObservable(second.pipe(withLock(lock))).toBe(expected2);
    });
  });

  test('throttleBySemaphore runs two at a time', () => {
    expect.assertions(1);
    scheduler().run(({ cold, expectObservable }) => {
      const source = cold('  abc|             ');
      const expected = '     ----(ab)-----(c|)';
      const work = (value: string) => timer(value === 'a' ? 4 : value === 'b' ? 3 : 9).pipe(map(() => value));
      expectObservable(source.pipe(throttleBySemaphore(new Semaphore(2), work))).toBe(expected);
    });
  });
});
