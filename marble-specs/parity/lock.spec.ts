import { Lock, NotAcquiredError } from 'rxjs-locks';

import { deliveries } from '../support/deliveries.js';
import { Visitors } from './visitors.js';

/** Bugs that locks elsewhere had, by the number of their tracker and, where there is one, CPython's test. */
describe('Parity of Lock', () => {
  for (const [where, deliver] of deliveries) {
    it(`L1 bpo-27585, python/asyncio #467, test_finished_waiter_cancelled: a woken waiter that is cancelled passes on, ${where}`, () => {
      const lock = new Lock();
      const visitors = new Visitors(lock);
      visitors.come('a');
      visitors.come('b');
      visitors.come('c');
      deliver(() => {
        lock.subscribe(({ waiting }) => {
          // b has been promised the lock, and has not been told.
          if (waiting === 1) {
            visitors.cancel('b');
          }
        });
        visitors.leave('a');
      });
      expect(visitors.entered).toEqual(['a', 'c']);
      expect(lock.locked()).toBeTrue();
    });

    it(`L2 bpo-32734, gh-76915, test_cancel_release_race: a cancel and a release in one turn let exactly one in, ${where}`, () => {
      const lock = new Lock();
      const visitors = new Visitors(lock);
      ['a', 'b', 'c', 'd'].forEach((who) => {
        visitors.come(who);
      });
      deliver(() => {
        visitors.cancel('b');
        visitors.leave('a');
      });
      expect(visitors.entered).toEqual(['a', 'c']);
      expect(lock.value).toEqual({ locked: true, waiting: 1 });
    });

    it(`L3, test_cancel_race: a release while the head is just being cancelled reaches the next, ${where}`, () => {
      const lock = new Lock();
      const visitors = new Visitors(lock);
      ['a', 'b', 'c'].forEach((who) => {
        visitors.come(who);
      });
      deliver(() => {
        visitors.leave('a');
        visitors.cancel('b');
      });
      // Outside of a delivery b is in before it can be cancelled, and its permit is its own business.
      expect(visitors.entered).toEqual(where === 'inside a delivery' ? ['a', 'c'] : ['a', 'b']);
    });

    it(`L4 python/asyncio #486, trio #54: who releases and comes again goes to the back, ${where}`, () => {
      const lock = new Lock();
      const visitors = new Visitors(lock);
      visitors.come('a');
      visitors.come('b');
      deliver(() => {
        visitors.leave('a');
        visitors.come('a again');
      });
      expect(visitors.entered).toEqual(['a', 'b']);
      visitors.leave('b');
      expect(visitors.entered).toEqual(['a', 'b', 'a again']);
    });

    it(`L7, test_acquire_cancel: a waiter cancelled before its turn leaves no residue, ${where}`, () => {
      const lock = new Lock();
      const visitors = new Visitors(lock);
      visitors.come('a');
      visitors.come('b');
      deliver(() => {
        visitors.cancel('b');
        expect(lock.waiting).toBe(0);
      });
      visitors.leave('a');
      expect(lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it(`L8 anyio #1145: the waiter leaves, the holder releases, a new one comes, all in one turn, ${where}`, () => {
      const lock = new Lock();
      const visitors = new Visitors(lock);
      visitors.come('owner');
      visitors.come('waiter');
      deliver(() => {
        visitors.cancel('waiter');
        visitors.leave('owner');
        visitors.come('new');
      });
      expect(visitors.entered).toEqual(['owner', 'new']);
      visitors.leave('new');
      expect(lock.locked()).toBeFalse();
    });
  }

  it('L5: to release an unlocked lock is an error, and anyone may release a locked one', () => {
    const lock = new Lock();
    expect(() => {
      lock.release();
    }).toThrowError(NotAcquiredError);
    const visitors = new Visitors(lock);
    visitors.come('a');
    lock.release();
    expect(lock.locked()).toBeFalse();
  });

  it('L6 gh-97028, gh-138121: after a release with a waiter, locked() is true (a difference: the hand-over is direct)', () => {
    const lock = new Lock();
    const visitors = new Visitors(lock);
    visitors.come('a');
    visitors.come('b', 1, () => {
      seen.push('b');
    });
    const seen: string[] = [];
    lock.subscribe(({ locked, waiting }) => seen.push(`${locked ? 'locked' : 'free'}, ${String(waiting)} waiting`));
    visitors.leave('a');
    expect(seen).toEqual(['locked, 1 waiting', 'locked, 0 waiting', 'b']);
  });

  it('L10 anyio #398, httpcore #454: cancelled between grant and entry, the lock is free', () => {
    const lock = new Lock();
    const visitors = new Visitors(lock);
    visitors.come('a');
    visitors.come('b');
    lock.subscribe(({ waiting }) => {
      if (waiting === 0) {
        visitors.cancel('b');
      }
    });
    visitors.leave('a');
    expect(visitors.entered).toEqual(['a']);
    expect(lock.value).toEqual({ locked: false, waiting: 0 });
  });
});
