import { BoundedSemaphore, Semaphore, type Permit } from 'rxjs-locks';

import { deliveries, insideADelivery } from '../support/deliveries.js';
import { Waiters } from './waiters.js';

/** Bugs that semaphores elsewhere had, by the number of their tracker and, where there is one, CPython's test. */
describe('Parity of Semaphore', () => {
  it('S1 bpo-45997, gh-90155, test_acquire_fifo_order: loops of acquire and release take turns', () => {
    const semaphore = new Semaphore(1);
    const waiters = new Waiters(semaphore);
    const turn = (name: string, left: number): void => {
      waiters.acquire(`${name}${String(left)}`, 1, (permit) => {
        if (left > 1) {
          turn(name, left - 1);
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
    expect(waiters.granted).toEqual(['a3', 'b3', 'c3', 'a2', 'b2', 'c2', 'a1', 'b1', 'c1']);
    expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
  });

  for (const [where, deliver] of deliveries) {
    it(`S1 gh-90155, test_acquire_fifo_order_2: a holder that releases and acquires again is behind the waiters, ${where}`, () => {
      const semaphore = new Semaphore(1);
      const waiters = new Waiters(semaphore);
      waiters.acquire('a');
      waiters.acquire('b', 1, () => {
        semaphore.release();
        waiters.acquire('b again');
      });
      waiters.acquire('c');
      deliver(() => {
        semaphore.release();
        semaphore.release();
      });
      // Inside a delivery, b and c are both granted a unit, and b acquires a unit that is left: a difference.
      expect(waiters.granted).toEqual(where === 'inside a delivery' ? ['a', 'b', 'b again', 'c'] : ['a', 'b', 'c', 'b again']);
      expect(semaphore.value).toEqual({ available: 0, waiting: 0 });
    });

    it(`S1 gh-90155, test_acquire_fifo_order_3: a cancelled head does not consume a release, ${where}`, () => {
      const semaphore = new Semaphore(0);
      const waiters = new Waiters(semaphore);
      waiters.acquire('a');
      waiters.acquire('b');
      deliver(() => {
        waiters.cancel('a');
        semaphore.release(2);
      });
      expect(waiters.granted).toEqual(['b']);
      expect(semaphore.available).toBe(1);
    });

    it(`S2 gh-90155, test_acquire_hang: a release right after the cancel of the head reaches the next waiter, ${where}`, () => {
      const semaphore = new Semaphore(0);
      const waiters = new Waiters(semaphore);
      waiters.acquire('a');
      waiters.acquire('b');
      deliver(() => {
        waiters.cancel('a');
        semaphore.release();
      });
      expect(waiters.granted).toEqual(['b']);
      expect(semaphore.value).toEqual({ available: 0, waiting: 0 });
    });

    it(`S2 gh-90155, test_acquire_no_hang: the cancel of a woken waiter does not block the semaphore, ${where}`, () => {
      const semaphore = new Semaphore(1);
      const waiters = new Waiters(semaphore);
      waiters.acquire('a');
      waiters.acquire('b');
      waiters.acquire('c');
      semaphore.subscribe(({ waiting }) => {
        if (waiting === 1) {
          waiters.cancel('b');
        }
      });
      deliver(() => {
        waiters.release('a');
      });
      expect(waiters.granted).toEqual(['a', 'c']);
      waiters.release('c');
      expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
    });

    it(`S3 gh-97545: n releases in one turn wake n waiters, ${where}`, () => {
      const semaphore = new Semaphore(0);
      const waiters = new Waiters(semaphore);
      ['a', 'b', 'c', 'd'].forEach((name) => {
        waiters.acquire(name);
      });
      deliver(() => {
        for (let n = 0; n < 3; n++) {
          semaphore.release();
        }
      });
      expect(waiters.granted).toEqual(['a', 'b', 'c']);
    });

    it(`S4 gh-111693, test_acquire_fifo_order_4: new waiters queue even if units are free, and one release wakes all that fit, ${where}`, () => {
      const semaphore = new Semaphore(1);
      const waiters = new Waiters(semaphore);
      waiters.acquire('heavy', 3);
      waiters.acquire('b');
      waiters.acquire('c');
      expect(waiters.granted).toEqual([]);
      expect(semaphore.available).toBe(1);
      deliver(() => {
        semaphore.release(3);
      });
      expect(waiters.granted).toEqual(['heavy', 'b']);
      expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
    });

    it(`S6, test_acquire_cancel_before_awoken: with six waiters, two releases and three cancels grant exactly two, ${where}`, () => {
      const semaphore = new Semaphore(0);
      const waiters = new Waiters(semaphore);
      for (let index = 0; index < 6; index++) {
        waiters.acquire(String(index));
      }
      deliver(() => {
        insideADelivery(() => {
          waiters.cancel('0');
          semaphore.release();
          semaphore.release();
          waiters.cancel('1');
          waiters.cancel('3');
        });
      });
      expect(waiters.granted).toEqual(['2', '4']);
      expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
    });

    it(`S7 python/asyncio #270, #271: a cancelled woken waiter passes its permit on, ${where}`, () => {
      const semaphore = new Semaphore(0);
      const waiters = new Waiters(semaphore);
      waiters.acquire('a', 1, () => {
        waiters.cancel('b');
      });
      waiters.acquire('b');
      waiters.acquire('c');
      deliver(() => {
        semaphore.release(2);
      });
      expect(waiters.granted).toEqual(['a', 'c']);
      expect(semaphore.available).toBe(0);
    });

    it(`S10 go#37852, embassy #6964: the cancel of a heavy head wakes the waiters behind it, ${where}`, () => {
      const semaphore = new Semaphore(2);
      const waiters = new Waiters(semaphore);
      waiters.acquire('big', 3);
      waiters.acquire('a');
      waiters.acquire('b');
      deliver(() => {
        waiters.cancel('big');
      });
      expect(waiters.granted).toEqual(['a', 'b']);
    });

    it(`S11 anyio #1170, #947: tryAcquire fails between the release and the delivery of the grant, ${where}`, () => {
      const semaphore = new Semaphore(1);
      const waiters = new Waiters(semaphore);
      const tried: (Permit | null)[] = [];
      waiters.acquire('a');
      waiters.acquire('b');
      semaphore.subscribe(({ waiting }) => {
        if (waiting === 0) {
          tried.push(semaphore.tryAcquire());
        }
      });
      deliver(() => {
        waiters.release('a');
      });
      expect(tried).toEqual([null]);
      expect(waiters.granted).toEqual(['a', 'b']);
    });

    it(`S12 anyio #1019, #1183: a larger bound wakes as many waiters as fit, in order, ${where}`, () => {
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
  }

  it('S5: locked() is true if units are free and a waiter wants more', () => {
    const semaphore = new Semaphore(1);
    new Waiters(semaphore).acquire('heavy', 2);
    expect(semaphore.available).toBe(1);
    expect(semaphore.locked()).toBeTrue();
  });

  it('S8: an initial value below 0 is an error, and 0 means no units', () => {
    expect(() => new Semaphore(-1)).toThrowError(RangeError);
    expect(new Semaphore(0).locked()).toBeTrue();
  });

  it('S9: a bounded semaphore throws at an unmatched release, and two releases with one waiter are legal', () => {
    const semaphore = new BoundedSemaphore(2);
    expect(() => {
      semaphore.release();
    }).toThrowError(RangeError);
    const waiters = new Waiters(semaphore);
    ['a', 'b', 'c'].forEach((name) => {
      waiters.acquire(name);
    });
    semaphore.release();
    semaphore.release();
    expect(waiters.granted).toEqual(['a', 'b', 'c']);
    expect(semaphore.available).toBe(1);
  });

  it('S10 go#80183: a weight of 0 or above the bound is an error, and blocks no waiter', () => {
    const semaphore = new BoundedSemaphore(2);
    const waiters = new Waiters(semaphore);
    expect(() => {
      waiters.acquire('none', 0);
    }).toThrowError(RangeError);
    waiters.acquire('too much', 3);
    waiters.acquire('a', 2);
    expect(waiters.failed).toEqual(['too much: RangeError']);
    expect(waiters.granted).toEqual(['a']);
  });

  it('S13 trio #548: cancelled waiters leave nothing behind', () => {
    const semaphore = new Semaphore(0);
    const waiters = new Waiters(semaphore);
    for (let n = 0; n < 1000; n++) {
      waiters.acquire(String(n));
    }
    for (let n = 0; n < 1000; n++) {
      waiters.cancel(String((n * 7) % 1000));
    }
    expect(semaphore.waiting).toBe(0);
    expect(semaphore.queue.head).toBeUndefined();
  });
});
