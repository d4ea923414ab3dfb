import { inspect } from 'node:util';

import { KeyedLock, Lock, ReadWriteLock } from 'rxjs-locks';

describe('console.log in Node', () => {
  it('shows a primitive by its name and its state, even if it is closed', () => {
    const lock = new Lock({ name: 'orders' });
    lock.tryAcquire();
    lock.acquire().subscribe({ error: () => undefined });
    expect(inspect(lock)).toBe('lock "orders" { locked: true, waiting: 1 }');
    lock.error(new Error('closed'));
    expect(inspect({ all: [lock] })).toBe('{ all: [ lock "orders" { locked: true, waiting: 0 } ] }');
    lock.unsubscribe();
    expect(inspect(lock)).toBe('lock "orders" { locked: true, waiting: 0 }');
  });

  it('shows a permit by its primitive, and whether it was released', () => {
    const lock = new Lock({ name: 'orders' });
    const permit = lock.tryAcquire();
    expect(inspect(permit)).toBe('permit of lock "orders" { released: false }');
    permit?.release();
    expect(inspect(permit)).toBe('permit of lock "orders" { released: true }');
  });

  it('shows a side of a primitive by whether it is locked', () => {
    expect(inspect(new ReadWriteLock().read)).toBe('read-write lock for reading { locked: false }');
    expect(inspect(new KeyedLock().get(1))).toBe('key 1 of keyed lock { locked: false }');
  });

  it('applies the options of its caller', () => {
    expect(inspect(new Lock(), { breakLength: 1 })).toBe('lock {\n  locked: false,\n  waiting: 0\n}');
  });
});
