import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  finalize,
  NEVER,
  Observable,
  observeOn,
  of,
  range,
  repeat,
  retry,
  Subject,
  subscribeOn,
  take,
  tap,
  timer,
  VirtualTimeScheduler,
} from 'rxjs';
import { Condition, Lock } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { deliveries } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

describe('withLock', () => {
  describe('runs one source at a time', () => {
    itMarbles('subscribes to the second source when the first completes', ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const first = cold('  --a--b--|     ');
      const firstSubs = '   ^-------!     ';
      const second = cold('         --c--|');
      const secondSubs = '  --------^----!';
      const expected1 = '   --a--b--|     ';
      const expected2 = '   ----------c--|';
      expectObservable(first.pipe(withLock(lock))).toBe(expected1);
      expectObservable(second.pipe(withLock(lock))).toBe(expected2);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
    });

    itMarbles('subscribes to the second source when the first errors', ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const first = cold('  --a--#     ');
      const second = cold('      --c--|');
      const secondSubs = '  -----^----!';
      const expected1 = '   --a--#     ';
      const expected2 = '   -------c--|';
      expectObservable(first.pipe(withLock(lock))).toBe(expected1);
      expectObservable(second.pipe(withLock(lock))).toBe(expected2);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
    });

    itMarbles(
      'subscribes to the second source when the first is unsubscribed',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const lock = new Lock();
        const first = cold('  --a--b--|  ');
        const firstUnsub = '  ----!      ';
        const firstSubs = '   ^---!      ';
        const second = cold('     --c--|');
        const secondSubs = '  ----^----! ';
        const expected1 = '   --a--      ';
        const expected2 = '   ------c--| ';
        expectObservable(first.pipe(withLock(lock)), firstUnsub).toBe(expected1);
        expectObservable(second.pipe(withLock(lock))).toBe(expected2);
        expectSubscriptions(first.subscriptions).toBe(firstSubs);
        expectSubscriptions(second.subscriptions).toBe(secondSubs);
      },
    );

    itMarbles(
      'serves the sources in the order in which they were subscribed to',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const lock = new Lock();
        const first = cold('  --a|       ');
        const second = cold('    -b-|    ');
        const third = cold('        c--|');
        const firstSubs = '   ^--!       ';
        const secondSubs = '  ---^--!    ';
        const thirdSubs = '   ------^--! ';
        const expected1 = '   --a|       ';
        const expected2 = '   ----b-|    ';
        const expected3 = '   ------c--| ';
        expectObservable(first.pipe(withLock(lock))).toBe(expected1);
        expectObservable(second.pipe(withLock(lock))).toBe(expected2);
        expectObservable(third.pipe(withLock(lock))).toBe(expected3);
        expectSubscriptions(first.subscriptions).toBe(firstSubs);
        expectSubscriptions(second.subscriptions).toBe(secondSubs);
        expectSubscriptions(third.subscriptions).toBe(thirdSubs);
      },
    );

    itMarbles('misses what a hot source emits while it waits', ({ cold, hot, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const first = cold('  --a|      ');
      const second = hot('  b-c-d-e-| ');
      const secondSubs = '  ---^----! ';
      const expected1 = '   --a|      ';
      const expected2 = '   ----d-e-| ';
      expectObservable(first.pipe(withLock(lock))).toBe(expected1);
      expectObservable(second.pipe(withLock(lock))).toBe(expected2);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
    });

    it('serves many sources, and many subscriptions to one source, with one operator', () => {
      const lock = new Lock();
      const locked = withLock<number>(lock);
      const record: string[] = [];
      concat(of(1).pipe(locked), of(2).pipe(locked), of(3).pipe(locked, repeat(2))).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: 1', 'a: 2', 'a: 3', 'a: 3', 'a: complete']);
      expect(lock.locked()).toBeFalse();
    });
  });

  describe('when a waiter is cancelled', () => {
    itMarbles(
      'never subscribes to the source of a waiter that has unsubscribed',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const lock = new Lock();
        const first = cold('  --a--|     ');
        const second = cold(' --x--|     ');
        const secondUnsub = ' ---!       ';
        const third = cold('       --c--|');
        const expected1 = '   --a--|     ';
        const expected2 = '   ----       ';
        const expected3 = '   -------c--|';
        expectObservable(first.pipe(withLock(lock))).toBe(expected1);
        expectObservable(second.pipe(withLock(lock)), secondUnsub).toBe(expected2);
        expectObservable(third.pipe(withLock(lock))).toBe(expected3);
        expectSubscriptions(second.subscriptions).toBe([]);
      },
    );

    itMarbles(
      'cancels a waiter when its until emits, and does not end a source that has started',
      ({ cold, expectObservable }) => {
        const lock = new Lock();
        const first = cold('  -----a|');
        const until1 = timer(3);
        const until2 = timer(7);
        const expected1 = '   -----a|';
        const expected2 = '   ---#';
        const expected3 = '   -----------a|';
        expectObservable(first.pipe(withLock(lock))).toBe(expected1);
        const timedOut = jasmine.objectContaining({ name: 'TimeoutError' });
        expectObservable(first.pipe(withLock(lock, { until: until1 }))).toBe(expected2, undefined, timedOut);
        expectObservable(first.pipe(withLock(lock, { until: until2 }))).toBe(expected3);
      },
    );
  });

  describe('when the source ends', () => {
    for (const [where, deliver] of deliveries) {
      it(`tears the source down, releases, notifies downstream, and wakes the next waiter, in this order, ${where}`, () => {
        const lock = new Lock();
        const record: string[] = [];
        const source = new Subject<void>();
        source
          .pipe(
            finalize(() => record.push(`torn down, ${lock.locked() ? 'locked' : 'free'}`)),
            withLock(lock),
          )
          .subscribe({ complete: () => record.push(`downstream, ${String(lock.waiting)} waiting`) });
        of('second').pipe(withLock(lock)).subscribe(recorder(record, 'b'));
        lock.subscribe(({ locked, waiting }) => record.push(`${locked ? 'locked' : 'free'}, ${String(waiting)}`));
        deliver(() => {
          source.complete();
        });
        expect(record).toEqual([
          'locked, 1',
          'torn down, locked',
          'downstream, 0 waiting',
          'locked, 0',
          'b: second',
          'b: complete',
          'free, 0',
        ]);
      });

      it(`releases although the teardown of the source throws, ${where}`, () => {
        const lock = new Lock();
        const record: string[] = [];
        const source = new Subject<void>();
        const failing = (task: Observable<void>): Observable<void> =>
          task.pipe(
            finalize(() => {
              throw new Error('teardown');
            }),
            withLock(lock),
          );
        failing(source).subscribe(recorder(record, 'a'));
        const section = failing(NEVER).subscribe(recorder(record, 'b'));
        deliver(() => {
          expect(() => {
            source.complete();
          }).toThrow();
        });
        expect(record).toEqual(['a: complete']);
        deliver(() => {
          expect(() => {
            section.unsubscribe();
          }).toThrow();
        });
        expect(lock.value).toEqual({ locked: false, waiting: 0 });
      });

      it(`stops a synchronous source midway, ${where}`, () => {
        const lock = new Lock();
        let produced = 0;
        const record: string[] = [];
        deliver(() => {
          range(1, 5)
            .pipe(
              tap(() => produced++),
              withLock(lock),
              take(2),
            )
            .subscribe(recorder(record, 'a'));
        });
        expect(produced).toBe(2);
        expect(record).toEqual(['a: 1', 'a: 2', 'a: complete']);
        expect(lock.locked()).toBeFalse();
      });
    }

    it('lets downstream acquire the lock in its complete() handler, before other waiters', () => {
      const lock = new Lock();
      const record: string[] = [];
      of('a')
        .pipe(withLock(lock))
        .subscribe({
          complete: () => {
            record.push(`free: ${String(!lock.locked())}`);
            lock.acquire().subscribe(() => record.push('acquired'));
          },
        });
      expect(record).toEqual(['free: true', 'acquired']);
    });

    it('releases between the attempts of a retry outside the lock, and holds the lock during a retry inside it', () => {
      const lock = new Lock();
      const record: string[] = [];
      let attempts = 0;
      const flaky = new Observable<string>((subscriber) => {
        record.push(`attempt ${String(++attempts)}`);
        if (attempts % 2 === 1) {
          lock
            .use(() => {
              record.push('other');
              return EMPTY;
            })
            .subscribe();
          subscriber.error(new Error('flaky'));
        }
        subscriber.complete();
      });
      flaky.pipe(withLock(lock), retry(1)).subscribe();
      expect(record).toEqual(['attempt 1', 'other', 'attempt 2']);
      record.length = 0;
      flaky.pipe(retry(1), withLock(lock)).subscribe();
      expect(record).toEqual(['attempt 3', 'attempt 4', 'other']);
    });
  });

  describe('when the lock is closed', () => {
    itMarbles('fails the waiters, and lets the holder finish', ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const close = cold('  ---x      ');
      const first = cold('  --a--b|   ');
      const second = cold(' c|        ');
      const third = cold('  d|        ');
      const firstSubs = '   ^-----!   ';
      const expected1 = '   --a--b|   ';
      const expected2 = '   ---#      ';
      const expected3 = '   --------# ';
      const thirdSub = '    --------^ ';
      const closed = jasmine.objectContaining({ name: 'ClosedError' });
      close.subscribe(() => {
        lock.complete();
      });
      expectObservable(first.pipe(withLock(lock))).toBe(expected1);
      expectObservable(second.pipe(withLock(lock))).toBe(expected2, undefined, closed);
      expectObservable(third.pipe(withLock(lock)), thirdSub).toBe(expected3, undefined, closed);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe([]);
      expectSubscriptions(third.subscriptions).toBe([]);
    });
  });

  describe('with the lock of a condition', () => {
    it('releases the lock while its source waits for the condition', () => {
      const condition = new Condition();
      const record: string[] = [];
      condition.wait().pipe(withLock(condition)).subscribe(recorder(record, 'a'));
      expect(condition.locked()).toBeFalse();
      of(0)
        .pipe(
          tap(() => {
            condition.notify();
          }),
          withLock(condition),
        )
        .subscribe();
      expect(record).toEqual(['a: true', 'a: complete']);
      expect(condition.locked()).toBeFalse();
    });
  });

  describe('with tasks that yield, by subscribeOn inside the lock,', () => {
    itMarbles(
      'gives other code a turn between two tasks, and keeps their order',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const lock = new Lock();
        const first = cold('  (a|)     ');
        const firstSubs = '   --(^!)   ';
        const second = cold('   (b|)   ');
        const secondSubs = '  ----(^!) ';
        const expected1 = '   --(a|)   ';
        const expected2 = '   ----(b|) ';
        const yielding = (source: Observable<string>): Observable<string> =>
          source.pipe(subscribeOn(asyncScheduler, 2), withLock(lock));
        expectObservable(yielding(first)).toBe(expected1);
        expectObservable(yielding(second)).toBe(expected2);
        expectSubscriptions(first.subscriptions).toBe(firstSubs);
        expectSubscriptions(second.subscriptions).toBe(secondSubs);
      },
    );

    itMarbles(
      'holds the lock until the task starts, and releases it when it is unsubscribed before',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const lock = new Lock();
        const first = cold('  (a|)    ');
        const second = cold('  (b|)   ');
        const secondSubs = '  -(^!)   ';
        const unsub = '       -!      ';
        const expected1 = '   --      ';
        const expected2 = '   -(b|)   ';
        expectObservable(first.pipe(subscribeOn(asyncScheduler, 2), withLock(lock)), unsub).toBe(expected1);
        expectObservable(second.pipe(withLock(lock))).toBe(expected2);
        expectSubscriptions(first.subscriptions).toBe([]);
        expectSubscriptions(second.subscriptions).toBe(secondSubs);
      },
    );

    it('yields after each task with observeOn inside the lock, and only delays its values with observeOn outside', () => {
      const [inner, outer] = [new Lock(), new Lock()];
      const record: string[] = [];
      const later = new VirtualTimeScheduler();
      const task = (name: string): Observable<string> => defer(() => of(`${name} runs`)).pipe(tap((word) => record.push(word)));
      for (const name of ['a', 'b']) {
        task(`${name} inside`).pipe(observeOn(later), withLock(inner)).subscribe();
        task(`${name} outside`).pipe(withLock(outer), observeOn(later)).subscribe();
      }
      expect(record).toEqual(['a inside runs', 'a outside runs', 'b outside runs']);
      later.flush();
      expect(record.slice(3)).toEqual(['b inside runs']);
      expect(inner.value).toEqual({ locked: false, waiting: 0 });
    });
  });

  heavy(it)('runs a hundred thousand queued sources on a flat stack', () => {
    const lock = new Lock();
    const holder = lock.tryAcquire();
    let next = 0;
    let inOrder = true;
    for (let index = 0; index < 100_000; index++) {
      of(index)
        .pipe(withLock(lock))
        .subscribe((value) => {
          inOrder &&= value === next++;
        });
    }
    holder?.release();
    expect(next).toBe(100_000);
    expect(inOrder).toBeTrue();
    expect(lock.value).toEqual({ locked: false, waiting: 0 });
  });
});
