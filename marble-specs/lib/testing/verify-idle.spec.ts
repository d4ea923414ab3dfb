import { Subscription } from 'rxjs';
import { Barrier, BoundedSemaphore, Condition, Event, KeyedLock, Lock, ReadWriteLock, Semaphore, type Permit } from 'rxjs-locks';
import { verifyIdle } from 'rxjs-locks/testing';

/** The lines of the error, or an empty list if all primitives are idle. */
function linesOf(...primitives: Parameters<typeof verifyIdle>): string[] {
  try {
    verifyIdle(...primitives);
    return [];
  } catch (error) {
    const [head, ...lines] = (error as Error).message.split('\n');
    expect(head).toBe('not idle:');
    return lines;
  }
}

describe('verifyIdle', () => {
  it('accepts idle primitives of every kind', () => {
    const locks = new KeyedLock<string>();
    const both = new ReadWriteLock();
    const idle = [new Lock(), new Semaphore(2), new BoundedSemaphore(2), new Event(), new Condition(), new Barrier(2)];
    expect(() => {
      verifyIdle(...idle, locks, locks.get('a'), both, both.read, both.write);
      verifyIdle();
    }).not.toThrow();
  });

  it('has a line for each primitive that is not idle, and for no other', () => {
    const api = new Semaphore(2, { name: 'api' });
    const idle = new Semaphore(2, { name: 'idle' });
    const orders = new Lock({ name: 'orders' });
    api.acquire().subscribe();
    api.acquire().subscribe();
    api.acquire().subscribe();
    orders.acquire().subscribe();
    expect(linesOf(api, idle, orders)).toEqual(['semaphore "api": 2 permits out, 1 waiting', 'lock "orders": 1 permit out']);
  });

  it('has one line for a primitive that is given twice', () => {
    const lock = new Lock();
    lock.acquire().subscribe();
    expect(linesOf(lock, lock)).toEqual(['lock: 1 permit out']);
  });

  it('reports waiters of an event, a barrier and a condition', () => {
    const event = new Event();
    const barrier = new Barrier(2);
    const condition = new Condition();
    event.wait().subscribe();
    barrier.wait().subscribe();
    condition.use((permit) => condition.wait({ permit })).subscribe();
    expect(linesOf(event, barrier, condition)).toEqual(['event: 1 waiting', 'barrier: 1 waiting', 'condition: 1 waiting']);
  });

  it('verifies the lock of a condition too', () => {
    const condition = new Condition();
    condition.use((permit) => condition.wait({ permit })).subscribe();
    condition.acquire().subscribe();
    condition.notify();
    expect(linesOf(condition)).toEqual(['lock: 1 permit out, 1 waiting']);
  });

  it('reports readers, writers and sides', () => {
    const lock = new ReadWriteLock({ name: 'file' });
    lock.read.acquire().subscribe();
    lock.read.acquire().subscribe();
    expect(linesOf(lock, lock.read, lock.write)).toEqual([
      'read-write lock "file": 2 permits out',
      'read-write lock "file" for writing: in use',
    ]);
    lock.write.acquire().subscribe();
    expect(linesOf(lock)).toEqual(['read-write lock "file": 2 permits out, 1 waiting']);
  });

  it('reports a writer', () => {
    const lock = new ReadWriteLock();
    lock.write.acquire().subscribe();
    expect(linesOf(lock)).toEqual(['read-write lock: 1 permit out']);
  });

  it('reports the keys of a keyed lock', () => {
    const locks = new KeyedLock<string>();
    locks.get('a').acquire().subscribe();
    expect(linesOf(locks)).toEqual(['keyed lock: 1 key in use']);
    locks.get('b').acquire().subscribe();
    locks.get('b').acquire().subscribe();
    expect(linesOf(locks)).toEqual(['keyed lock: 2 keys in use, 1 waiting']);
    expect(linesOf(locks.get('b'))).toEqual([`${String(locks.get('b'))}: in use, 1 waiting`]);
  });

  it('can verify a closed primitive', () => {
    const lock = new Lock();
    lock.acquire().subscribe();
    lock.error(new Error('closed'));
    expect(linesOf(lock)).toEqual(['lock: 1 permit out']);
  });

  it('refuses a value that is not a primitive', () => {
    const given = (value: unknown) => (): void => {
      verifyIdle(value as Lock);
    };
    expect(given(undefined)).toThrowError(TypeError, 'verifyIdle needs a primitive, a side or a key, but got undefined');
    expect(given({ waiting: 0 })).toThrowError(
      TypeError,
      'verifyIdle needs a primitive, a side or a key, but got [object Object]',
    );
  });

  describe('The permits of a semaphore', () => {
    for (const [kind, semaphore] of [
      ['Semaphore', () => new Semaphore(5)],
      ['BoundedSemaphore', () => new BoundedSemaphore(5)],
    ] as const) {
      describe(kind, () => {
        it('counts the weight of a permit, until it is released', () => {
          const s = semaphore();
          const permits: Permit[] = [];
          s.acquire(3).subscribe((permit) => permits.push(permit));
          s.acquire().subscribe((permit) => permits.push(permit));
          expect(linesOf(s)).toEqual([`${String(s)}: 4 permits out`]);
          permits[0]?.release();
          permits[0]?.release();
          expect(linesOf(s)).toEqual([`${String(s)}: 1 permit out`]);
          permits[1]?.release();
          expect(linesOf(s)).toEqual([]);
        });

        it('counts the permits of tryAcquire, of tasks and of waiters', () => {
          const s = semaphore();
          const permit = s.tryAcquire(5);
          const task = s.use(() => new Event().wait(), { weight: 2 }).subscribe();
          expect(linesOf(s)).toEqual([`${String(s)}: 5 permits out, 1 waiting`]);
          permit?.release();
          expect(linesOf(s)).toEqual([`${String(s)}: 2 permits out`]);
          task.unsubscribe();
          expect(linesOf(s)).toEqual([]);
        });

        it('counts no permit that is cancelled before its delivery', () => {
          const s = semaphore();
          const first = s.tryAcquire(5);
          let second = Subscription.EMPTY;
          const observer = s.subscribe(({ available, waiting }) => {
            if (available === 0 && waiting === 0) {
              second.unsubscribe();
            }
          });
          second = s.acquire(5).subscribe();
          first?.release();
          observer.unsubscribe();
          expect(linesOf(s)).toEqual([]);
        });

        it('does not count what release() releases', () => {
          const s = semaphore();
          const permit = s.tryAcquire(2);
          s.release(2);
          expect(linesOf(s)).toEqual([`${String(s)}: 2 permits out`]);
          permit?.release();
          expect(linesOf(s)).toEqual([]);
        });
      });
    }
  });
});
