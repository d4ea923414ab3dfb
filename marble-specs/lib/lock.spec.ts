import { map, NEVER, Observable, of, Subject, take, takeUntil, tap, timeout, TimeoutError } from 'rxjs';
import { AsyncLock, Lock, NotAcquiredError, type LockState, type Permit } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { thrownDuring } from '../support/unhandled.js';

/** Writes `p` for a permit. */
const granted = map(() => 'p');

describe('Lock', () => {
  describe('Order', () => {
    itMarbles('grants first come, first served: each release grants the head of the queue', ({ hot, expectObservable }) => {
      const lock = new Lock();
      const releases = hot('---x--x----x   ');
      const a = '           (p|)           ';
      const b = '           ---(p|)        ';
      const c = '           ------(p|)     ';
      const d = '           -----------(p|)';
      releases.subscribe(() => {
        lock.release();
      });
      expectObservable(lock.acquire().pipe(granted)).toBe(a);
      expectObservable(lock.acquire().pipe(granted)).toBe(b);
      expectObservable(lock.acquire().pipe(granted)).toBe(c);
      expectObservable(lock.acquire().pipe(granted)).toBe(d);
    });

    itMarbles('queues a waiter when it subscribes, not when acquire() is called', ({ hot, expectObservable }) => {
      const lock = new Lock();
      const releases = hot('-----x--x   ');
      const aSubs = '       ^           ';
      const bSubs = '       ----^       ';
      const cSubs = '       --^         ';
      const a = '           (p|)        ';
      const b = '           --------(p|)';
      const c = '           -----(p|)   ';
      releases.subscribe(() => {
        lock.release();
      });
      expectObservable(lock.acquire().pipe(granted), aSubs).toBe(a);
      expectObservable(lock.acquire().pipe(granted), bSubs).toBe(b);
      expectObservable(lock.acquire().pipe(granted), cSubs).toBe(c);
    });

    itMarbles('grants a waiter in the frame in which the holder releases its permit', ({ cold, expectObservable }) => {
      const lock = new Lock();
      const a = cold('      -----x   ');
      const expected1 = '   (p|)     ';
      const expected2 = '   -----(p|)';
      const releasing = tap((permit: Permit) =>
        a.subscribe(() => {
          permit.release();
        }),
      );
      expectObservable(lock.acquire().pipe(releasing, granted)).toBe(expected1);
      expectObservable(lock.acquire().pipe(granted)).toBe(expected2);
    });

    itMarbles('runs the second task when the first has completed', ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const first = cold('  --a--b--|     ');
      const firstSubs = '   ^-------!     ';
      const second = cold('         --c--|');
      const secondSubs = '  --------^----!';
      const expected1 = '   --a--b--|     ';
      const expected2 = '   ----------c--|';
      expectObservable(lock.use(() => first)).toBe(expected1);
      expectObservable(lock.use(() => second)).toBe(expected2);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
    });

    itMarbles('has one queue for acquire(), use() and withLock', ({ cold, hot, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const releases = hot('--x-------x        ');
      const a = '           (p|)               ';
      const first = cold('    --a--|           ');
      const firstSubs = '   --^----!           ';
      const b = '           ----a--|           ';
      const c = '           -------(p|)        ';
      const second = cold('           -b-|     ');
      const secondSubs = '  ----------^--!     ';
      const d = '           -----------b-|     ';
      releases.subscribe(() => {
        lock.release();
      });
      expectObservable(lock.acquire().pipe(granted)).toBe(a);
      expectObservable(lock.use(() => first)).toBe(b);
      expectObservable(lock.acquire().pipe(granted)).toBe(c);
      expectObservable(second.pipe(withLock(lock))).toBe(d);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
    });

    heavy(it)('grants a million waiters, each of which releases inside next', () => {
      const lock = new Lock();
      const holder = lock.tryAcquire();
      let entered = 0;
      for (let index = 0; index < 1_000_000; index++) {
        lock.acquire().subscribe((permit) => {
          entered++;
          permit.release();
        });
      }
      expect(lock.waiting).toBe(1_000_000);
      holder?.release();
      expect(entered).toBe(1_000_000);
      expect(lock.value).toEqual({ locked: false, waiting: 0 });
    });
  });

  describe('Cancelling', () => {
    itMarbles('skips a waiter that has unsubscribed', ({ hot, expectObservable }) => {
      const lock = new Lock();
      const releases = hot('----x---x   ');
      const a = '           (p|)        ';
      const bSubs = '       ^--!        ';
      const b = '           ----        ';
      const c = '           ----(p|)    ';
      const d = '           --------(p|)';
      releases.subscribe(() => {
        lock.release();
      });
      expectObservable(lock.acquire().pipe(granted)).toBe(a);
      expectObservable(lock.acquire().pipe(granted), bSubs).toBe(b);
      expectObservable(lock.acquire().pipe(granted)).toBe(c);
      expectObservable(lock.acquire().pipe(granted)).toBe(d);
    });

    itMarbles('skips a waiter that has timed out', ({ hot, expectObservable }) => {
      const lock = new Lock();
      const releases = hot('----x   ');
      const a = '           (p|)    ';
      const b = '           ---#    ';
      const c = '           ----(p|)';
      const waiting = '     2--1(0|)';
      releases.subscribe(() => {
        lock.release();
      });
      const timedOut = jasmine.any(TimeoutError);
      expectObservable(lock.acquire().pipe(granted)).toBe(a);
      expectObservable(lock.acquire().pipe(timeout(3), granted)).toBe(b, undefined, timedOut);
      expectObservable(lock.acquire().pipe(granted)).toBe(c);
      expectObservable(
        lock.pipe(
          map(({ waiting }) => String(waiting)),
          take(3),
        ),
      ).toBe(waiting);
    });

    itMarbles('skips a task whose until emits before the grant', ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const first = cold('  ----a|     ');
      const until = cold('  --x        ');
      const third = cold('       --c|  ');
      const untilSubs = '   ^-!        ';
      const thirdSubs = '   -----^--!  ';
      const a = '           ----a|     ';
      const b = '           --#        ';
      const c = '           -------c|  ';
      expectObservable(lock.use(() => first)).toBe(a);
      expectObservable(lock.use(() => NEVER, { until })).toBe(b, undefined, jasmine.any(TimeoutError));
      expectObservable(lock.use(() => third)).toBe(c);
      expectSubscriptions(until.subscriptions).toBe(untilSubs);
      expectSubscriptions(third.subscriptions).toBe(thirdSubs);
    });

    itMarbles('releases when the holder unsubscribes from its task', ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const first = cold('  --a--b--|  ');
      const firstSubs = '   ^--!       ';
      const second = cold('    --c|    ');
      const secondSubs = '  ---^--!    ';
      const a = '           --a        ';
      const b = '           -----c|    ';
      expectObservable(
        lock.use(() => first),
        firstSubs,
      ).toBe(a);
      expectObservable(lock.use(() => second)).toBe(b);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
    });

    it('fails a section whose permit was released by the teardown of until', () => {
      const lock = new Lock();
      const record: string[] = [];
      const holder = lock.tryAcquire();
      const until = new Observable(() => () => {
        lock.release();
      });
      lock.use(() => of('x'), { until }).subscribe({ error: ({ message }: Error) => record.push(message) });
      holder?.release();
      expect(record).toEqual(['cannot start inside lock: its permit was released']);
      expect(lock.locked()).toBeFalse();
    });
  });

  describe('State', () => {
    itMarbles('shows whether it is locked, and how many subscribers wait', ({ cold, expectObservable }) => {
      const lock = new Lock();
      const task = cold('   ----|        ');
      const expected = '    a-b-c-d---e--';
      const first = cold('  --x          ');
      const second = cold(' ----x        ');
      first.subscribe(() => lock.use(() => task).subscribe());
      second.subscribe(() => lock.use(() => task).subscribe());
      expectObservable(lock).toBe(expected, {
        a: { locked: false, waiting: 0 },
        b: { locked: true, waiting: 0 },
        c: { locked: true, waiting: 1 },
        d: { locked: true, waiting: 0 },
        e: { locked: false, waiting: 0 },
      });
    });

    it('makes no snapshot while it has no observer', () => {
      let made = 0;
      class Watched extends Lock {
        protected override snapshot(last: LockState): LockState {
          made++;
          return super.snapshot(last);
        }
      }
      const lock = new Watched();
      lock.subscribe().unsubscribe();
      lock.tryAcquire()?.release();
      const observer = lock.subscribe();
      lock.tryAcquire()?.release();
      observer.unsubscribe();
      made = 0;
      lock.tryAcquire()?.release();
      expect(made).toBe(0);
      expect(lock.value).toEqual({ locked: false, waiting: 0 });
      expect(made).toBe(1);
    });

    it('accepts the deprecated form of subscribe with callbacks', () => {
      const lock = new Lock();
      const record: string[] = [];
      const completed = (): void => {
        record.push('complete');
      };
      const failed = (): void => {
        record.push('error');
      };
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- this deprecated form is what is tested
      lock.subscribe(undefined, failed, completed);
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
      lock.subscribe(null, null, completed);
      lock.subscribe();
      lock.complete();
      expect(record).toEqual(['complete', 'complete']);
      const other = new Lock();
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
      other.subscribe(() => record.push('next'), failed, completed);
      other.error(new RangeError('closed'));
      expect(record).toEqual(['complete', 'complete', 'next', 'error']);
    });

    heavy(it)('shows an observer each of a hundred thousand states while the queue drains', () => {
      const lock = new Lock();
      const holder = lock.tryAcquire();
      for (let index = 0; index < 100_000; index++) {
        lock.acquire().subscribe((permit) => {
          permit.release();
        });
      }
      let expected = 100_001;
      let inOrder = true;
      lock.subscribe(({ locked, waiting }) => {
        expected--;
        inOrder &&= locked ? waiting === expected : waiting === 0;
      });
      holder?.release();
      expect(inOrder).toBeTrue();
      expect(expected).toBe(-1);
    });
  });

  describe('Releasing', () => {
    it("is released by any caller, and then counts the holder's permit as released", () => {
      const lock = new Lock();
      const permit = lock.tryAcquire();
      lock.release();
      expect(permit?.released).toBeTrue();
      expect(lock.locked()).toBeFalse();
    });

    it('rejects a release while it is not locked, and changes nothing', () => {
      const lock = new Lock({ name: 'orders' });
      expect(() => {
        lock.release();
      }).toThrowError(NotAcquiredError, 'cannot release lock "orders": it is not locked');
      expect(lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it('rejects a release between a grant and its delivery', () => {
      const lock = new Lock();
      lock.tryAcquire();
      lock.acquire().subscribe();
      insideADelivery(() => {
        lock.release();
        expect(() => {
          lock.release();
        }).toThrowError(NotAcquiredError, 'cannot release lock: its grant is not delivered yet');
      });
    });

    it('rejects a release by an observer of the grant, before the new holder has its permit', () => {
      const lock = new Lock();
      const refused: unknown[] = [];
      lock.subscribe(({ locked }) => {
        if (locked) {
          try {
            lock.release();
          } catch (error) {
            refused.push(error);
          }
        }
      });
      const permit = lock.tryAcquire();
      expect(refused).toEqual([jasmine.any(NotAcquiredError)]);
      expect(permit?.released).toBeFalse();
    });

    it('does not release again at the end of a section whose task released the permit', () => {
      const lock = new Lock();
      const task = new Subject<void>();
      lock
        .use((permit) => {
          permit.release();
          return task;
        })
        .subscribe();
      const other = lock.tryAcquire();
      task.complete();
      expect(other?.released).toBeFalse();
      expect(lock.locked()).toBeTrue();
    });

    it('releases after a tryAcquire in which an observer of the state threw', () => {
      const lock = new Lock();
      lock.subscribe(({ locked }) => {
        if (locked) {
          throw new Error('observer');
        }
      });
      const errors = thrownDuring(() => {
        lock.tryAcquire();
      });
      expect(errors).toEqual([new Error('observer')]);
      expect(lock.locked()).toBeFalse();
    });
  });

  describe('Reentrant calls', () => {
    it('is not reentrant: a holder that acquires it again waits for itself', () => {
      const lock = new Lock();
      let inner = false;
      const section = lock.use(() => lock.use(() => of((inner = true)))).subscribe();
      expect(inner).toBeFalse();
      expect(lock.value).toEqual({ locked: true, waiting: 1 });
      section.unsubscribe();
      expect(lock.value).toEqual({ locked: false, waiting: 0 });
    });
  });

  describe('Arguments', () => {
    it('is exported as AsyncLock too, because the DOM has a Lock', () => {
      expect(AsyncLock).toBe(Lock);
    });

    it('fails a subscriber that asks for more than one permit', () => {
      const lock = new Lock();
      const errors: unknown[] = [];
      lock.use(() => of(1), { weight: 2 }).subscribe({ error: (error) => errors.push(error) });
      expect(errors).toEqual([new RangeError('cannot acquire 2 of lock: it has no weights')]);
    });
  });

  itIsExclusive('Lock', () => {
    const primitive = new Lock();
    return { primitive, queue: primitive };
  });

  itIsStateful('Lock', () => {
    const primitive = new Lock();
    primitive.tryAcquire();
    const cancelled = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.acquire().pipe(takeUntil(cancelled)).subscribe();
      },
      restore: () => {
        cancelled.next();
      },
      initial: { locked: true, waiting: 0 },
      changed: { locked: true, waiting: 1 },
    };
  });

  itCloses('Lock', (options) => {
    const primitive = new Lock({ name: 'orders', ...options });
    primitive.tryAcquire();
    return {
      primitive,
      wait: primitive.acquire(),
      grant: () => {
        primitive.release();
      },
      name: 'lock "orders"',
      tried: 'acquire',
    };
  });
});
