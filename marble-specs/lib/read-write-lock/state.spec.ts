import { ReadWriteLock } from 'rxjs-locks';

import { itMarbles } from '../../support/marbles.js';

describe('The state of a ReadWriteLock', () => {
  itMarbles('shows its readers and its writer, and how many subscribers wait', ({ cold, expectObservable }) => {
    const lock = new ReadWriteLock();
    const reading = cold('   ------|        ');
    const writing = cold('         ---|     ');
    const arrivals = cold('    -abc           ');
    const expected = '       zabc---d--e-----f';
    arrivals.subscribe((arrival) => {
      (arrival === 'b' ? lock.write.use(() => writing) : lock.read.use(() => reading)).subscribe();
    });
    expectObservable(lock).toBe(expected, {
      z: { readers: 0, writing: false, waiting: 0 },
      a: { readers: 1, writing: false, waiting: 0 },
      b: { readers: 1, writing: false, waiting: 1 },
      c: { readers: 1, writing: false, waiting: 2 },
      d: { readers: 0, writing: true, waiting: 1 },
      e: { readers: 1, writing: false, waiting: 0 },
      f: { readers: 0, writing: false, waiting: 0 },
    });
  });

  it('is locked on a side exactly when tryAcquire returns null there', () => {
    const lock = new ReadWriteLock();
    const looks = (): string => [lock.read, lock.write].map((side) => (side.locked() ? 'locked' : 'free')).join(' ');
    const tries = (): string => {
      const permits = [lock.read, lock.write].map((side) => {
        const permit = side.tryAcquire();
        permit?.release();
        return permit === null ? 'locked' : 'free';
      });
      return permits.join(' ');
    };
    expect([looks(), tries()]).toEqual(['free free', 'free free']);
    const reader = lock.read.tryAcquire();
    expect([looks(), tries()]).toEqual(['free locked', 'free locked']);
    const waiting = lock.write.acquire().subscribe();
    expect([looks(), tries()]).toEqual(['locked locked', 'locked locked']);
    waiting.unsubscribe();
    expect([looks(), tries()]).toEqual(['free locked', 'free locked']);
    reader?.release();
    lock.write.tryAcquire();
    expect([looks(), tries()]).toEqual(['locked locked', 'locked locked']);
  });

  it('publishes one state for a release that grants several readers, before it delivers the grants', () => {
    const lock = new ReadWriteLock();
    const record: string[] = [];
    const holder = lock.write.tryAcquire();
    lock.read.acquire().subscribe(() => record.push('a'));
    lock.read.acquire().subscribe(() => record.push('b'));
    lock.subscribe(({ readers, waiting }) => record.push(`${String(readers)} read, ${String(waiting)} wait`));
    holder?.release();
    expect(record).toEqual(['0 read, 2 wait', '2 read, 0 wait', 'a', 'b']);
  });

  it('publishes each state in order, even if an observer downgrades and releases', () => {
    const lock = new ReadWriteLock();
    const seen: string[] = [];
    const permit = lock.write.tryAcquire();
    lock.subscribe(({ readers, waiting }) => {
      if (waiting === 1 && readers === 0) {
        permit?.downgrade();
      } else if (readers === 1) {
        permit?.release();
      }
    });
    lock.subscribe(({ readers, writing, waiting }) => seen.push(`${String(readers)} ${String(writing)} ${String(waiting)}`));
    lock.write.acquire().subscribe(() => seen.push('next'));
    expect(seen).toEqual(['0 true 0', '0 true 1', '1 false 1', '0 true 0', 'next']);
  });

  it('names its sides in messages', () => {
    const lock = new ReadWriteLock({ name: 'settings' });
    expect(String(lock)).toBe('read-write lock "settings"');
    expect(String(lock.read)).toBe('read-write lock "settings" for reading');
    expect(String(lock.write)).toBe('read-write lock "settings" for writing');
  });
});
