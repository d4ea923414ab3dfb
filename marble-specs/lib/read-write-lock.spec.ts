import { merge, NEVER, of, Subject, takeUntil, type Observable } from 'rxjs';
import { ReadWriteLock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deliveries } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';
import { thrownDuring } from '../support/unhandled.js';

import { granted, releasing, Waiters } from './read-write-lock/waiters.js';

describe('ReadWriteLock', () => {
  describe('Order', () => {
    itMarbles('grants readers together, and queues a reader behind a waiting writer', ({ cold, expectObservable }) => {
      const lock = new ReadWriteLock();
      const a = cold('      ---x     ');
      const b = cold('      -----x   ');
      const c = cold('           --x ');
      const expectedA = '   (p|)     ';
      const expectedB = '   (p|)     ';
      const expectedC = '   -----(p|)';
      const expectedD = '   -------(p|)';
      expectObservable(lock.read.acquire().pipe(releasing(a), granted)).toBe(expectedA);
      expectObservable(lock.read.acquire().pipe(releasing(b), granted)).toBe(expectedB);
      expectObservable(lock.write.acquire().pipe(releasing(c), granted)).toBe(expectedC);
      expectObservable(lock.read.acquire().pipe(granted)).toBe(expectedD);
    });

    itMarbles(
      'runs the tasks of readers side by side, and the task of a writer alone',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const lock = new ReadWriteLock();
        const first = cold('    --a--|         ');
        const second = cold('   ----b--|       ');
        const third = cold('           --c|    ');
        const fourth = cold('             -d|  ');
        const firstSubs = '     ^----!         ';
        const secondSubs = '    ^------!       ';
        const thirdSubs = '     -------^--!    ';
        const fourthSubs = '    ----------^-!  ';
        const expected = '      --a-b----c-d|  ';
        expectObservable(
          merge(
            lock.read.use(() => first),
            lock.read.use(() => second),
            lock.write.use(() => third),
            lock.read.use(() => fourth),
          ),
        ).toBe(expected);
        expectSubscriptions(first.subscriptions).toBe(firstSubs);
        expectSubscriptions(second.subscriptions).toBe(secondSubs);
        expectSubscriptions(third.subscriptions).toBe(thirdSubs);
        expectSubscriptions(fourth.subscriptions).toBe(fourthSubs);
      },
    );

    itMarbles('grants first come, first served: neighboring readers together, a writer alone', ({ cold, expectObservable }) => {
      const lock = new ReadWriteLock();
      const a = cold('      --x            ');
      const b = cold('        ----x        ');
      const c = cold('        --x          ');
      const d = cold('              ---x   ');
      const expectedA = '   (p|)           ';
      const expectedB = '   --(p|)         ';
      const expectedC = '   --(p|)         ';
      const expectedD = '   ------(p|)     ';
      const expectedE = '   ---------(p|)  ';
      expectObservable(lock.write.acquire().pipe(releasing(a), granted)).toBe(expectedA);
      expectObservable(lock.read.acquire().pipe(releasing(b), granted)).toBe(expectedB);
      expectObservable(lock.read.acquire().pipe(releasing(c), granted)).toBe(expectedC);
      expectObservable(lock.write.acquire().pipe(releasing(d), granted)).toBe(expectedD);
      expectObservable(lock.read.acquire().pipe(granted)).toBe(expectedE);
    });

    for (const [where, deliver] of deliveries) {
      it(`grants all neighboring readers with one release, up to the next writer, ${where}`, () => {
        const lock = new ReadWriteLock();
        const waiters = new Waiters(lock);
        waiters.write('a');
        waiters.read('b');
        waiters.read('c');
        waiters.write('d');
        waiters.read('e');
        deliver(() => {
          waiters.release('a');
          expect(lock.value).toEqual({ readers: 2, writing: false, waiting: 2 });
          expect(lock.read.tryAcquire()).toBeNull();
        });
        expect(waiters.record).toEqual(['a', 'b', 'c']);
        waiters.release('c');
        expect(waiters.record.length).toBe(3);
        deliver(() => {
          waiters.release('b');
          expect(lock.value).toEqual({ readers: 0, writing: true, waiting: 1 });
        });
        expect(waiters.record).toEqual(['a', 'b', 'c', 'd']);
      });

      it(`lets no stream of readers overtake a waiting writer, ${where}`, () => {
        const lock = new ReadWriteLock();
        const waiters = new Waiters(lock);
        waiters.read('a');
        waiters.write('b');
        deliver(() => {
          waiters.read('c');
          waiters.release('a');
        });
        expect(waiters.record).toEqual(['a', 'b']);
        waiters.release('b');
        expect(waiters.record).toEqual(['a', 'b', 'c']);
      });
    }

    it('is cold, and gives a reader its permit inside subscribe', () => {
      const lock = new ReadWriteLock();
      const read = lock.read.acquire();
      expect(lock.value.readers).toBe(0);
      const record: string[] = [];
      read.subscribe(recorder(record, 'a'));
      read.subscribe(recorder(record, 'b'));
      expect(record).toEqual(['a: permit', 'a: complete', 'b: permit', 'b: complete']);
      expect(lock.value.readers).toBe(2);
    });

    heavy(it)('grants a hundred thousand readers with one release, in order, and then a writer', () => {
      const lock = new ReadWriteLock();
      const holder = lock.write.tryAcquire();
      let entered = 0;
      let inOrder = true;
      for (let index = 0; index < 100_000; index++) {
        lock.read.acquire().subscribe((permit) => {
          inOrder &&= entered++ === index && lock.waiting === 1;
          permit.release();
        });
      }
      let wrote = false;
      lock.write.acquire().subscribe(() => {
        wrote = entered === 100_000;
      });
      holder?.release();
      expect(inOrder).toBeTrue();
      expect(wrote).toBeTrue();
    });

    heavy(it)(
      'grants a hundred thousand readers and writers in turn, each of which releases inside next, on a flat stack',
      () => {
        const lock = new ReadWriteLock();
        const holder = lock.write.tryAcquire();
        let entered = 0;
        let [depth, deepest] = [0, 0];
        let inOrder = true;
        for (let index = 0; index < 100_000; index++) {
          (index % 2 === 0 ? lock.read : lock.write).acquire().subscribe((permit) => {
            deepest = Math.max(deepest, ++depth);
            inOrder &&= entered++ === index;
            permit.release();
            depth--;
          });
        }
        holder?.release();
        expect([entered, deepest, inOrder]).toEqual([100_000, 1, true]);
        expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
      },
    );
  });

  describe('Releasing', () => {
    for (const [where, deliver] of deliveries) {
      it(`counts each reader once, however often it releases, ${where}`, () => {
        const lock = new ReadWriteLock();
        const [first] = [lock.read.tryAcquire(), lock.read.tryAcquire()];
        deliver(() => {
          first?.release();
          first?.release();
          first?.[Symbol.dispose]();
        });
        expect(first?.released).toBeTrue();
        expect(lock.value.readers).toBe(1);
        expect(lock.write.tryAcquire()).toBeNull();
      });
    }

    it('releases after a tryAcquire in which an observer of the state threw', () => {
      for (const side of ['read', 'write'] as const) {
        const lock = new ReadWriteLock();
        lock.subscribe(({ readers, writing }) => {
          if (writing || readers > 0) {
            throw new Error('observer');
          }
        });
        const errors = thrownDuring(() => {
          lock[side].tryAcquire();
        });
        expect(errors).toEqual([new Error('observer')]);
        expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
      }
    });
  });

  describe('Reentrant calls', () => {
    it('lets a subscriber release, acquire and cancel inside next', () => {
      const lock = new ReadWriteLock();
      const waiters = new Waiters(lock);
      const holder = lock.write.tryAcquire();
      lock.read.acquire().subscribe((permit) => {
        waiters.record.push('a');
        last.unsubscribe();
        waiters.write('again');
        permit.release();
      });
      waiters.read('b');
      const last = waiters.write('c');
      waiters.read('d');
      holder?.release();
      // The cancel granted d. The waiter `again` is behind it.
      expect(waiters.record).toEqual(['a', 'b', 'd']);
      expect(lock.value).toEqual({ readers: 2, writing: false, waiting: 1 });
      waiters.release('b');
      waiters.release('d');
      expect(waiters.record).toEqual(['a', 'b', 'd', 'again']);
    });

    it('has no upgrade: a reader that acquires the writing side waits for itself', () => {
      const lock = new ReadWriteLock();
      let wrote = false;
      const section = lock.read.use(() => lock.write.use(() => of((wrote = true)))).subscribe();
      expect(wrote).toBeFalse();
      section.unsubscribe();
      expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
    });
  });

  describe('Arguments', () => {
    it('fails a subscriber that asks for a weight', () => {
      const lock = new ReadWriteLock();
      const messages: string[] = [];
      for (const side of [lock.read, lock.write]) {
        side.use(() => of(1), { weight: 2 }).subscribe({ error: ({ message }: RangeError) => messages.push(message) });
        of(1)
          .pipe(withLock(side, { weight: 2 }))
          .subscribe({ error: (error) => messages.push((error as Error).name) });
        expect(() => side.use(() => of(1), { weight: 0 })).toThrowError(RangeError);
      }
      expect(messages).toEqual([
        'cannot acquire 2 of read-write lock for reading: it has no weights',
        'RangeError',
        'cannot acquire 2 of read-write lock for writing: it has no weights',
        'RangeError',
      ]);
      expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
    });

    it('throws from tryAcquire the error that closed it', () => {
      const lock = new ReadWriteLock({ name: 'settings' });
      lock.error(new TypeError('closed'));
      expect(() => lock.read.tryAcquire()).toThrowError(TypeError, 'closed');
      expect(() => lock.write.tryAcquire()).toThrowError(TypeError, 'closed');
    });

    it('refuses a task that is not a function: use() throws, and run() rejects', async () => {
      const lock = new ReadWriteLock();
      expect(() => lock.read.use('work' as unknown as () => Observable<string>)).toThrowError(TypeError);
      await expectAsync(lock.write.run('work' as unknown as () => string)).toBeRejectedWithError(TypeError);
      expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
    });
  });

  itIsExclusive('ReadWriteLock.write', () => {
    const lock = new ReadWriteLock();
    return { primitive: lock.write, queue: lock };
  });

  itIsStateful('ReadWriteLock, read', () => {
    const primitive = new ReadWriteLock();
    const cancelled = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.read
          .use(() => NEVER)
          .pipe(takeUntil(cancelled))
          .subscribe();
      },
      restore: () => {
        cancelled.next();
      },
      initial: { readers: 0, writing: false, waiting: 0 },
      changed: { readers: 1, writing: false, waiting: 0 },
    };
  });

  itIsStateful('ReadWriteLock, written', () => {
    const primitive = new ReadWriteLock();
    const cancelled = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.write
          .use(() => NEVER)
          .pipe(takeUntil(cancelled))
          .subscribe();
      },
      restore: () => {
        cancelled.next();
      },
      initial: { readers: 0, writing: false, waiting: 0 },
      changed: { readers: 0, writing: true, waiting: 0 },
    };
  });

  itIsStateful('ReadWriteLock, waited for', () => {
    const primitive = new ReadWriteLock();
    primitive.write.tryAcquire();
    const cancelled = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.read.acquire().pipe(takeUntil(cancelled)).subscribe();
      },
      restore: () => {
        cancelled.next();
      },
      initial: { readers: 0, writing: true, waiting: 0 },
      changed: { readers: 0, writing: true, waiting: 1 },
    };
  });

  for (const [side, other] of [
    ['read', 'write'],
    ['write', 'read'],
  ] as const) {
    itCloses(`ReadWriteLock, of which one waits to ${side},`, (options) => {
      const primitive = new ReadWriteLock({ name: 'settings', ...options });
      const holder = primitive[other].tryAcquire();
      return {
        primitive,
        wait: primitive[side].acquire(),
        grant: () => {
          holder?.release();
        },
        name: 'read-write lock "settings"',
        tried: 'acquire',
        side: `read-write lock "settings" for ${side === 'read' ? 'reading' : 'writing'}`,
      };
    });
  }
});
