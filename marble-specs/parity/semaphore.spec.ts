import { BoundedSemaphore, Semaphore, type Permit } from 'rxjs-locks';

import { deliveries, insideADelivery } from '../support/deliveries.js';
import { Visitors } from './visitors.js';

/** Bugs that semaphores elsewhere had, by the number of their tracker and, where there is one, CPython's test. */
describe('Parity of Semaphore', () => {
  it('S1 bpo-45997, gh-90155, test_acquire_fifo_order: loops of acquire and release take turns', () => {
    const semaphore = new Semaphore(1);
    const visitors = new Visitors(semaphore);
    const turn = (who: string, left: number): void => {
      visitors.come(`${who}${String(left)}`, 1, (permit) => {
        if (left > 1) {
          turn(who, left - 1);
        }
        permit.release();
      });
    };
    insideADelivery(() => {
      const holder = semaphore.tryAcquire();
      turn('a', 3);
      turn('b', 3);
      turn('c', 3);
      holder?.release();
    });
    expect(visitors.entered).toEqual(['a3', 'b3', 'c3', 'a2', 'b2', 'c2', 'a1', 'b1', 'c1']);
    expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
  });

  for (const [where, deliver] of deliveries) {
    it(`S12 anyio #1019, #1183: growing wakes as many as fit, in order, ${where}`, () => {
      const semaphore = new BoundedSemaphore(1);
      const record: string[] = [];
      semaphore.tryAcquire();
      semaphore.acquire().subscribe(() => record.push('a'));
      semaphore.acquire().subscribe(() => record.push('b'));
      semaphore.acquire().subscribe(() => record.push('c'));
      deliver(() => {
        semaphore.resize(3);
        expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
      });
      expect(record).toEqual(['a', 'b']);
      expect(semaphore.bound).toBe(3);
    });

    it(`S1 gh-90155, test_acquire_fifo_order_2: who releases and comes again is behind those in line, ${where}`, () => {
      const semaphore = new Semaphore(1);
      const visitors = new Visitors(semaphore);
      visitors.come('a');
      visitors.come('b', 1, () => {
        semaphore.release();
        visitors.come('b again');
      });
      visitors.come('c');
      deliver(() => {
        semaphore.release();
        semaphore.release();
      });
      // Inside, b and c have both been promised a unit, and b comes for one that is left: a difference.
      expect(visitors.entered).toEqual(where === 'inside a delivery' ? ['a', 'b', 'b again', 'c'] : ['a', 'b', 'c', 'b again']);
      expect(semaphore.value).toEqual({ available: 0, waiting: 0 });
    });

    it(`S1 gh-90155, test_acquire_fifo_order_3: a cancelled head does not eat a release, ${where}`, () => {
      const semaphore = new Semaphore(0);
      const visitors = new Visitors(semaphore);
      visitors.come('a');
      visitors.come('b');
      deliver(() => {
        visitors.cancel('a');
        semaphore.release(2);
      });
      expect(visitors.entered).toEqual(['b']);
      expect(semaphore.available).toBe(1);
    });

    it(`S2 gh-90155, test_acquire_hang: a release right after the cancel of the head reaches the next, ${where}`, () => {
      const semaphore = new Semaphore(0);
      const visitors = new Visitors(semaphore);
      visitors.come('a');
      visitors.come('b');
      deliver(() => {
        visitors.cancel('a');
        semaphore.release();
      });
      expect(visitors.entered).toEqual(['b']);
      expect(semaphore.value).toEqual({ available: 0, waiting: 0 });
    });

    it(`S2 gh-90155, test_acquire_no_hang: cancelling the woken waiter does not freeze it, ${where}`, () => {
      const semaphore = new Semaphore(1);
      const visitors = new Visitors(semaphore);
      visitors.come('a');
      visitors.come('b');
      visitors.come('c');
      semaphore.subscribe(({ waiting }) => {
        if (waiting === 1) {
          visitors.cancel('b');
        }
      });
      deliver(() => {
        visitors.leave('a');
      });
      expect(visitors.entered).toEqual(['a', 'c']);
      visitors.leave('c');
      expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
    });

    it(`S3 gh-97545: n releases in one turn wake n waiters, ${where}`, () => {
      const semaphore = new Semaphore(0);
      const visitors = new Visitors(semaphore);
      ['a', 'b', 'c', 'd'].forEach((who) => {
        visitors.come(who);
      });
      deliver(() => {
        for (let n = 0; n < 3; n++) {
          semaphore.release();
        }
      });
      expect(visitors.entered).toEqual(['a', 'b', 'c']);
    });

    it(`S4 gh-111693, test_acquire_fifo_order_4: newcomers queue though units are free, and one release wakes all who fit, ${where}`, () => {
      const semaphore = new Semaphore(1);
      const visitors = new Visitors(semaphore);
      visitors.come('heavy', 3);
      visitors.come('b');
      visitors.come('c');
      expect(visitors.entered).toEqual([]);
      expect(semaphore.available).toBe(1);
      deliver(() => {
        semaphore.release(3);
      });
      expect(visitors.entered).toEqual(['heavy', 'b']);
      expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
    });

    it(`S6, test_acquire_cancel_before_awoken: of six who wait, two releases and three cancels let exactly two in, ${where}`, () => {
      const semaphore = new Semaphore(0);
      const visitors = new Visitors(semaphore);
      for (let who = 0; who < 6; who++) {
        visitors.come(String(who));
      }
      deliver(() => {
        insideADelivery(() => {
          visitors.cancel('0');
          semaphore.release();
          semaphore.release();
          visitors.cancel('1');
          visitors.cancel('3');
        });
      });
      expect(visitors.entered).toEqual(['2', '4']);
      expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
    });

    it(`S7 python/asyncio #270, #271: the permit of a cancelled woken waiter goes back, and on, ${where}`, () => {
      const semaphore = new Semaphore(0);
      const visitors = new Visitors(semaphore);
      visitors.come('a', 1, () => {
        visitors.cancel('b');
      });
      visitors.come('b');
      visitors.come('c');
      deliver(() => {
        semaphore.release(2);
      });
      expect(visitors.entered).toEqual(['a', 'c']);
      expect(semaphore.available).toBe(0);
    });

    it(`S10 go#37852, embassy #6964: cancelling a big head wakes those behind it, ${where}`, () => {
      const semaphore = new Semaphore(2);
      const visitors = new Visitors(semaphore);
      visitors.come('big', 3);
      visitors.come('a');
      visitors.come('b');
      deliver(() => {
        visitors.cancel('big');
      });
      expect(visitors.entered).toEqual(['a', 'b']);
    });

    it(`S11 anyio #1170, #947: tryAcquire fails between the release and the entry of the waiter, ${where}`, () => {
      const semaphore = new Semaphore(1);
      const visitors = new Visitors(semaphore);
      const tried: (Permit | null)[] = [];
      visitors.come('a');
      visitors.come('b');
      semaphore.subscribe(({ waiting }) => {
        if (waiting === 0) {
          tried.push(semaphore.tryAcquire());
        }
      });
      deliver(() => {
        visitors.leave('a');
      });
      expect(tried).toEqual([null]);
      expect(visitors.entered).toEqual(['a', 'b']);
    });
  }

  it('S5: locked() is true where units are free and somebody waits for more', () => {
    const semaphore = new Semaphore(1);
    new Visitors(semaphore).come('heavy', 2);
    expect(semaphore.available).toBe(1);
    expect(semaphore.locked()).toBeTrue();
  });

  it('S8: an initial value below 0 is an error, 0 is none', () => {
    expect(() => new Semaphore(-1)).toThrowError(RangeError);
    expect(new Semaphore(0).locked()).toBeTrue();
  });

  it('S9: a bounded semaphore raises at an unmatched release; two releases with one waiter are legal', () => {
    const semaphore = new BoundedSemaphore(2);
    expect(() => {
      semaphore.release();
    }).toThrowError(RangeError);
    const visitors = new Visitors(semaphore);
    ['a', 'b', 'c'].forEach((who) => {
      visitors.come(who);
    });
    semaphore.release();
    semaphore.release();
    expect(visitors.entered).toEqual(['a', 'b', 'c']);
    expect(semaphore.available).toBe(1);
  });

  it('S10 go#80183: weights that are none, or above the bound, are errors, and block nobody', () => {
    const semaphore = new BoundedSemaphore(2);
    const visitors = new Visitors(semaphore);
    expect(() => {
      visitors.come('none', 0);
    }).toThrowError(RangeError);
    visitors.come('too much', 3);
    visitors.come('a', 2);
    expect(visitors.failed).toEqual(['too much: RangeError']);
    expect(visitors.entered).toEqual(['a']);
  });

  it('S13 trio #548: cancelled waiters leave nothing behind', () => {
    const semaphore = new Semaphore(0);
    const visitors = new Visitors(semaphore);
    for (let n = 0; n < 1000; n++) {
      visitors.come(String(n));
    }
    for (let n = 0; n < 1000; n++) {
      visitors.cancel(String((n * 7) % 1000));
    }
    expect(semaphore.waiting).toBe(0);
    expect(semaphore.queue.head).toBeUndefined();
  });
});
