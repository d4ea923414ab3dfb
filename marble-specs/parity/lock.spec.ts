import { Lock, NotAcquiredError } from 'rxjs-locks';

import { deliveries } from '../support/deliveries.js';
import { Waiters } from './waiters.js';

/** Bugs that locks elsewhere had, by the number of their tracker and, where there is one, CPython's test. */
describe('Parity of Lock', () => {
  it('L5: release() throws on an unlocked lock, and any caller may release a locked one', () => {
    const lock = new Lock();
    expect(() => {
      lock.release();
    }).toThrowError(NotAcquiredError);
    const waiters = new Waiters(lock);
    waiters.acquire('a');
    lock.release();
    expect(lock.locked()).toBeFalse();
  });

  it('L6 gh-97028, gh-138121: after a release with a waiter, locked() is true (a difference: the hand-over is direct)', () => {
    const lock = new Lock();
    const waiters = new Waiters(lock);
    waiters.acquire('a');
    waiters.acquire('b', 1, () => {
      seen.push('b');
    });
    const seen: string[] = [];
    lock.subscribe(({ locked, waiting }) => seen.push(`${locked ? 'locked' : 'free'}, ${String(waiting)} waiting`));
    waiters.release('a');
    expect(seen).toEqual(['locked, 1 waiting', 'locked, 0 waiting', 'b']);
  });

  for (const [where, deliver] of deliveries) {
    it(`L1 bpo-27585, python/asyncio #467, test_finished_waiter_cancelled: a woken waiter that is cancelled passes its grant on, ${where}`, () => {
      const lock = new Lock();
      const waiters = new Waiters(lock);
      waiters.acquire('a');
      waiters.acquire('b');
      waiters.acquire('c');
      deliver(() => {
        lock.subscribe(({ waiting }) => {
          // The lock is granted to b, and the grant is not delivered yet.
          if (waiting === 1) {
            waiters.cancel('b');
          }
        });
        waiters.release('a');
      });
      expect(waiters.granted).toEqual(['a', 'c']);
      expect(lock.locked()).toBeTrue();
    });

    it(`L2 bpo-32734, gh-76915, test_cancel_release_race: a cancel and a release in one turn grant exactly one waiter, ${where}`, () => {
      const lock = new Lock();
      const waiters = new Waiters(lock);
      ['a', 'b', 'c', 'd'].forEach((name) => {
        waiters.acquire(name);
      });
      deliver(() => {
        waiters.cancel('b');
        waiters.release('a');
      });
      expect(waiters.granted).toEqual(['a', 'c']);
      expect(lock.value).toEqual({ locked: true, waiting: 1 });
    });

    it(`L3, test_cancel_race: a release while the head is being cancelled reaches the next waiter, ${where}`, () => {
      const lock = new Lock();
      const waiters = new Waiters(lock);
      ['a', 'b', 'c'].forEach((name) => {
        waiters.acquire(name);
      });
      deliver(() => {
        waiters.release('a');
        waiters.cancel('b');
      });
      // Outside of a delivery, b has its permit before the cancel, which then has no effect.
      expect(waiters.granted).toEqual(where === 'inside a delivery' ? ['a', 'c'] : ['a', 'b']);
    });

    it(`L4 python/asyncio #486, trio #54: a holder that releases and acquires again goes to the back of the queue, ${where}`, () => {
      const lock = new Lock();
      const waiters = new Waiters(lock);
      waiters.acquire('a');
      waiters.acquire('b');
      deliver(() => {
        waiters.release('a');
        waiters.acquire('a again');
      });
      expect(waiters.granted).toEqual(['a', 'b']);
      waiters.release('b');
      expect(waiters.granted).toEqual(['a', 'b', 'a again']);
    });

    it(`L7, test_acquire_cancel: a waiter that is cancelled before its grant leaves nothing behind, ${where}`, () => {
      const lock = new Lock();
      const waiters = new Waiters(lock);
      waiters.acquire('a');
      waiters.acquire('b');
      deliver(() => {
        waiters.cancel('b');
        expect(lock.waiting).toBe(0);
      });
      waiters.release('a');
      expect(lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it(`L8 anyio #1145: a cancel, a release and a new acquire in one turn grant the new subscriber, ${where}`, () => {
      const lock = new Lock();
      const waiters = new Waiters(lock);
      waiters.acquire('owner');
      waiters.acquire('waiter');
      deliver(() => {
        waiters.cancel('waiter');
        waiters.release('owner');
        waiters.acquire('new');
      });
      expect(waiters.granted).toEqual(['owner', 'new']);
      waiters.release('new');
      expect(lock.locked()).toBeFalse();
    });
  }

  it('L10 anyio #398, httpcore #454: a cancel between the grant and its delivery frees the lock', () => {
    const lock = new Lock();
    const waiters = new Waiters(lock);
    waiters.acquire('a');
    waiters.acquire('b');
    lock.subscribe(({ waiting }) => {
      if (waiting === 0) {
        waiters.cancel('b');
      }
    });
    waiters.release('a');
    expect(waiters.granted).toEqual(['a']);
    expect(lock.value).toEqual({ locked: false, waiting: 0 });
  });
});
