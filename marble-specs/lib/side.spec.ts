import { EMPTY, map, NEVER, of, takeUntil, Subject, type Observable } from 'rxjs';
import { KeyedLock, ReadWriteLock, type LockState } from 'rxjs-locks';

import { deliveries } from '../support/deliveries.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

/** The state of a side in short: `L` for locked or `f` for free, and the number of waiters. */
function inShort(side: Observable<LockState>): Observable<string> {
  return side.pipe(map(({ locked, waiting }) => `${locked ? 'L' : 'f'}${String(waiting)}`));
}

describe('The state of a key', () => {
  itMarbles('follows the holder of the key, and its waiters', ({ cold, expectObservable }) => {
    const locks = new KeyedLock<number>();
    const first = cold(' --------|     ');
    const second = cold('        ----| ');
    const arrives = cold(' --x           ');
    const other = cold(' -x            ');
    const state = '      a-b-----c---d ';
    const values = {
      a: { locked: true, waiting: 0 },
      b: { locked: true, waiting: 1 },
      c: { locked: true, waiting: 0 },
      d: { locked: false, waiting: 0 },
    };
    locks
      .get(1)
      .use(() => first)
      .subscribe();
    expectObservable(locks.get(1)).toBe(state, values);
    arrives.subscribe(() =>
      locks
        .get(1)
        .use(() => second)
        .subscribe(),
    );
    other.subscribe(() =>
      locks
        .get(2)
        .use(() => NEVER)
        .subscribe(),
    );
  });

  it('changes with a waiter for several keys, for each key and for all of them', () => {
    const locks = new KeyedLock<string>();
    const record: string[] = [];
    for (const key of ['a', 'b', 'c']) {
      inShort(locks.get(key)).subscribe(recorder(record, key));
    }
    inShort(locks.all(['a', 'b'])).subscribe(recorder(record, 'ab'));
    record.length = 0;
    const a = locks.get('a').tryAcquire();
    expect(record.splice(0)).toEqual(['a: L0', 'ab: L0']);
    const both = locks.all(['b', 'a']).acquire().subscribe();
    expect(record.splice(0).sort()).toEqual(['a: L1', 'ab: L1', 'b: L1']);
    const b = locks.get('b').acquire().subscribe();
    expect(record.splice(0).sort()).toEqual(['ab: L2', 'b: L2']);
    a?.release();
    expect(record.splice(0).sort()).toEqual(['a: L0', 'ab: L1', 'b: L1']);
    expect([locks.get('a').waiting, locks.get('b').waiting, locks.all(['a', 'b']).waiting]).toEqual([0, 1, 1]);
    b.unsubscribe();
    expect(record.splice(0).sort()).toEqual(['ab: L0', 'b: L0']);
    expect(both.closed).toBeTrue();
  });

  for (const [where, deliver] of deliveries) {
    it(`is published in order, without repeats, whatever its observers do, ${where}`, () => {
      const locks = new KeyedLock<string>();
      const key = locks.get('x');
      const record: string[] = [];
      inShort(key).subscribe((state) => {
        record.push(`first: ${state}`);
        if (state === 'L1') {
          permit?.release();
        }
      });
      inShort(locks.get('x')).subscribe((state) => record.push(`second: ${state}`));
      let permit = key.tryAcquire();
      deliver(() => {
        key.use(() => EMPTY).subscribe();
      });
      const of1 = (name: string): string[] => record.filter((word) => word.startsWith(name)).map((word) => word.slice(-2));
      expect(of1('first')).toEqual(['f0', 'L0', 'L1', 'L0', 'f0']);
      expect(of1('second')).toEqual(of1('first'));
      permit = null;
    });
  }

  it('starts with the current state, and is dropped with its last observer', () => {
    const locks = new KeyedLock<string>();
    const stop = new Subject<void>();
    const record: string[] = [];
    locks.get('x').tryAcquire();
    locks
      .get('x')
      .acquire()
      .subscribe({ error: () => undefined });
    inShort(locks.get('x')).pipe(takeUntil(stop)).subscribe(recorder(record, 'x'));
    inShort(locks.get('x')).subscribe(recorder(record, 'all')).unsubscribe();
    expect(record).toEqual(['x: L1', 'all: L1']);
    stop.next();
    locks.cancelWaiters();
    expect(record).toEqual(['x: L1', 'all: L1', 'x: complete']);
  });

  it('changes with cancelWaiters(), and ends when the lock is closed, also for later observers', () => {
    const record: string[] = [];
    for (const end of [
      (locks: KeyedLock<string>) => {
        locks.complete();
      },
      (locks: KeyedLock<string>) => {
        locks.error(new RangeError());
      },
      (locks: KeyedLock<string>) => {
        locks.unsubscribe();
      },
    ]) {
      const locks = new KeyedLock<string>();
      const permit = locks.get('x').tryAcquire();
      locks
        .get('x')
        .acquire()
        .subscribe({ error: () => undefined });
      inShort(locks.get('x')).subscribe(recorder(record, 'x'));
      locks.cancelWaiters();
      end(locks);
      permit?.release();
      inShort(locks.get('x')).subscribe(recorder(record, 'late'));
    }
    const states = ['x: L1', 'x: L0'];
    expect(record).toEqual([
      ...[...states, 'x: complete', 'late: complete'],
      ...[...states, 'x: RangeError', 'late: RangeError'],
      ...[...states, 'x: complete', 'late: complete'],
    ]);
  });
});

describe('The state of a side of a ReadWriteLock', () => {
  it('says whether a subscriber would have to wait, and how many wait', () => {
    const lock = new ReadWriteLock();
    const record: string[] = [];
    inShort(lock.read).subscribe(recorder(record, 'read'));
    inShort(lock.write).subscribe(recorder(record, 'write'));
    expect(record.splice(0)).toEqual(['read: f0', 'write: f0']);
    const reader = lock.read.tryAcquire();
    expect(record.splice(0)).toEqual(['write: L0']);
    const writer = lock.write.acquire().subscribe();
    expect(record.splice(0)).toEqual(['read: L1', 'write: L1']);
    expect([lock.read.locked(), lock.read.waiting]).toEqual([true, 1]);
    reader?.release();
    expect(record.splice(0)).toEqual(['read: L0', 'write: L0']);
    writer.unsubscribe();
    lock.complete();
    expect(record.splice(0)).toEqual(['read: complete', 'write: complete']);
  });

  it('is frozen, as the state of a key is', () => {
    const states: LockState[] = [];
    of(new ReadWriteLock().read, new KeyedLock<string>().get('x')).subscribe((side) =>
      side.subscribe((state) => states.push(state)),
    );
    expect(states).toEqual([
      { locked: false, waiting: 0 },
      { locked: false, waiting: 0 },
    ]);
    expect(states.every((state) => Object.isFrozen(state))).toBeTrue();
  });
});
