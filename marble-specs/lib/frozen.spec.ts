import { of } from 'rxjs';
import {
  Barrier,
  BoundedSemaphore,
  ClosedError,
  Condition,
  Event,
  KeyedLock,
  Lock,
  ReadWriteLock,
  Semaphore,
  type Acquirable,
  type Permit,
} from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { deepFreeze } from '../support/deep-freeze.js';
import { insideADelivery } from '../support/deliveries.js';
import { recorder } from '../support/recorder.js';
import { unhandledDuring } from '../support/unhandled.js';

/** A store that checks its state in development freezes each value that it gets, and everything that the value leads to. */
describe('A primitive that a store has frozen', () => {
  interface Acquired extends Acquirable {
    tryAcquire(): Permit | null;
    locked(): boolean;
  }

  const acquirables: readonly (readonly [string, () => { whole: object; primitive: Acquired }])[] = [
    ['Lock', () => alone(new Lock())],
    ['Semaphore', () => alone(new Semaphore())],
    ['BoundedSemaphore', () => alone(new BoundedSemaphore())],
    ['Condition', () => alone(new Condition())],
    ['ReadWriteLock.write', () => sideOf(new ReadWriteLock(), ({ write }) => write)],
    ['ReadWriteLock.read', () => sideOf(new ReadWriteLock(), ({ read }) => read)],
    ['KeyedLock, one key', () => sideOf(new KeyedLock<string>(), (locks) => locks.get('x'))],
    ['KeyedLock, two keys', () => sideOf(new KeyedLock<string>(), (locks) => locks.all(['x', 'y']))],
  ];

  function alone(primitive: Acquired): { whole: object; primitive: Acquired } {
    return { whole: primitive, primitive };
  }

  function sideOf<W extends object>(whole: W, side: (whole: W) => Acquired): { whole: object; primitive: Acquired } {
    return { whole, primitive: side(whole) };
  }

  for (const [name, create] of acquirables) {
    it(`grants in order, with or without waiters in its queue: ${name}`, () => {
      for (const before of [true, false]) {
        const { whole, primitive } = create();
        const record: string[] = [];
        const freeze = (): void => {
          deepFreeze({ whole, primitive });
        };
        if (before) {
          freeze();
        }
        const permit = primitive.tryAcquire();
        primitive.acquire().subscribe((given) => {
          record.push('first');
          given.release();
        });
        of('second')
          .pipe(withLock(primitive))
          .subscribe((value) => record.push(value));
        if (!before) {
          freeze();
        }
        permit?.release();
        expect(record).toEqual(['first', 'second']);
        expect(primitive.tryAcquire()).not.toBeNull();
      }
    });
  }

  it('can be resized: BoundedSemaphore', () => {
    const semaphore = new BoundedSemaphore(1);
    deepFreeze(semaphore);
    semaphore.tryAcquire();
    const record: string[] = [];
    semaphore.acquire().subscribe(recorder(record, 'a'));
    semaphore.resize(2);
    expect(record).toEqual(['a: permit', 'a: complete']);
    expect(semaphore.value).toEqual({ available: 0, waiting: 0 });
  });

  it('wakes its waiters: Event, Condition, Barrier', () => {
    const record: string[] = [];
    const event = new Event();
    const condition = new Condition();
    const barrier = new Barrier(2);
    deepFreeze([event, condition, barrier]);
    event.wait().subscribe(recorder(record, 'event'));
    event.set();
    condition.use((permit) => condition.wait({ permit })).subscribe(recorder(record, 'condition'));
    condition
      .use(() => {
        condition.notify();
        return [];
      })
      .subscribe();
    barrier.wait().subscribe(recorder(record, 'barrier'));
    barrier.wait().subscribe();
    expect(record).toEqual([
      'event: true',
      'event: complete',
      'condition: true',
      'condition: complete',
      'barrier: 0',
      'barrier: complete',
    ]);
    expect([event.isSet(), condition.locked(), barrier.waiting]).toEqual([true, false, 0]);
    barrier.abort();
    expect(barrier.broken).toBeTrue();
  });

  it('has its state in value, and accepts no new observers, as any Subject that is frozen', () => {
    const lock = new Lock();
    const record: string[] = [];
    lock.subscribe(recorder(record, 'early'));
    deepFreeze(lock);
    lock.tryAcquire();
    lock.subscribe(recorder(record, 'late'));
    lock.complete();
    expect(record).toEqual(['early: {"locked":false,"waiting":0}', 'late: TypeError']);
    expect(lock.value).toEqual({ locked: true, waiting: 0 });
  });

  it('reports no error if it is frozen while a state is being published, or closed by unsubscribe() after that', async () => {
    const lock = new Lock();
    lock.subscribe();
    const errors = await unhandledDuring(() => {
      insideADelivery(() => {
        lock.tryAcquire();
        deepFreeze(lock);
      });
      lock.unsubscribe();
    });
    expect(errors).toEqual([]);
    expect(() => lock.tryAcquire()).toThrowError(ClosedError);
  });

  it('fails its waiters when it is closed, and later subscribers too', () => {
    const lock = new Lock();
    const record: string[] = [];
    lock.tryAcquire();
    lock.acquire().subscribe(recorder(record, 'a'));
    deepFreeze(lock);
    lock.acquire().subscribe(recorder(record, 'b'));
    lock.cancelWaiters();
    lock.acquire().subscribe(recorder(record, 'c'));
    lock.complete();
    lock.acquire().subscribe(recorder(record, 'd'));
    expect(record).toEqual(['a: CancelledError', 'b: CancelledError', 'c: ClosedError', 'd: ClosedError']);
  });
});
