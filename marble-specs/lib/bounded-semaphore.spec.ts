import { map, of, Subject, takeUntil } from 'rxjs';
import { BoundedSemaphore, NotAcquiredError, OverReleaseError, type AcquireOptions } from 'rxjs-locks';

import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deliveries, insideADelivery } from '../support/deliveries.js';
import { itMarbles } from '../support/marbles.js';

/** Writes `p` for a permit. */
const granted = map(() => 'p');

describe('BoundedSemaphore', () => {
  describe('Order', () => {
    itMarbles('grants as many permits as its bound, then one waiter for each release', ({ hot, expectObservable }) => {
      const semaphore = new BoundedSemaphore(2);
      const releases = hot('---x----x   ');
      const a = '           (p|)        ';
      const b = '           (p|)        ';
      const c = '           ---(p|)     ';
      const d = '           --------(p|)';
      releases.subscribe(() => {
        semaphore.release();
      });
      expectObservable(semaphore.acquire().pipe(granted)).toBe(a);
      expectObservable(semaphore.acquire().pipe(granted)).toBe(b);
      expectObservable(semaphore.acquire().pipe(granted)).toBe(c);
      expectObservable(semaphore.acquire().pipe(granted)).toBe(d);
    });

    for (const [where, deliver] of deliveries) {
      it(`fails a waiter that asks for more than the bound, before it blocks other waiters, ${where}`, () => {
        const semaphore = new BoundedSemaphore(2);
        const errors: unknown[] = [];
        const heavy = semaphore.acquire(3);
        deliver(() => {
          heavy.subscribe({ error: (error) => errors.push(error) });
          expect(semaphore.tryAcquire()).not.toBeNull();
        });
        expect(errors).toEqual([new RangeError('cannot acquire 3 of bounded semaphore: it never has more than 2')]);
        expect(() => semaphore.tryAcquire(3)).toThrowError(RangeError);
      });
    }
  });

  describe('Resizing', () => {
    itMarbles('grants waiters as soon as a larger bound allows, and fewer after a smaller one', ({ cold, expectObservable }) => {
      const larger = new BoundedSemaphore(2);
      const smaller = new BoundedSemaphore(2);
      const resizing = cold('     --s--l       ');
      const a = cold('            ----x        ');
      const b = cold('            --------x    ');
      const expectedLarger = '    -----(p|)    ';
      const expectedSmaller = '   --------(p|) ';
      const [permitA, permitB] = [smaller.tryAcquire(), smaller.tryAcquire()];
      larger.tryAcquire(2);
      resizing.subscribe((which) => {
        if (which === 's') {
          smaller.resize(1);
        } else {
          larger.resize(3);
        }
      });
      a.subscribe(() => permitA?.release());
      b.subscribe(() => permitB?.release());
      expectObservable(larger.acquire().pipe(granted)).toBe(expectedLarger);
      expectObservable(smaller.acquire().pipe(granted)).toBe(expectedSmaller);
    });

    for (const [where, deliver] of deliveries) {
      it(`takes no permit from a holder when it shrinks, and grants nothing until enough units are back, ${where}`, () => {
        const semaphore = new BoundedSemaphore(3);
        const record: string[] = [];
        const permits = [semaphore.tryAcquire(), semaphore.tryAcquire(), semaphore.tryAcquire()];
        semaphore.acquire().subscribe(() => record.push('a'));
        deliver(() => {
          semaphore.resize(1);
          expect(permits.map((permit) => permit?.released)).toEqual([false, false, false]);
          expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
          expect(semaphore.locked()).toBeTrue();
          permits[0]?.release();
          permits[1]?.release();
          expect(semaphore.waiting).toBe(1);
          permits[2]?.release();
        });
        expect(record).toEqual(['a']);
        expect(semaphore.value).toEqual({ available: 0, waiting: 0 });
      });

      it(`fails waiters that want more than a smaller bound, and grants those behind them, ${where}`, () => {
        const semaphore = new BoundedSemaphore(3, { name: 'slots' });
        const record: string[] = [];
        const permit = semaphore.tryAcquire();
        const enter = (name: string, weight: number): void => {
          semaphore.acquire(weight).subscribe({
            next: () => record.push(name),
            error: (error: Error) => record.push(`${name}: ${error.name}: ${error.message}`),
          });
        };
        enter('three', 3);
        enter('one', 1);
        enter('two', 2);
        deliver(() => {
          semaphore.resize(2);
          expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
        });
        expect(record).toEqual([
          'three: RangeError: cannot acquire 3 of bounded semaphore "slots": it never has more than 2',
          'one',
        ]);
        permit?.release();
        expect(record.length).toBe(2);
      });
    }

    it('publishes each new size once, and nothing for a resize that changes nothing', () => {
      const semaphore = new BoundedSemaphore(1);
      const states: unknown[] = [];
      semaphore.subscribe((state) => states.push(state));
      semaphore.resize(1);
      semaphore.resize(2);
      expect(states).toEqual([
        { available: 1, waiting: 0 },
        { available: 2, waiting: 0 },
      ]);
    });

    it('visits no waiter on a resize that all waiters fit', () => {
      const semaphore = new BoundedSemaphore(4);
      semaphore.tryAcquire(4);
      for (let i = 0; i < 100; i++) {
        semaphore.acquire(i % 2 === 0 ? 1 : 2).subscribe({ error: () => undefined });
      }
      semaphore.acquire(3).subscribe().unsubscribe();
      semaphore.acquire({ weight: 4, priority: 1 }).subscribe();
      semaphore.release(4);
      const walked = spyOn(semaphore.queue, 'after').and.callThrough();
      for (const bound of [3, 2, 0, 3, 4, 2]) {
        semaphore.resize(bound);
      }
      expect(walked).not.toHaveBeenCalled();
      expect(semaphore.waiting).toBe(100);
      semaphore.resize(1);
      expect(semaphore.waiting).toBe(50);
    });

    it('counts releases by the new bound', () => {
      const semaphore = new BoundedSemaphore(3);
      semaphore.tryAcquire(3);
      semaphore.resize(1);
      semaphore.release(3);
      expect(semaphore.available).toBe(1);
      expect(() => {
        semaphore.release();
      }).toThrowError(OverReleaseError, 'cannot release 1 of bounded semaphore: 1 of 1 are free already');
    });

    for (const bound of [-1, 1.5, NaN]) {
      it(`refuses a bound of ${String(bound)}, and keeps its own`, () => {
        const semaphore = new BoundedSemaphore(2);
        expect(() => {
          semaphore.resize(bound);
        }).toThrowError(RangeError, `bound must be an integer of at least 0, but is ${String(bound)}`);
        expect(semaphore.bound).toBe(2);
      });
    }
  });

  describe('Pausing', () => {
    itMarbles('grants nothing while its bound is 0, then goes on in order', ({ cold, expectObservable }) => {
      const semaphore = new BoundedSemaphore(1);
      const bounds = cold('       --0-------1   ');
      const releases = cold('     ---x          ');
      const expected = '          ----------(p|)';
      const permit = semaphore.tryAcquire();
      bounds.subscribe((bound) => {
        semaphore.resize(Number(bound));
      });
      releases.subscribe(() => permit?.release());
      expectObservable(semaphore.acquire().pipe(map(() => 'p'))).toBe(expected);
    });

    for (const [where, deliver] of deliveries) {
      it(`queues waiters of any weight during a pause, and fails those that do not fit when it ends, ${where}`, () => {
        const semaphore = new BoundedSemaphore(5, { name: 'slots' });
        const record: string[] = [];
        const enter = (name: string, wanted: AcquireOptions): void => {
          semaphore.acquire(wanted).subscribe({
            next: () => record.push(name),
            error: (error: Error) => record.push(`${name}: ${error.name}: ${error.message}`),
          });
        };
        const permit = semaphore.tryAcquire();
        enter('waited', { weight: 5 });
        deliver(() => {
          semaphore.resize(0);
          expect(semaphore.bound).toBe(0);
          permit?.release();
          enter('a', {});
          enter('came', { weight: 5 });
          enter('heavy', { weight: 2 });
          enter('b', { priority: 1 });
          expect(semaphore.tryAcquire()).toBeNull();
          expect(semaphore.tryAcquire(7)).toBeNull();
          expect(semaphore.value).toEqual({ available: 0, waiting: 5 });
          expect(semaphore.locked()).toBeTrue();
        });
        expect(record).toEqual([]);
        deliver(() => {
          semaphore.resize(2);
        });
        expect(record).toEqual([
          'waited: RangeError: cannot acquire 5 of bounded semaphore "slots": it never has more than 2',
          'came: RangeError: cannot acquire 5 of bounded semaphore "slots": it never has more than 2',
          'b',
          'a',
        ]);
        expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
        semaphore.release(2);
        expect(record.at(-1)).toBe('heavy');
      });
    }

    it('is paused from the start if it begins with 0', () => {
      const semaphore = new BoundedSemaphore(0);
      const record: string[] = [];
      semaphore.acquire(2).subscribe(() => record.push('in'));
      semaphore.resize(2);
      expect(record).toEqual(['in']);
    });
  });

  describe('Releasing', () => {
    for (const [where, deliver] of deliveries) {
      it(`refuses a release past the bound, and changes nothing, ${where}`, () => {
        const semaphore = new BoundedSemaphore(3, { name: 'slots' });
        semaphore.tryAcquire();
        deliver(() => {
          expect(() => {
            semaphore.release(2);
          }).toThrowError(OverReleaseError, 'cannot release 2 of bounded semaphore "slots": 2 of 3 are free already');
          expect(semaphore.available).toBe(2);
          semaphore.release();
          expect(semaphore.available).toBe(3);
        });
      });
    }

    it('says which argument is malformed', () => {
      expect(() => {
        new BoundedSemaphore().release(0);
      }).toThrowError(RangeError, 'n must be an integer of at least 1, but is 0');
    });

    it('throws an OverReleaseError that is a RangeError', () => {
      expect(() => {
        new BoundedSemaphore().release();
      }).toThrowError(RangeError);
    });

    it('puts back at most what is missing to the bound when a permit is released', () => {
      const semaphore = new BoundedSemaphore(2);
      const permit = semaphore.tryAcquire(2);
      semaphore.release();
      expect(() => permit?.release()).not.toThrow();
      expect(semaphore.available).toBe(2);
    });

    it('rejects a release of units whose grant is not delivered yet', () => {
      const semaphore = new BoundedSemaphore(2);
      const record: string[] = [];
      const holder = semaphore.tryAcquire(2);
      semaphore.use(() => of('a')).subscribe(() => record.push('a'));
      insideADelivery(() => {
        holder?.release();
        expect(() => {
          semaphore.release();
        }).toThrowError(NotAcquiredError, 'cannot release 1 of bounded semaphore: 1 of them are granted, but not delivered yet');
      });
      expect(record).toEqual(['a']);
      expect(semaphore.available).toBe(2);
    });

    it('ignores a stale permit whose units are granted to another waiter', () => {
      const semaphore = new BoundedSemaphore(1);
      const stale = semaphore.tryAcquire();
      let inside = 0;
      let most = 0;
      semaphore.acquire().subscribe(() => {
        most = Math.max(most, ++inside);
      });
      semaphore.acquire().subscribe(() => {
        most = Math.max(most, ++inside);
      });
      insideADelivery(() => {
        semaphore.release();
        stale?.release();
      });
      expect(most).toBe(1);
    });

    it('counts two releases with one waiter in the queue (bpo: legal since 3.10)', () => {
      const semaphore = new BoundedSemaphore(2);
      semaphore.tryAcquire(2);
      semaphore.acquire().subscribe();
      semaphore.release();
      semaphore.release();
      expect(semaphore.available).toBe(1);
    });
  });

  itIsExclusive('BoundedSemaphore(1)', () => {
    const primitive = new BoundedSemaphore();
    return { primitive, queue: primitive };
  });

  itIsStateful('BoundedSemaphore', () => {
    const primitive = new BoundedSemaphore(2);
    primitive.tryAcquire();
    const cancelled = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.acquire(2).pipe(takeUntil(cancelled)).subscribe();
      },
      restore: () => {
        cancelled.next();
      },
      initial: { available: 1, waiting: 0 },
      changed: { available: 1, waiting: 1 },
    };
  });

  itCloses('BoundedSemaphore', (options) => {
    const primitive = new BoundedSemaphore(1, { name: 'slots', ...options });
    primitive.tryAcquire();
    return {
      primitive,
      wait: primitive.acquire(),
      grant: () => {
        primitive.release();
      },
      name: 'bounded semaphore "slots"',
      tried: 'acquire',
    };
  });
});
