import { delay, EMPTY, map, Observable, of, Subject, takeUntil, timeout } from 'rxjs';
import { KeyedLock, type Side } from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

import { waiters } from './keyed-lock/waiters.js';

describe('KeyedLock', () => {
  describe('Order', () => {
    itMarbles(
      'runs the tasks of one key one after another, and the tasks of other keys beside them',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const locks = new KeyedLock<number>();
        const first = cold('  --a--b--|     ');
        const second = cold('         --c--|');
        const secondSubs = '  --------^----!';
        const third = cold('  ---d--|       ');
        const expected1 = '   --a--b--|     ';
        const expected2 = '   ----------c--|';
        const expected3 = '   ---d--|       ';
        expectObservable(locks.get(1).use(() => first)).toBe(expected1);
        expectObservable(locks.get(1).use(() => second)).toBe(expected2);
        expectObservable(locks.get(2).use(() => third)).toBe(expected3);
        expectSubscriptions(second.subscriptions).toBe(secondSubs);
      },
    );

    itMarbles(
      'makes a waiter for several keys wait for all of them at once, and no later waiter overtakes it',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const locks = new KeyedLock<number>();
        const first = cold('  ----|        ');
        const second = cold(' --|          ');
        const third = cold('      --c|     ');
        const thirdSubs = '   ----^--!     ';
        const fourth = cold('        -d|   ');
        const fourthSubs = '  -------^-!   ';
        const expected1 = '   ----|        ';
        const expected2 = '   --|          ';
        const expected3 = '   ------c|     ';
        const expected4 = '   --------d|   ';
        expectObservable(locks.get(1).use(() => first)).toBe(expected1);
        expectObservable(locks.get(2).use(() => second)).toBe(expected2);
        expectObservable(locks.all([2, 1]).use(() => third)).toBe(expected3);
        expectObservable(locks.get(2).use(() => fourth)).toBe(expected4);
        expectSubscriptions(third.subscriptions).toBe(thirdSubs);
        expectSubscriptions(fourth.subscriptions).toBe(fourthSubs);
      },
    );

    heavy(it)('grants a hundred thousand waiters of one key in order, on a flat stack', () => {
      const locks = new KeyedLock<string>();
      const holder = locks.get('a').tryAcquire();
      let entered = 0;
      let inOrder = true;
      for (let index = 0; index < 100_000; index++) {
        locks
          .get('a')
          .acquire()
          .subscribe((permit) => {
            inOrder &&= entered++ === index;
            permit.release();
          });
      }
      expect(locks.value).toEqual({ keys: 1, waiting: 100_000 });
      holder?.release();
      expect(entered).toBe(100_000);
      expect(inOrder).toBeTrue();
      expect(locks.value).toEqual({ keys: 0, waiting: 0 });
    });

    heavy(it)('grants one waiter for each of a hundred thousand keys that are released at once, in order of arrival', () => {
      const locks = new KeyedLock<number>();
      const keys = Array.from({ length: 100_000 }, (_, key) => key);
      const holder = locks.all(keys).tryAcquire();
      let entered = 0;
      let inOrder = true;
      for (const index of keys) {
        // A permutation of the keys.
        locks
          .get((index * 7_919) % keys.length)
          .acquire()
          .subscribe((permit) => {
            inOrder &&= entered++ === index;
            permit.release();
          });
      }
      expect(locks.value).toEqual({ keys: 100_000, waiting: 100_000 });
      holder?.release();
      expect(entered).toBe(100_000);
      expect(inOrder).toBeTrue();
      expect(locks.value).toEqual({ keys: 0, waiting: 0 });
    });
  });

  describe('Cancelling', () => {
    itMarbles('grants the waiters behind a waiter that times out in the same frame', ({ cold, expectObservable }) => {
      const locks = new KeyedLock<string>();
      const task = cold('    -----a|');
      const short = cold('      -b|');
      const expected1 = '    -----a|';
      const expected2 = '    ---#   ';
      const expected3 = '    ----b| ';
      expectObservable(locks.get('a').use(() => task)).toBe(expected1);
      const impatient = locks
        .all(['a', 'b'])
        .acquire()
        .pipe(
          map(() => 'p'),
          timeout(3),
        );
      expectObservable(impatient).toBe(expected2, undefined, jasmine.objectContaining({ name: 'TimeoutError' }));
      expectObservable(locks.get('b').use(() => short)).toBe(expected3);
      expectObservable(
        of(0).pipe(
          delay(2),
          map(() => locks.waiting),
        ),
      ).toBe('--(a|)', { a: 2 });
    });

    it('takes no key for a subscriber that is already closed', () => {
      const locks = new KeyedLock<string>();
      new Observable((subscriber) => {
        subscriber.unsubscribe();
        locks.all(['a', 'b']).acquire().subscribe(subscriber);
      }).subscribe();
      expect(locks.keys).toBe(0);
    });
  });

  describe('State', () => {
    itMarbles('shows how many keys are in use, and how many subscribers wait', ({ cold, expectObservable }) => {
      const locks = new KeyedLock<string>();
      const task = cold('   ----|        ');
      const expected = '    a-b-c-d---e--';
      const first = cold('  --x          ');
      const second = cold(' ----x        ');
      first.subscribe(() =>
        locks
          .get('a')
          .use(() => task)
          .subscribe(),
      );
      second.subscribe(() =>
        locks
          .all(['a', 'b'])
          .use(() => task)
          .subscribe(),
      );
      expectObservable(locks).toBe(expected, {
        a: { keys: 0, waiting: 0 },
        b: { keys: 1, waiting: 0 },
        c: { keys: 2, waiting: 1 },
        d: { keys: 2, waiting: 0 },
        e: { keys: 0, waiting: 0 },
      });
    });

    it('counts the waiters of all keys, and allows as many as maxWaiting', () => {
      const locks = new KeyedLock<string>({ name: 'users', maxWaiting: 2 });
      const messages: string[] = [];
      locks.all(['a', 'b']).tryAcquire();
      locks.get('a').acquire().subscribe();
      locks.get('b').acquire().subscribe();
      locks
        .get('b')
        .acquire()
        .subscribe({ error: ({ message }: Error) => messages.push(message) });
      expect(locks.get('c').tryAcquire()).not.toBeNull();
      expect(messages).toEqual(['cannot acquire key "b" of keyed lock "users": 2 are waiting, and it allows no more']);
      expect(locks.value).toEqual({ keys: 3, waiting: 2 });
    });

    heavy(it)('keeps nothing of a million keys', () => {
      const locks = new KeyedLock<number>();
      let tasks = 0;
      for (let key = 0; key < 1_000_000; key++) {
        locks
          .get(key)
          .use(() => {
            tasks++;
            return EMPTY;
          })
          .subscribe();
      }
      expect(tasks).toBe(1_000_000);
      expect(locks.value).toEqual({ keys: 0, waiting: 0 });
    });
  });

  describe('Closing', () => {
    it('release the keys of waiters that were granted before it was closed', () => {
      const locks = new KeyedLock<string>();
      const { record, enter, release } = waiters();
      enter('holder', locks.all(['a', 'b']));
      enter('a', locks.get('a'));
      enter('both', locks.all(['a', 'b']));
      insideADelivery(() => {
        release('holder');
        locks.complete();
        expect(locks.keys).toBe(1);
      });
      expect(record).toEqual(['holder', 'a', 'both: ClosedError']);
      release('a');
      expect(locks.keys).toBe(0);
    });
  });

  describe('Reentrant calls', () => {
    it('is not reentrant, across get and all', () => {
      const locks = new KeyedLock<string>();
      let isInside = false;
      const section = locks
        .get('a')
        .use(() => locks.all(['b', 'a']).use(() => of((isInside = true))))
        .subscribe();
      expect(isInside).toBeFalse();
      expect(locks.value).toEqual({ keys: 2, waiting: 1 });
      section.unsubscribe();
      expect(locks.value).toEqual({ keys: 0, waiting: 0 });
    });

    it('grants the waiters that a holder adds inside next in order', () => {
      const locks = new KeyedLock<string>();
      const record: string[] = [];
      const holder = locks.all(['a', 'b']).tryAcquire();
      locks
        .get('a')
        .acquire()
        .subscribe((permit) => {
          record.push('a');
          locks
            .get('a')
            .acquire()
            .subscribe(() => record.push('a again'));
          locks
            .get('b')
            .acquire()
            .subscribe(() => record.push('b again'));
          locks
            .get('c')
            .acquire()
            .subscribe(() => record.push('c'));
          permit.release();
          record.push('a is done');
        });
      locks
        .get('b')
        .acquire()
        .subscribe((permit) => {
          record.push('b');
          permit.release();
        });
      holder?.release();
      expect(record).toEqual(['a', 'c', 'a is done', 'b', 'a again', 'b again']);
    });
  });

  describe('Operators and promises', () => {
    it('works in the operators, with their options', () => {
      const locks = new KeyedLock<string>({ name: 'users' });
      const record: string[] = [];
      const until = new Subject<void>();
      const holder = locks.get('a').tryAcquire();
      of('x')
        .pipe(withLock(locks.get('a'), { until }))
        .subscribe(recorder(record, 'until'));
      of('x')
        .pipe(withLock(locks.get('a'), { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'skip'));
      of('x')
        .pipe(withLock(locks.all(['a', 'b']), { whenBusy: 'error' }))
        .subscribe({ error: ({ message }: Error) => record.push(message) });
      of('x', 'y')
        .pipe(throttleBySemaphore(locks.get('a'), (value) => of(value)))
        .subscribe(recorder(record, 'throttled'));
      expect(locks.value).toEqual({ keys: 1, waiting: 3 });
      until.next();
      holder?.release();
      expect(record).toEqual([
        'skip: complete',
        'cannot acquire keys "a", "b" of keyed lock "users": it is busy',
        'until: TimeoutError',
        'throttled: x',
        'throttled: y',
        'throttled: complete',
      ]);
      expect(locks.value).toEqual({ keys: 0, waiting: 0 });
    });

    it('runs tasks for async and await', async () => {
      const locks = new KeyedLock<string>();
      const record: string[] = [];
      const turn = (name: string, side: Side): Promise<string> =>
        side.run(async () => {
          record.push(`${name} in`);
          await Promise.resolve();
          record.push(`${name} out`);
          return name;
        });
      const results = [turn('1', locks.get('a')), turn('2', locks.all(['a', 'b'])), turn('3', locks.get('c'))];
      expect(await Promise.all(results)).toEqual(['1', '2', '3']);
      expect(record).toEqual(['1 in', '3 in', '1 out', '3 out', '2 in', '2 out']);
      expect(locks.keys).toBe(0);
    });
  });

  describe('Arguments', () => {
    it('refuses a weight other than one, as a lock does', () => {
      const locks = new KeyedLock<string>({ name: 'users' });
      const errors: unknown[] = [];
      for (const side of [locks.get('a'), locks.all(['a', 'b'])]) {
        expect(() => side.use(() => EMPTY, { weight: 0 })).toThrowError(
          RangeError,
          'weight must be an integer of at least 1, but is 0',
        );
        side.use(() => of(1), { weight: 2 }).subscribe({ error: (error) => errors.push(error) });
        of(1)
          .pipe(withLock(side, { weight: 2 }))
          .subscribe({ error: (error) => errors.push(error) });
      }
      const one = new RangeError('cannot acquire 2 of key "a" of keyed lock "users": it has no weights');
      const two = new RangeError('cannot acquire 2 of keys "a", "b" of keyed lock "users": it has no weights');
      expect(errors).toEqual([one, one, two, two]);
      expect(locks.keys).toBe(0);
    });
  });

  itIsExclusive('KeyedLock, one key', () => {
    const locks = new KeyedLock<string>();
    return { primitive: locks.get('a'), queue: locks };
  });

  itIsExclusive('KeyedLock, two keys at once', () => {
    const locks = new KeyedLock<string>();
    return { primitive: locks.all(['a', 'b']), queue: locks };
  });

  itIsExclusive('KeyedLock, a key beside others that are taken', () => {
    const locks = new KeyedLock<string>();
    locks.all(['a', 'c']).tryAcquire();
    return { primitive: locks.get('b'), queue: locks };
  });

  itIsStateful('KeyedLock', () => {
    const primitive = new KeyedLock<string>();
    primitive.get('a').tryAcquire();
    const cancelled = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.all(['a', 'b']).acquire().pipe(takeUntil(cancelled)).subscribe();
      },
      restore: () => {
        cancelled.next();
      },
      initial: { keys: 1, waiting: 0 },
      changed: { keys: 2, waiting: 1 },
    };
  });

  for (const [what, sideOf, tried] of [
    ['one key', (locks: KeyedLock<string>) => locks.get('a'), 'acquire key "a" of'],
    ['several keys', (locks: KeyedLock<string>) => locks.all(['b', 'a']), 'acquire keys "b", "a" of'],
  ] as const) {
    itCloses(`KeyedLock, ${what}`, (options) => {
      const primitive = new KeyedLock<string>({ name: 'users', ...options });
      const holder = primitive.get('a').tryAcquire();
      return {
        primitive,
        wait: sideOf(primitive).acquire(),
        grant: () => holder?.release(),
        name: 'keyed lock "users"',
        tried,
      };
    });
  }
});
