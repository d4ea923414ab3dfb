import { NEVER, of, type ObservableInput } from 'rxjs';
import { BoundedSemaphore, Condition, Lock, Semaphore } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { itMarbles } from '../../support/marbles.js';
import { recorder } from '../../support/recorder.js';

describe('withLock with options', () => {
  describe('with a weight', () => {
    itMarbles('runs as many sources as the semaphore has units', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(2);
      const first = cold('  ---a|     ');
      const second = cold(' -----b|   ');
      const third = cold('      -c|   ');
      const firstSubs = '   ^---!     ';
      const secondSubs = '  ^-----!   ';
      const thirdSubs = '   ----^-!   ';
      const expected1 = '   ---a|     ';
      const expected2 = '   -----b|   ';
      const expected3 = '   -----c|   ';
      expectObservable(first.pipe(withLock(semaphore))).toBe(expected1);
      expectObservable(second.pipe(withLock(semaphore))).toBe(expected2);
      expectObservable(third.pipe(withLock(semaphore))).toBe(expected3);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
      expectSubscriptions(third.subscriptions).toBe(thirdSubs);
    });

    itMarbles('lets no light source overtake a heavy one', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(2);
      const first = cold('  ---a|        ');
      const heavy = cold('      --b|     ');
      const light = cold('         -c|   ');
      const heavySubs = '   ----^--!     ';
      const lightSubs = '   -------^-!   ';
      const expected1 = '   ---a|        ';
      const expected2 = '   ------b|     ';
      const expected3 = '   --------c|   ';
      expectObservable(first.pipe(withLock(semaphore))).toBe(expected1);
      expectObservable(heavy.pipe(withLock(semaphore, { weight: 2 }))).toBe(expected2);
      expectObservable(light.pipe(withLock(semaphore))).toBe(expected3);
      expectSubscriptions(heavy.subscriptions).toBe(heavySubs);
      expectSubscriptions(light.subscriptions).toBe(lightSubs);
    });

    it('holds as many units of a semaphore as its weight', () => {
      const semaphore = new Semaphore(3);
      NEVER.pipe(withLock(semaphore, { weight: 2 })).subscribe();
      expect(semaphore.available).toBe(1);
    });

    it('fails at subscription when its weight is above the bound of the semaphore', () => {
      const record: string[] = [];
      of('x')
        .pipe(withLock(new BoundedSemaphore(2), { weight: 3 }))
        .subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: RangeError']);
    });
  });

  describe('with a priority', () => {
    itMarbles('runs the source with the higher priority first', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(1);
      const holder = cold(' ---a|       ');
      const low = cold('          -b|  ');
      const high = cold('       -c|    ');
      const lowSubs = '     ------^-!   ';
      const highSubs = '    ----^-!     ';
      const expected1 = '   ---a|       ';
      const expected2 = '   -------b|   ';
      const expected3 = '   -----c|     ';
      expectObservable(holder.pipe(withLock(semaphore))).toBe(expected1);
      expectObservable(low.pipe(withLock(semaphore))).toBe(expected2);
      expectObservable(high.pipe(withLock(semaphore, { priority: 1 }))).toBe(expected3);
      expectSubscriptions(low.subscriptions).toBe(lowSubs);
      expectSubscriptions(high.subscriptions).toBe(highSubs);
    });
  });

  describe('with whenBusy', () => {
    itMarbles('does not wait, and runs when the lock is free', ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const holder = cold('  ---a|     ');
      const skipped = cold(' x|        ');
      const failed = cold('  x|        ');
      const later = cold('        -b|  ');
      const expected1 = '    ---a|     ';
      const expected2 = '    |         ';
      const expected3 = '    #         ';
      const expected4 = '    -------b| ';
      const laterSub = '     ------^   ';
      const busy = jasmine.objectContaining({ name: 'BusyError' });
      expectObservable(holder.pipe(withLock(lock))).toBe(expected1);
      expectObservable(skipped.pipe(withLock(lock, { whenBusy: 'skip' }))).toBe(expected2);
      expectObservable(failed.pipe(withLock(lock, { whenBusy: 'error' }))).toBe(expected3, undefined, busy);
      expectObservable(later.pipe(withLock(lock, { whenBusy: 'skip' })), laterSub).toBe(expected4);
      expectSubscriptions(skipped.subscriptions).toBe([]);
      expectSubscriptions(failed.subscriptions).toBe([]);
    });

    it("'skip' completes without subscribing to the source when the lock is busy", () => {
      const lock = new Lock();
      const record: string[] = [];
      const source = of('x').pipe(withLock(lock, { whenBusy: 'skip' }));
      source.subscribe(recorder(record, 'free'));
      const holder = lock.tryAcquire();
      source.subscribe(recorder(record, 'busy'));
      holder?.release();
      expect(record).toEqual(['free: x', 'free: complete', 'busy: complete']);
      expect(lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it("'error' fails with a BusyError when the lock is busy", () => {
      const lock = new Lock({ name: 'orders' });
      lock.tryAcquire();
      const messages: string[] = [];
      of('x')
        .pipe(withLock(lock, { whenBusy: 'error' }))
        .subscribe({ error: (error: Error) => messages.push(`${error.name}: ${error.message}`) });
      expect(messages).toEqual(['BusyError: cannot acquire lock "orders": it is busy']);
    });

    it('fails with a ClosedError when the lock is closed', () => {
      const lock = new Lock();
      lock.complete();
      const record: string[] = [];
      of('x')
        .pipe(withLock(lock, { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: ClosedError']);
    });

    it('counts as busy when a waiter is queued, although units are free', () => {
      const semaphore = new Semaphore(2);
      semaphore.tryAcquire();
      semaphore.acquire(2).subscribe();
      const record: string[] = [];
      of('x')
        .pipe(withLock(semaphore, { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: complete']);
    });

    it('acquires the lock of a condition, and fails when the condition is closed', () => {
      const condition = new Condition();
      const record: string[] = [];
      const source = of('x').pipe(withLock(condition, { whenBusy: 'skip' }));
      source.subscribe(recorder(record, 'free'));
      condition.tryAcquire();
      source.subscribe(recorder(record, 'busy'));
      condition.complete();
      source.subscribe(recorder(record, 'closed'));
      expect(record).toEqual(['free: x', 'free: complete', 'busy: complete', 'closed: ClosedError']);
    });
  });

  describe('throws at the call for', () => {
    it('an argument that cannot be acquired', () => {
      for (const lock of [undefined, null, 'lock', 5] as unknown[]) {
        expect(() => withLock(lock as Lock)).toThrowError(
          TypeError,
          `withLock needs something with an acquire() method, but got ${typeof lock === 'string' ? `"${lock}"` : String(lock)}`,
        );
      }
    });

    it('malformed options', () => {
      const lock = new Lock();
      expect(() => withLock(lock, { weight: 0 })).toThrowError(RangeError, 'weight must be an integer of at least 1, but is 0');
      expect(() => withLock(lock, { priority: NaN })).toThrowError(RangeError, 'priority must be a number, but is NaN');
      expect(() => withLock(lock, { whenBusy: 'never' as 'skip' })).toThrowError(
        TypeError,
        `whenBusy must be 'wait', 'skip' or 'error', but is "never"`,
      );
      expect(() => withLock({ acquire: () => NEVER }, { whenBusy: 'skip' })).toThrowError(
        TypeError,
        "withLock with whenBusy: 'skip' needs something with a tryAcquire() method",
      );
      expect(() => withLock(lock, { until: 5 as unknown as ObservableInput<unknown> })).toThrowError(TypeError);
    });
  });
});
