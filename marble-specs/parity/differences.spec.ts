import { EMPTY, finalize, NEVER, of, Subject, type Subscription } from 'rxjs';
import { Barrier, Condition, Event, Lock, Semaphore, type Permit } from 'rxjs-locks';

import { insideADelivery } from '../support/deliveries.js';
import { recorder } from '../support/recorder.js';
import { Waiters } from './waiters.js';

/** The differences from asyncio: one spec for each row of the table in docs/python.md, named after its first column. */
describe('Unlike asyncio, where', () => {
  it('after `release()`, `locked()` is false until the waiter has run: the hand-over is direct, and the lock stays locked', () => {
    const lock = new Lock();
    const waiters = new Waiters(lock);
    waiters.acquire('a');
    waiters.acquire('b');
    const seen: boolean[] = [];
    lock.subscribe(({ locked }) => seen.push(locked));
    insideADelivery(() => {
      waiters.release('a');
      expect(waiters.granted).toEqual(['a']);
      expect(lock.locked()).toBeTrue();
    });
    expect(waiters.granted).toEqual(['a', 'b']);
    expect(seen).toEqual([true, true]);
  });

  it('a woken waiter runs in a later turn of the event loop: it runs before release() returns, or after the handler that releases', () => {
    const lock = new Lock();
    const waiters = new Waiters(lock);
    ['a', 'b', 'c'].forEach((name) => {
      waiters.acquire(name);
    });
    waiters.release('a');
    expect(waiters.granted).toEqual(['a', 'b']);
    insideADelivery(() => {
      waiters.release('b');
      expect(waiters.granted).toEqual(['a', 'b']);
    });
    expect(waiters.granted).toEqual(['a', 'b', 'c']);
  });

  it('a caller that arrives while a woken waiter has not run yet queues behind it: a new subscriber takes a unit that is left, possibly first', () => {
    const semaphore = new Semaphore(0);
    const waiters = new Waiters(semaphore);
    waiters.acquire('woken');
    insideADelivery(() => {
      semaphore.release(2);
      waiters.acquire('new');
    });
    expect(waiters.granted).toEqual(['new', 'woken']);
    expect(semaphore.value).toEqual({ available: 0, waiting: 0 });
  });

  it('a task that notifies, releases and acquires again in one turn overtakes the task that it notified: the notified waiter goes first', () => {
    const condition = new Condition();
    const record: string[] = [];
    condition.use((permit) => condition.wait({ permit })).subscribe(() => record.push('notified'));
    insideADelivery(() => {
      const permit = condition.tryAcquire();
      condition.notify();
      permit?.release();
      condition.use(() => of('again')).subscribe((name) => record.push(name));
    });
    expect(record).toEqual(['notified', 'again']);
  });

  it('a cancelled task gets a `CancelledError`: a waiter that unsubscribes gets nothing, and cancelWaiters() fails the others', () => {
    const event = new Event();
    const record: string[] = [];
    event.wait().subscribe(recorder(record, 'a')).unsubscribe();
    expect(event.waiting).toBe(0);
    event.wait().subscribe(recorder(record, 'b'));
    event.cancelWaiters();
    expect(record).toEqual(['b: CancelledError']);
  });

  it('a cancelled task leaves the lock when it has run to its end: a task is torn down at once, and only a promise holds the lock', async () => {
    const lock = new Lock();
    const record: string[] = [];
    const task = NEVER.pipe(finalize(() => record.push(`torn down, ${lock.locked() ? 'locked' : 'free'}`)));
    lock
      .use(() => task)
      .subscribe()
      .unsubscribe();
    expect(record).toEqual(['torn down, locked']);
    expect(lock.locked()).toBeFalse();
    const promise = Promise.resolve();
    lock
      .use(() => promise)
      .subscribe()
      .unsubscribe();
    expect(lock.locked()).toBeTrue();
    await promise;
    expect(lock.locked()).toBeFalse();
  });

  it('a cancelled `wait()` acquires the lock again before it raises: an unsubscribed wait does not, and its section fails', () => {
    const condition = new Condition();
    const record: string[] = [];
    const leave = new Subject<void>();
    let entered: Permit | undefined;
    condition
      .use((permit) => {
        entered = permit;
        const wait = condition.wait({ permit }).subscribe();
        leave.subscribe(() => {
          wait.unsubscribe();
        });
        return NEVER;
      })
      .subscribe(recorder(record, 'section'));
    leave.next();
    expect(entered?.released).toBeTrue();
    expect(record).toEqual(['section: NotAcquiredError']);
    expect(condition.locked()).toBeFalse();
  });

  it('`wait_for()` returns at once, without the lock, if its predicate is true already: it fails (test_wait_for_unacquired)', () => {
    const condition = new Condition();
    const record: string[] = [];
    const predicate = jasmine.createSpy('predicate').and.returnValue([1, 2, 3]);
    condition.waitFor(predicate).subscribe(recorder(record, 'without the lock'));
    expect(record).toEqual(['without the lock: NotAcquiredError']);
    expect(predicate).not.toHaveBeenCalled();
    condition.use((permit) => condition.waitFor(predicate, { permit })).subscribe(recorder(record, 'with it'));
    expect(record.slice(1)).toEqual(['with it: [1,2,3]', 'with it: complete']);
  });

  it('a timeout around `wait()` raises `TimeoutError`: until makes it emit false, with the lock held again', () => {
    const condition = new Condition();
    const until = new Subject<void>();
    const record: string[] = [];
    condition
      .use((permit) => condition.wait({ permit, until }))
      .subscribe((notified) => record.push(`wait: ${String(notified)}, ${condition.locked() ? 'inside' : 'outside'}`));
    condition
      .use((permit) => condition.waitFor(() => 0, { permit, until }))
      .subscribe((value) => record.push(`waitFor: ${String(value)}, ${condition.locked() ? 'inside' : 'outside'}`));
    until.next();
    expect(record).toEqual(['wait: false, inside', 'waitFor: 0, inside']);
    expect(condition.locked()).toBeFalse();
  });

  it('a notification eaten by a waiter that is then cancelled, or whose predicate throws, can be lost: it passes to the next waiter', () => {
    const condition = new Condition();
    const record: string[] = [];
    const startWaiter = (name: string, predicate: () => boolean) =>
      condition.use((permit) => condition.waitFor(predicate, { permit })).subscribe(recorder(record, name));
    let ready = false;
    const cancelled = startWaiter('cancelled', () => ready);
    startWaiter('throwing', () => {
      if (ready) {
        throw new RangeError('predicate');
      }
      return false;
    });
    startWaiter('next', () => ready);
    const permit = condition.tryAcquire();
    condition.notify();
    ready = true;
    cancelled.unsubscribe();
    permit?.release();
    expect(record).toEqual(['throwing: RangeError', 'next: true', 'next: complete']);
  });

  it('`release()` inside `async with` makes its exit raise, or releases the lock of the next holder: a permit is released once', () => {
    const lock = new Lock();
    const waiters = new Waiters(lock);
    const leave = new Subject<void>();
    const record: string[] = [];
    lock.use(() => leave).subscribe(recorder(record, 'section'));
    waiters.acquire('next');
    lock.release();
    expect(waiters.granted).toEqual(['next']);
    leave.complete();
    expect(record).toEqual(['section: complete']);
    expect(lock.locked()).toBeTrue();
  });

  it('`notify(0)` wakes no waiter, without an error: it is a RangeError', () => {
    const condition = new Condition();
    condition
      .use(() => {
        for (const n of [0, -1]) {
          expect(() => {
            condition.notify(n);
          }).toThrowError(RangeError);
        }
        return EMPTY;
      })
      .subscribe();
    expect(condition.locked()).toBeFalse();
  });

  it('the task that completes a round of a barrier runs first: the order is that of the arrivals', () => {
    const barrier = new Barrier(3);
    const record: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      barrier.wait().subscribe(() => record.push(name));
    }
    expect(record).toEqual(['a', 'b', 'c']);
  });

  it('the indices of a round of a barrier repeat if a task has left: indices are given when the round is complete', () => {
    const barrier = new Barrier(3);
    const indices: number[] = [];
    const arrive = (): Subscription => barrier.wait().subscribe((index) => indices.push(index));
    const first = arrive();
    arrive();
    first.unsubscribe();
    arrive();
    arrive();
    expect(indices).toEqual([0, 1, 2]);
  });

  it('a task that arrives at a barrier whose round is being woken waits until the whole round has left: a new party counts for the next round', () => {
    const barrier = new Barrier(2);
    const waiting: number[] = [];
    barrier.wait().subscribe(() => {
      barrier.wait().subscribe();
      waiting.push(barrier.waiting);
    });
    barrier.wait().subscribe(() => {
      waiting.push(barrier.waiting);
    });
    expect(waiting).toEqual([1, 1]);
  });
});
