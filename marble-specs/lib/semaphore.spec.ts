import { map, mergeMap, of, Subject, take, takeUntil, tap } from 'rxjs';
import { Semaphore, type AcquireOptions, type Permit } from 'rxjs-locks';

import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deliveries, insideADelivery } from '../support/deliveries.js';
import { itMarbles } from '../support/marbles.js';

/** Writes `p` for a permit. */
const granted = map(() => 'p');

/** A value as error messages show it. */
function named(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

describe('Semaphore', () => {
  /** Acquires by hand; records the order of the grants, and keeps the permits. */
  function waiters(semaphore: Semaphore): {
    record: string[];
    permits: Map<string, Permit>;
    enter: (name: string, wanted?: number | AcquireOptions) => { unsubscribe(): void };
  } {
    const record: string[] = [];
    const permits = new Map<string, Permit>();
    return {
      record,
      permits,
      enter: (name, wanted) =>
        semaphore.acquire(wanted).subscribe((permit) => {
          record.push(name);
          permits.set(name, permit);
        }),
    };
  }

  describe('Order', () => {
    itMarbles('grants as many permits as it has units, then one waiter for each release', ({ hot, expectObservable }) => {
      const semaphore = new Semaphore(2);
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

    itMarbles('makes a light waiter wait behind a heavy one', ({ cold, expectObservable }) => {
      const semaphore = new Semaphore(2);
      const a = cold('      -----x       ');
      const b = cold('           ----x   ');
      const expectedA = '   (p|)         ';
      const expectedB = '   -----(p|)    ';
      const expectedC = '   ---------(p|)';
      const releasing = (when: typeof a) =>
        tap((permit: Permit) =>
          when.subscribe(() => {
            permit.release();
          }),
        );
      expectObservable(semaphore.acquire(1).pipe(releasing(a), granted)).toBe(expectedA);
      expectObservable(semaphore.acquire(2).pipe(releasing(b), granted)).toBe(expectedB);
      expectObservable(semaphore.acquire(1).pipe(granted)).toBe(expectedC);
    });

    itMarbles('grants a waiter with a higher priority first', ({ cold, expectObservable }) => {
      const semaphore = new Semaphore(0);
      const b = cold('         --x          ');
      const releases = cold('  ----x----x   ');
      const expectedA = '      ---------(p|)';
      const expectedB = '      ----(p|)     ';
      releases.subscribe(() => {
        semaphore.release();
      });
      expectObservable(semaphore.acquire().pipe(granted)).toBe(expectedA);
      expectObservable(
        b.pipe(
          mergeMap(() => semaphore.acquire({ priority: 1 })),
          granted,
          take(1),
        ),
      ).toBe(expectedB);
    });

    it('grants as many permits at once as it has units', () => {
      const semaphore = new Semaphore(3);
      const { record, enter } = waiters(semaphore);
      ['a', 'b', 'c', 'd'].forEach((name) => enter(name));
      expect(record).toEqual(['a', 'b', 'c']);
      expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
    });

    for (const [where, deliver] of deliveries) {
      it(`grants with one release, in order, all waiters up to the first that does not fit, ${where}`, () => {
        const semaphore = new Semaphore(0);
        const { record, enter } = waiters(semaphore);
        enter('a');
        enter('b', 2);
        enter('c', 3);
        enter('d');
        deliver(() => {
          semaphore.release(5);
        });
        expect(record).toEqual(['a', 'b']);
        expect(semaphore.value).toEqual({ available: 2, waiting: 2 });
      });
    }

    it('returns null from tryAcquire while a waiter is in the queue, even if units are free', () => {
      const semaphore = new Semaphore(2);
      semaphore.tryAcquire();
      semaphore.acquire(2).subscribe();
      expect(semaphore.available).toBe(1);
      expect(semaphore.tryAcquire()).toBeNull();
      expect(semaphore.locked()).toBeTrue();
    });

    it('never has more holders than units when holders release inside a delivery', () => {
      const semaphore = new Semaphore(2);
      let inside = 0;
      let most = 0;
      const task = () => {
        most = Math.max(most, ++inside);
        return of(0).pipe(tap({ finalize: () => inside-- }));
      };
      const gate = [semaphore.tryAcquire(), semaphore.tryAcquire()];
      for (let n = 0; n < 100; n++) {
        semaphore.use(task).subscribe();
      }
      insideADelivery(() => {
        gate.forEach((permit) => permit?.release());
      });
      expect(most).toBe(1);
      expect(semaphore.value).toEqual({ available: 2, waiting: 0 });
    });

    it('publishes one state for a release that grants several waiters, before it delivers the grants', () => {
      const semaphore = new Semaphore(0);
      const record: string[] = [];
      semaphore.acquire().subscribe(() => record.push('a'));
      semaphore.acquire().subscribe(() => record.push('b'));
      semaphore.subscribe(({ available, waiting }) => record.push(`${String(available)} free, ${String(waiting)} waiting`));
      semaphore.release(3);
      expect(record).toEqual(['0 free, 2 waiting', '1 free, 0 waiting', 'a', 'b']);
    });
  });

  describe('Priority', () => {
    for (const [where, deliver] of deliveries) {
      it(`grants waiters with a higher priority first, and equal priorities in order of arrival, ${where}`, () => {
        const semaphore = new Semaphore(0);
        const { record, enter } = waiters(semaphore);
        enter('a');
        enter('b', { priority: 1 });
        enter('c', { priority: -0.5 });
        enter('d', { priority: Infinity });
        enter('e', { priority: 1 });
        enter('f', { priority: 0 });
        deliver(() => {
          semaphore.release(6);
        });
        expect(record).toEqual(['d', 'b', 'e', 'a', 'f', 'c']);
      });

      it(`grants a new subscriber at once if it fits and its priority is higher than that of a heavy head, ${where}`, () => {
        const semaphore = new Semaphore(3);
        const { record, enter } = waiters(semaphore);
        enter('heavy', 4);
        deliver(() => {
          enter('light');
          expect(semaphore.tryAcquire()).toBeNull();
          expect(semaphore.tryAcquire({ priority: -1 })).toBeNull();
          enter('first', { priority: 1 });
          expect(record).toEqual(['first']);
          expect(semaphore.tryAcquire({ priority: 1 })).not.toBeNull();
        });
        expect(semaphore.value).toEqual({ available: 1, waiting: 2 });
      });

      it(`queues a new subscriber with a high priority that does not fit, ${where}`, () => {
        const semaphore = new Semaphore(1);
        const { record, enter } = waiters(semaphore);
        enter('heavy', { weight: 2, priority: 1 });
        deliver(() => {
          enter('light');
          enter('as high', { priority: 1 });
        });
        expect(record).toEqual([]);
        semaphore.release();
        expect(record).toEqual(['heavy']);
      });
    }
  });

  describe('Cancelling', () => {
    itMarbles('grants the waiters behind a heavy waiter when the heavy one unsubscribes', ({ hot, expectObservable }) => {
      const semaphore = new Semaphore(2);
      const releases = hot('------x   ');
      const heavySubs = '   ^--!      ';
      const a = '           (p|)      ';
      const heavy = '       ----      ';
      const c = '           ---(p|)   ';
      const d = '           ------(p|)';
      releases.subscribe(() => {
        semaphore.release();
      });
      expectObservable(semaphore.acquire().pipe(granted)).toBe(a);
      expectObservable(semaphore.acquire(2).pipe(granted), heavySubs).toBe(heavy);
      expectObservable(semaphore.acquire().pipe(granted)).toBe(c);
      expectObservable(semaphore.acquire().pipe(granted)).toBe(d);
    });

    for (const [where, deliver] of deliveries) {
      it(`grants the waiters that fit when a heavy head unsubscribes, ${where}`, () => {
        const semaphore = new Semaphore(2);
        const { record, enter } = waiters(semaphore);
        enter('a');
        const heavy = enter('heavy', 2);
        enter('b');
        enter('c');
        deliver(() => {
          heavy.unsubscribe();
          expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
        });
        expect(record).toEqual(['a', 'b']);
      });

      it(`grants the waiters behind a heavy waiter of high priority when it unsubscribes, ${where}`, () => {
        const semaphore = new Semaphore(0);
        const { record, enter } = waiters(semaphore);
        enter('a');
        const high = enter('high', { weight: 2, priority: 1 });
        enter('b');
        semaphore.release();
        expect(record).toEqual([]);
        deliver(() => {
          high.unsubscribe();
        });
        expect(record).toEqual(['a']);
      });

      it(`passes all units on when a waiter unsubscribes before its grant is delivered, ${where}`, () => {
        const semaphore = new Semaphore(0);
        const { record, enter } = waiters(semaphore);
        semaphore.acquire().subscribe(() => {
          heavy.unsubscribe();
        });
        const heavy = enter('heavy', 2);
        enter('b');
        enter('c');
        deliver(() => {
          semaphore.release(3);
        });
        expect(record).toEqual(['b', 'c']);
        expect(semaphore.value).toEqual({ available: 0, waiting: 0 });
      });
    }
  });

  describe('Releasing', () => {
    for (const [where, deliver] of deliveries) {
      it(`releases all units of a permit, ${where}`, () => {
        const semaphore = new Semaphore(3);
        const permit = semaphore.tryAcquire(2);
        expect(semaphore.available).toBe(1);
        deliver(() => {
          permit?.release();
          expect(semaphore.available).toBe(3);
        });
      });
    }

    it('releases the units of each section that completes synchronously, whatever their weights', () => {
      const semaphore = new Semaphore(5);
      const done: number[] = [];
      const gate = new Subject<void>();
      [2, 3, 4, 1, 5].forEach((weight) => semaphore.use(() => gate, { weight }).subscribe({ complete: () => done.push(weight) }));
      expect(semaphore.value).toEqual({ available: 0, waiting: 3 });
      gate.complete();
      expect(done).toEqual([2, 3, 4, 1, 5]);
      expect(semaphore.value).toEqual({ available: 5, waiting: 0 });
    });

    it('accepts units that were never acquired, and grows by them', () => {
      const semaphore = new Semaphore(1);
      semaphore.release();
      semaphore.release(2);
      expect(semaphore.available).toBe(4);
    });

    it('starts with one unit by default, or with none', () => {
      expect(new Semaphore().available).toBe(1);
      expect(new Semaphore(0).locked()).toBeTrue();
    });

    it('holds the weight in run until the task has settled', async () => {
      const semaphore = new Semaphore(3);
      const running = semaphore.run(() => Promise.resolve(semaphore.available), { weight: 2 });
      expect(semaphore.available).toBe(1);
      expect(await running).toBe(1);
      expect(semaphore.available).toBe(3);
    });
  });

  describe('refuses', () => {
    for (const value of [-1, 1.5, NaN, Infinity]) {
      it(`an initial value of ${String(value)}`, () => {
        expect(() => new Semaphore(value)).toThrowError(
          RangeError,
          `value must be an integer of at least 0, but is ${String(value)}`,
        );
      });
    }

    for (const count of [0, -1, 1.5, NaN, Infinity, '1' as unknown as number, null as unknown as number]) {
      it(`a weight or a count of ${typeof count} ${String(count)}, and changes nothing`, () => {
        const semaphore = new Semaphore(1);
        const weight = `weight must be an integer of at least 1, but is ${named(count)}`;
        expect(() => semaphore.acquire(count)).toThrowError(RangeError, weight);
        expect(() => semaphore.tryAcquire(count)).toThrowError(RangeError, weight);
        expect(() => semaphore.use(() => of(1), { weight: count })).toThrowError(RangeError, weight);
        expect(() => {
          semaphore.release(count);
        }).toThrowError(RangeError, `n must be an integer of at least 1, but is ${named(count)}`);
        expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
      });
    }

    for (const priority of [NaN, '1' as unknown as number, null as unknown as number]) {
      it(`a priority of ${typeof priority} ${String(priority)}`, () => {
        expect(() => new Semaphore().acquire({ priority })).toThrowError(
          RangeError,
          `priority must be a number, but is ${named(priority)}`,
        );
      });
    }
  });

  itIsExclusive('Semaphore(1)', () => {
    const primitive = new Semaphore();
    return { primitive, queue: primitive };
  });

  itIsStateful('Semaphore', () => {
    const primitive = new Semaphore(0);
    const cancelled = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.acquire().pipe(takeUntil(cancelled)).subscribe();
      },
      restore: () => {
        cancelled.next();
      },
      initial: { available: 0, waiting: 0 },
      changed: { available: 0, waiting: 1 },
    };
  });

  itCloses('Semaphore', (options) => {
    const primitive = new Semaphore(0, { name: 'slots', ...options });
    return {
      primitive,
      wait: primitive.acquire(),
      grant: () => {
        primitive.release();
      },
      name: 'semaphore "slots"',
      tried: 'acquire',
    };
  });
});
