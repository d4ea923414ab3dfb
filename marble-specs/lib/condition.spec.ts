import { concat, defer, ignoreElements, map, of, Subject, takeUntil, type Observable } from 'rxjs';
import { Condition, Lock, NotAcquiredError } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deliveries } from '../support/deliveries.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

import { acquireNow, startWaiter, whileLocked } from './condition/waiters.js';

describe('Condition', () => {
  describe('Order', () => {
    itMarbles('resumes a waiter when it is notified and the lock is free', ({ cold, expectObservable }) => {
      const condition = new Condition();
      const notify = cold('  ---x-----     ');
      const free = cold('       -----|     ');
      const expected = '     --------(t|)  ';
      notify.subscribe(() => {
        condition
          .use(() => {
            condition.notify();
            return free;
          })
          .subscribe();
      });
      expectObservable(condition.use((permit) => condition.wait({ permit }).pipe(map(() => 't')))).toBe(expected);
    });

    itMarbles('wakes waiters in the order in which they began to wait, one for each notify()', ({ hot, expectObservable }) => {
      const condition = new Condition();
      const notifies = hot('---x--x--x   ');
      const aSubs = '       ^            ';
      const bSubs = '       --^          ';
      const cSubs = '       -^           ';
      const a = '           ---(t|)      ';
      const b = '           ---------(t|)';
      const c = '           ------(t|)   ';
      notifies.subscribe(() => {
        whileLocked(condition, () => {
          condition.notify();
        });
      });
      const wait = condition.use((permit) => condition.wait({ permit })).pipe(map(() => 't'));
      expectObservable(wait, aSubs).toBe(a);
      expectObservable(wait, bSubs).toBe(b);
      expectObservable(wait, cSubs).toBe(c);
    });

    itMarbles(
      'resumes woken waiters one at a time, in one queue with the waiters of its lock',
      ({ cold, hot, expectObservable }) => {
        const condition = new Condition();
        const enters = hot('  -x-------------- ');
        const notifies = hot('---x------------ ');
        const holder = cold('   ----|          ');
        const before = cold('       --o|       ');
        const afterA = cold('          --a|    ');
        const afterB = cold('             --b| ');
        const beforeSubs = '  --^              ';
        const lateSubs = '    ----^            ';
        const expectedX = '   -------o|        ';
        const expectedA = '   ----------a|     ';
        const expectedB = '   -------------b|  ';
        const expectedY = '   --------------(y|)';
        enters.subscribe(() => condition.use(() => holder).subscribe());
        notifies.subscribe(() => {
          condition.notifyAll();
        });
        const waitThen = (then: Observable<string>): Observable<string> =>
          condition.use((permit) => concat(condition.wait({ permit }).pipe(ignoreElements()), then));
        expectObservable(waitThen(afterA)).toBe(expectedA);
        expectObservable(waitThen(afterB)).toBe(expectedB);
        expectObservable(
          condition.use(() => before),
          beforeSubs,
        ).toBe(expectedX);
        expectObservable(
          condition.use(() => of('y')),
          lateSubs,
        ).toBe(expectedY);
      },
    );

    for (const [where, deliver] of deliveries) {
      it(`wakes waiters in order of waiting, behind the waiters of its lock, ${where}`, () => {
        const condition = new Condition();
        const record: string[] = [];
        startWaiter(condition, record, 'a');
        startWaiter(condition, record, 'b');
        const permit = acquireNow(condition);
        condition.use(() => of('before')).subscribe(recorder(record, 'x'));
        condition.notifyAll();
        condition.use(() => of('after')).subscribe(recorder(record, 'y'));
        expect(condition.lock.waiting).toBe(4);
        deliver(() => {
          permit.release();
        });
        expect(record.filter((word) => !word.endsWith('complete'))).toEqual(['x: before', 'a: true', 'b: true', 'y: after']);
      });
    }
  });

  describe('Cancelling', () => {
    itMarbles('passes a notification on when the notified waiter unsubscribes', ({ cold, hot, expectObservable }) => {
      const condition = new Condition();
      const notifies = hot('---x        ');
      const holder = cold('    -----|   ');
      const aSubs = '       ^----!      ';
      const a = '           ------      ';
      const b = '           --------(t|)';
      notifies.subscribe(() => {
        condition
          .use(() => {
            condition.notify();
            return holder;
          })
          .subscribe();
      });
      const wait = condition.use((permit) => condition.wait({ permit })).pipe(map(() => 't'));
      expectObservable(wait, aSubs).toBe(a);
      expectObservable(wait).toBe(b);
    });
  });

  describe('Sharing a lock', () => {
    it('shares its lock with another condition, and wakes only its own waiters (bpo-45416)', () => {
      const lock = new Lock();
      const full = new Condition(lock);
      const empty = new Condition(lock);
      const record: string[] = [];
      startWaiter(full, record, 'full');
      startWaiter(empty, record, 'empty');
      whileLocked(full, () => {
        empty.notifyAll();
      });
      expect(record).toEqual(['empty: true', 'empty: complete']);
      expect(full.waiting).toBe(1);
      expect(empty.lock).toBe(lock);
    });

    it('accepts nothing but a Lock', () => {
      expect(() => new Condition('lock' as unknown as Lock)).toThrowError(TypeError, 'a condition needs a Lock, but got "lock"');
    });

    it('gives its own lock its name', () => {
      const condition = new Condition(undefined, { name: 'changed' });
      expect(() => {
        condition.release();
      }).toThrowError(NotAcquiredError, 'cannot release lock "changed": it is not locked');
    });
  });

  describe('Closing', () => {
    it('is closed with its lock, which fails the waiters of its conditions', () => {
      const lock = new Lock();
      const condition = new Condition(lock);
      const record: string[] = [];
      startWaiter(condition, record, 'asleep');
      const permit = acquireNow(condition);
      lock.acquire().subscribe(recorder(record, 'in line'));
      lock.complete();
      expect(record).toEqual(['in line: ClosedError', 'asleep: ClosedError']);
      expect(condition.value).toEqual({ waiting: 0 });
      condition.wait({ permit }).subscribe(recorder(record, 'late'));
      expect(record.at(-1)).toBe('late: ClosedError');
      expect(() => {
        condition.notify();
        permit.release();
      }).not.toThrow();
      expect(lock.locked()).toBeFalse();
    });

    it('closes the lock that it made, and not a lock that it was given', () => {
      const own = new Condition();
      own.complete();
      expect(() => own.lock.tryAcquire()).toThrowMatching((error: Error) => error.name === 'ClosedError');
      const lock = new Lock();
      const shared = new Condition(lock);
      shared.complete();
      expect(() => shared.tryAcquire()).toThrowMatching((error: Error) => error.name === 'ClosedError');
      const record: string[] = [];
      shared.acquire().subscribe(recorder(record, 'a'));
      shared.use(() => of(1)).subscribe(recorder(record, 'b'));
      expect(record).toEqual(['a: ClosedError', 'b: ClosedError']);
      expect(lock.tryAcquire()).not.toBeNull();
    });

    it('says in its errors what was tried', () => {
      const closed = new Condition(undefined, { name: 'changed' });
      closed.complete();
      const messages: string[] = [];
      const hear = { error: ({ message }: Error) => messages.push(message) };
      closed.acquire().subscribe(hear);
      of(1)
        .pipe(withLock(closed, { whenBusy: 'skip' }))
        .subscribe(hear);
      closed.wait().subscribe(hear);
      const lock = new Lock({ name: 'shared' });
      const condition = new Condition(lock);
      const permit = acquireNow(condition);
      lock.complete();
      condition.wait({ permit }).subscribe(hear);
      expect(messages).toEqual([
        'cannot acquire condition "changed": it is closed',
        'cannot acquire condition "changed": it is closed',
        'cannot wait for condition "changed": it is closed',
        'cannot wait for lock "shared": it is closed',
      ]);
      expect(() => closed.tryAcquire()).toThrowError('cannot acquire condition "changed": it is closed');
    });

    it('publishes the last state of its lock before its own when the lock is closed', () => {
      const lock = new Lock();
      const condition = new Condition(lock);
      startWaiter(condition, [], 'asleep');
      acquireNow(condition);
      lock.acquire().subscribe({ error: () => undefined });
      const record: string[] = [];
      lock.subscribe(({ waiting }) => record.push(`lock ${String(waiting)}`));
      condition.subscribe(({ waiting }) => record.push(`condition ${String(waiting)}`));
      lock.complete();
      expect(record).toEqual(['lock 1', 'condition 1', 'lock 0', 'condition 0']);
    });

    it('still resumes the waiters that were notified before it was closed', () => {
      const lock = new Lock();
      const condition = new Condition(lock);
      const record: string[] = [];
      startWaiter(condition, record, 'a');
      startWaiter(condition, record, 'b');
      const permit = acquireNow(condition);
      condition.notify();
      condition.complete();
      permit.release();
      expect(record).toEqual(['b: ClosedError', 'a: true', 'a: complete']);
    });

    it('passes notifications on when its lock cancels the notified waiters', () => {
      const condition = new Condition();
      const record: string[] = [];
      ['a', 'b', 'c'].forEach((name) => startWaiter(condition, record, name));
      const permit = acquireNow(condition);
      condition.notify(2);
      condition.lock.cancelWaiters();
      expect(record).toEqual(['a: CancelledError', 'b: CancelledError']);
      expect(condition.lock.waiting).toBe(1);
      permit.release();
      expect(record.slice(2)).toEqual(['c: true', 'c: complete']);
    });
  });

  describe('run', () => {
    it('holds the lock until the promise has settled, except while it waits', async () => {
      const condition = new Condition();
      const record: string[] = [];
      const waiting = condition.run(
        (permit) =>
          new Promise<string>((resolve, reject) => {
            condition.wait({ permit }).subscribe({
              next: () => {
                record.push('woken');
                resolve('done');
              },
              error: reject,
            });
          }),
      );
      whileLocked(condition, () => {
        condition.notify();
      });
      expect(await waiting).toBe('done');
      expect(record).toEqual(['woken']);
      expect(condition.locked()).toBeFalse();
    });
  });

  itIsExclusive('Condition', () => {
    const primitive = new Condition();
    return { primitive, queue: primitive.lock };
  });

  itIsStateful('Condition', () => {
    const primitive = new Condition();
    const cancelled = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive
          .use((permit) => primitive.wait({ permit }))
          .pipe(takeUntil(cancelled))
          .subscribe();
      },
      restore: () => {
        cancelled.next();
      },
      initial: { waiting: 0 },
      changed: { waiting: 1 },
    };
  });

  itCloses('Condition', (options) => {
    const primitive = new Condition(undefined, { name: 'changed', ...options });
    let ended = false;
    const end = (): boolean => (ended = true);
    primitive.subscribe({ complete: end, error: end });
    return {
      primitive,
      // Each waiter acquires the lock first, unless the condition is closed: then the waiter gets that error.
      wait: defer(() => {
        if (!ended) {
          primitive.lock.tryAcquire();
        }
        return primitive.wait();
      }),
      grant: () => {
        const permit = acquireNow(primitive);
        primitive.notifyAll();
        permit.release();
      },
      name: 'condition "changed"',
      tried: 'wait for',
    };
  });
});
