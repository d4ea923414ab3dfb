import fc from 'fast-check';
import { delay, EMPTY, finalize, map, NEVER, Observable, of, Subject, takeUntil, timeout, type Subscription } from 'rxjs';
import { captureContext, KeyedLock, type LockState, type Permit, type Side } from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { WaitQueue } from '../../lib/internal/queue/wait-queue.js';
import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deliveries, insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

describe('KeyedLock', () => {
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
    const leaving = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.all(['a', 'b']).acquire().pipe(takeUntil(leaving)).subscribe();
      },
      restore: () => {
        leaving.next();
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

  /** Acquires by hand; writes down who entered, and keeps the permits. */
  function crowd() {
    const record: string[] = [];
    const permits = new Map<string, Permit>();
    const places = new Map<string, Subscription>();
    return {
      record,
      comes: (who: string, side: Side): void => {
        places.set(
          who,
          side.acquire().subscribe({
            next: (permit) => {
              record.push(who);
              permits.set(who, permit);
            },
            error: (error: Error) => record.push(`${who}: ${error.name}`),
          }),
        );
      },
      leaves: (who: string): void => {
        places.get(who)?.unsubscribe();
      },
      releases: (who: string): void => {
        permits.get(who)?.release();
      },
    };
  }

  describe('get', () => {
    itMarbles(
      'lets works of one key run one after another, and those of another beside them',
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

    it('has no state of its own: all that it returns for one key are one lock', () => {
      const locks = new KeyedLock<string>();
      const [early, late] = [locks.get('a'), locks.get('a')];
      expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      const permit = early.tryAcquire();
      expect([early.locked(), late.locked(), locks.get('a').locked()]).toEqual([true, true, true]);
      expect(late.tryAcquire()).toBeNull();
      expect(locks.get('b').locked()).toBeFalse();
      expect(locks.keys).toBe(1);
      permit?.release();
      expect(late.tryAcquire()).not.toBeNull();
    });

    it('takes for the same key what a Map does', () => {
      const object = {};
      const pairs: readonly (readonly [unknown, unknown, boolean])[] = [
        [NaN, NaN, true],
        [0, -0, true],
        [undefined, undefined, true],
        [null, undefined, false],
        ['1', 1, false],
        [object, object, true],
        [{}, {}, false],
      ];
      for (const [one, other, isSame] of pairs) {
        const locks = new KeyedLock();
        locks.get(one).tryAcquire();
        expect(locks.get(other).locked()).toBe(isSame);
        expect(locks.all([one, other]).locked()).toBeTrue();
        locks.all([other, one, other]).acquire().subscribe();
        expect(locks.value).toEqual({ keys: isSame ? 1 : 2, waiting: 1 });
      }
    });
  });

  describe('all', () => {
    itMarbles('waits for all of its keys at once, and nobody passes it', ({ cold, expectObservable, expectSubscriptions }) => {
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
    });

    it('reads its keys at the call, and one that is named twice counts once', () => {
      const locks = new KeyedLock<string>();
      const keys = ['a', 'b', 'a'];
      const both = locks.all(keys);
      keys.push('c');
      const permit = both.tryAcquire();
      expect(locks.keys).toBe(2);
      expect(locks.get('c').locked()).toBeFalse();
      both.acquire().subscribe();
      permit?.release();
      expect(locks.value).toEqual({ keys: 2, waiting: 0 });
    });

    it('takes any iterable, and refuses what is none', () => {
      const locks = new KeyedLock<number>();
      const one = function* (): Iterable<number> {
        yield 1;
      };
      expect(locks.all(one()).tryAcquire()).not.toBeNull();
      expect(locks.all(new Set([1, 2])).locked()).toBeTrue();
      for (const what of [undefined, null, 5]) {
        expect(() => locks.all(what as unknown as number[])).toThrowError(
          TypeError,
          `all needs an iterable of keys, but got ${String(what)}`,
        );
      }
      expect(() => new KeyedLock<string>().all('alice')).toThrowError(
        TypeError,
        'all needs an iterable of keys, but got the string "alice", whose letters would be keys',
      );
    });

    it('is always free without a key', () => {
      const locks = new KeyedLock<number>({ name: 'users', maxWaiting: 0 });
      const none = locks.all([]);
      const permits = [none.tryAcquire(), none.tryAcquire()];
      expect(permits).not.toContain(null);
      expect(none.locked()).toBeFalse();
      expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      const record: string[] = [];
      none.use(() => of('work')).subscribe(recorder(record, 'a'));
      locks.complete();
      none.acquire().subscribe({ error: ({ message }: Error) => record.push(message) });
      expect(record).toEqual(['a: work', 'a: complete', 'cannot acquire no keys of keyed lock "users": it is closed']);
    });

    for (const [where, deliver] of deliveries) {
      it(`lets those go whom its release frees in the order in which they came, not in that of its keys, ${where}`, () => {
        for (const keys of [
          ['a', 'b', 'c'],
          ['c', 'b', 'a'],
        ]) {
          const locks = new KeyedLock<string>();
          const { record, comes, releases } = crowd();
          comes('all', locks.all(keys));
          comes('c', locks.get('c'));
          comes('both', locks.all(['a', 'b']));
          comes('a', locks.get('a'));
          deliver(() => {
            releases('all');
            expect(locks.value).toEqual({ keys: 3, waiting: 1 });
          });
          expect(record).toEqual(['all', 'c', 'both']);
        }
      });

      it(`lets those behind it go, at each key, when it is cancelled while it waits, ${where} (law 4)`, () => {
        const locks = new KeyedLock<string>();
        const { record, comes, leaves } = crowd();
        comes('a', locks.get('a'));
        comes('all', locks.all(['c', 'b', 'a']));
        comes('b', locks.get('b'));
        comes('c', locks.get('c'));
        comes('b again', locks.get('b'));
        expect(locks.value).toEqual({ keys: 3, waiting: 4 });
        deliver(() => {
          leaves('all');
          expect(locks.value).toEqual({ keys: 3, waiting: 1 });
          expect(locks.get('c').locked()).toBeTrue();
        });
        expect(record).toEqual(['a', 'b', 'c']);
      });

      it(`lets nobody go too early when it is cancelled in the middle of its lines, ${where} (law 4)`, () => {
        const locks = new KeyedLock<string>();
        const { record, comes, leaves, releases } = crowd();
        comes('a', locks.get('a'));
        comes('b', locks.get('b'));
        comes('all', locks.all(['a', 'b']));
        comes('other', locks.all(['b', 'a']));
        deliver(() => {
          leaves('all');
        });
        releases('b');
        expect(record).toEqual(['a', 'b']);
        releases('a');
        expect(record).toEqual(['a', 'b', 'other']);
        releases('other');
        expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      });

      it(`passes all of its keys on when it is cancelled while it is granted, ${where} (law 6)`, () => {
        const locks = new KeyedLock<string>();
        const { record, comes, leaves, releases } = crowd();
        comes('holder', locks.all(['a', 'b', 'c']));
        locks
          .get('c')
          .acquire()
          .subscribe(() => {
            record.push('c');
            leaves('all');
          });
        comes('all', locks.all(['a', 'b']));
        comes('b', locks.get('b'));
        comes('a', locks.get('a'));
        deliver(() => {
          releases('holder');
        });
        expect(record).toEqual(['holder', 'c', 'b', 'a']);
      });

      it(`gives all of its keys back when it is left while it holds them, ${where} (law 7)`, () => {
        const locks = new KeyedLock<string>();
        const record: string[] = [];
        const section = locks
          .all(['a', 'b'])
          .use(() => NEVER.pipe(finalize(() => record.push(`torn down, ${String(locks.keys)} keys`))))
          .subscribe();
        locks
          .get('b')
          .use(() => of('b'))
          .subscribe(recorder(record, 'b'));
        deliver(() => {
          section.unsubscribe();
        });
        expect(record).toEqual(['torn down, 2 keys', 'b: b', 'b: complete']);
        expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      });

      it(`sends a whole line away without letting anybody go who is sent away too, ${where} (law 13)`, () => {
        const locks = new KeyedLock<string>();
        const { record, comes, releases } = crowd();
        comes('a', locks.get('a'));
        comes('all', locks.all(['a', 'b']));
        comes('b', locks.get('b'));
        comes('b again', locks.get('b'));
        deliver(() => {
          locks.cancelWaiters();
          expect(locks.value).toEqual({ keys: 1, waiting: 0 });
          expect(locks.get('b').locked()).toBeFalse();
        });
        expect(record).toEqual(['a', 'all: CancelledError', 'b: CancelledError', 'b again: CancelledError']);
        releases('a');
        expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      });
    }

    it('lets one go at once whose keys become free while its context is captured', () => {
      const locks = new KeyedLock<string>();
      const holder = locks.get('a').tryAcquire();
      const record: string[] = [];
      try {
        captureContext(() => {
          holder?.release();
          return (task) => {
            task();
          };
        });
        locks.all(['a', 'b']).acquire().subscribe(recorder(record, 'all'));
      } finally {
        captureContext(undefined);
      }
      expect(record).toEqual(['all: permit', 'all: complete']);
      expect(locks.value).toEqual({ keys: 2, waiting: 0 });
    });
  });

  itMarbles('shows how many keys are in use and how many wait', ({ cold, expectObservable }) => {
    const locks = new KeyedLock<string>();
    const work = cold('   ----|        ');
    const expected = '    a-b-c-d---e--';
    const first = cold('  --x          ');
    const second = cold(' ----x        ');
    first.subscribe(() =>
      locks
        .get('a')
        .use(() => work)
        .subscribe(),
    );
    second.subscribe(() =>
      locks
        .all(['a', 'b'])
        .use(() => work)
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

  it('counts those in line whatever they wait for, and allows as many as maxWaiting', () => {
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

  it('names the key in messages, whatever the key is', () => {
    const locks = new KeyedLock({ name: 'users' });
    locks.complete();
    const throwing = {
      toString: (): string => {
        throw new Error('toString');
      },
    };
    const names: readonly (readonly [unknown, string])[] = [
      [42, '42'],
      ['42', '"42"'],
      [undefined, 'undefined'],
      [Symbol('x'), 'Symbol(x)'],
      [{}, '[object Object]'],
      [Object.create(null), '[object Object]'],
      [throwing, '[object Object]'],
    ];
    for (const [key, name] of names) {
      expect(() => locks.get(key).tryAcquire()).toThrowError(`cannot acquire key ${name} of keyed lock "users": it is closed`);
    }
    expect(() => locks.all(names.slice(0, 2).map(([key]) => key)).tryAcquire()).toThrowError(
      'cannot acquire keys 42, "42" of keyed lock "users": it is closed',
    );
  });

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
    const one = new RangeError('cannot acquire 2 of key "a" of keyed lock "users": it knows no weights');
    const two = new RangeError('cannot acquire 2 of keys "a", "b" of keyed lock "users": it knows no weights');
    expect(errors).toEqual([one, one, two, two]);
    expect(locks.keys).toBe(0);
  });

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

  it('is taken by the operators, with their options', () => {
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

  it('runs works for async and await', async () => {
    const locks = new KeyedLock<string>();
    const record: string[] = [];
    const turn = (who: string, side: Side): Promise<string> =>
      side.run(async () => {
        record.push(`${who} in`);
        await Promise.resolve();
        record.push(`${who} out`);
        return who;
      });
    const results = [turn('1', locks.get('a')), turn('2', locks.all(['a', 'b'])), turn('3', locks.get('c'))];
    expect(await Promise.all(results)).toEqual(['1', '2', '3']);
    expect(record).toEqual(['1 in', '3 in', '1 out', '3 out', '2 in', '2 out']);
    expect(locks.keys).toBe(0);
  });

  itMarbles('lets one who waits give up, and those behind it go in the same frame', ({ cold, expectObservable }) => {
    const locks = new KeyedLock<string>();
    const work = cold('    -----a|');
    const short = cold('      -b|');
    const expected1 = '    -----a|';
    const expected2 = '    ---#   ';
    const expected3 = '    ----b| ';
    expectObservable(locks.get('a').use(() => work)).toBe(expected1);
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

  it('lets those acquire and release who do so from inside next, each when it is its turn', () => {
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

  heavy(it)('keeps nothing of a million keys', () => {
    const locks = new KeyedLock<number>();
    let works = 0;
    for (let key = 0; key < 1_000_000; key++) {
      locks
        .get(key)
        .use(() => {
          works++;
          return EMPTY;
        })
        .subscribe();
    }
    expect(works).toBe(1_000_000);
    expect(locks.value).toEqual({ keys: 0, waiting: 0 });
  });

  heavy(it)('lets a hundred thousand go in order at one key, on a flat stack', () => {
    const locks = new KeyedLock<string>();
    const holder = locks.get('a').tryAcquire();
    let entered = 0;
    let inOrder = true;
    for (let who = 0; who < 100_000; who++) {
      locks
        .get('a')
        .acquire()
        .subscribe((permit) => {
          inOrder &&= entered++ === who;
          permit.release();
        });
    }
    expect(locks.value).toEqual({ keys: 1, waiting: 100_000 });
    holder?.release();
    expect(entered).toBe(100_000);
    expect(inOrder).toBeTrue();
    expect(locks.value).toEqual({ keys: 0, waiting: 0 });
  });

  heavy(it)(
    'lets one go at each of a hundred thousand keys, all of them released at once, in the order in which they came',
    () => {
      const locks = new KeyedLock<number>();
      const keys = Array.from({ length: 100_000 }, (_, key) => key);
      const holder = locks.all(keys).tryAcquire();
      let entered = 0;
      let inOrder = true;
      for (const who of keys) {
        // The keys in no order, each of them once.
        locks
          .get((who * 7_919) % keys.length)
          .acquire()
          .subscribe((permit) => {
            inOrder &&= entered++ === who;
            permit.release();
          });
      }
      expect(locks.value).toEqual({ keys: 100_000, waiting: 100_000 });
      holder?.release();
      expect(entered).toBe(100_000);
      expect(inOrder).toBeTrue();
      expect(locks.value).toEqual({ keys: 0, waiting: 0 });
    },
  );

  it('takes nothing for one who has gone already (law 6)', () => {
    const locks = new KeyedLock<string>();
    new Observable((subscriber) => {
      subscriber.unsubscribe();
      locks.all(['a', 'b']).acquire().subscribe(subscriber);
    }).subscribe();
    expect(locks.keys).toBe(0);
  });

  it('tells an observer of a key at once that it is closed already (law 13)', () => {
    const record: string[] = [];
    for (const close of [
      (locks: KeyedLock) => {
        locks.complete();
      },
      (locks: KeyedLock) => {
        locks.error(new RangeError());
      },
    ]) {
      const locks = new KeyedLock();
      close(locks);
      locks.subscribe(recorder(record, 'locks'));
      locks.get('a').subscribe(recorder(record, 'a'));
    }
    expect(record).toEqual(['locks: complete', 'a: complete', 'locks: RangeError', 'a: RangeError']);
  });

  it('tells those who observe some keys what waiting and locked() say, whoever comes and leaves', () => {
    const keys = fc.uniqueArray(fc.nat(2), { minLength: 1 });
    const visit = fc.record({ keys, leaver: fc.option(fc.nat(10)) });
    fc.assert(
      fc.property(keys, fc.array(visit, { maxLength: 20, size: 'max' }), fc.nat(10), (observed, visits, late) => {
        const locks = new KeyedLock<number>();
        const side = locks.all(observed);
        const states: LockState[] = [];
        const visitors: Permit[] = [];
        visits.forEach((each, index) => {
          if (index === late) {
            side.subscribe((state) => states.push(state));
          }
          visitors[each.leaver ?? Infinity]?.release();
          const visitor = locks
            .all(each.keys)
            .acquire()
            .subscribe((permit) => (visitors[index] = permit));
          visitors[index] ??= {
            released: false,
            release: () => {
              visitor.unsubscribe();
            },
            [Symbol.dispose]: () => undefined,
          };
          if (index >= late) {
            expect(states.at(-1)).toEqual({ locked: side.locked(), waiting: side.waiting });
          }
        });
        const isSame = (one: LockState, other?: LockState): boolean =>
          one.locked === other?.locked && one.waiting === other.waiting;
        expect(states.some((state, index) => isSame(state, states[index + 1]))).toBeFalse();
      }),
      { numRuns: 300 },
    );
  });

  it('walks no line as those come and go who wait for keys that are observed', () => {
    const locks = new KeyedLock<string>();
    const permits = ['a', 'b'].map((key) => locks.get(key).tryAcquire());
    const waiting: number[] = [];
    locks.all(['a', 'b']).subscribe((state) => waiting.push(state.waiting));
    const walked = spyOn(WaitQueue.prototype, 'after').and.callThrough();
    ['a', 'b', 'a', 'b'].forEach((key) =>
      locks
        .get(key)
        .acquire()
        .subscribe((permit) => {
          permit.release();
        }),
    );
    permits.forEach((permit) => permit?.release());
    expect(walked).not.toHaveBeenCalled();
    expect(waiting).toEqual([0, 1, 2, 3, 4, 3, 2, 1, 0, 0]);
  });

  it('frees the keys of those who were promised them before it was closed', () => {
    const locks = new KeyedLock<string>();
    const { record, comes, releases } = crowd();
    comes('holder', locks.all(['a', 'b']));
    comes('a', locks.get('a'));
    comes('both', locks.all(['a', 'b']));
    insideADelivery(() => {
      releases('holder');
      locks.complete();
      expect(locks.keys).toBe(1);
    });
    expect(record).toEqual(['holder', 'a', 'both: ClosedError']);
    releases('a');
    expect(locks.keys).toBe(0);
  });

  it('never has two wait for each other, nor lets two in who share a key, whoever comes with whatever keys and leaves', () => {
    const key = fc.nat(5);
    const visit = fc.record({
      keys: fc.array(key, { minLength: 1, maxLength: 4 }),
      /** Which of those who are there leaves before this one comes, if any. */
      leaver: fc.option(fc.nat(20)),
    });
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 40, size: 'max' }), (visits) => {
        const locks = new KeyedLock<number>();
        const inside = new Set<{ readonly keys: readonly number[]; readonly permit: Permit }>();
        const waiting: { readonly keys: readonly number[]; readonly place: Subscription }[] = [];
        const heldBy = (each: number): number => [...inside].filter(({ keys }) => keys.includes(each)).length;
        for (const { keys, leaver } of visits) {
          const someone = [...inside][leaver ?? Infinity];
          if (someone !== undefined) {
            inside.delete(someone);
            someone.permit.release();
          } else {
            waiting[leaver ?? Infinity]?.place.unsubscribe();
          }
          const place = locks
            .all(keys)
            .acquire()
            .subscribe((permit) => inside.add({ keys, permit }));
          waiting.push({ keys, place });
          expect([0, 1, 2, 3, 4, 5].every((each) => heldBy(each) <= 1)).toBeTrue();
        }
        // Whoever is inside leaves, until nobody is: with a deadlock somebody would be left in line.
        for (const someone of inside) {
          inside.delete(someone);
          someone.permit.release();
        }
        expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      }),
      { numRuns: 300 },
    );
  });
});
