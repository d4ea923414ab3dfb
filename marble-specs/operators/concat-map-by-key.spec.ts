import {
  concat,
  concatMap,
  EMPTY,
  finalize,
  from,
  map,
  NEVER,
  Observable,
  of,
  range,
  repeat,
  retry,
  Subject,
  take,
  tap,
  throwError,
  type OperatorFunction,
} from 'rxjs';
import { KeyedLock, trace } from 'rxjs-locks';
import { concatMapByKey } from 'rxjs-locks/operators';

import { deliveries, insideADelivery } from '../support/deliveries.js';
import { ForeignLock } from '../support/foreign.js';
import { itTellsTheFirstFailure } from '../contracts/first-failure.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

/** Everything but `b` has one key. */
const keyOf = (value: string): string => (value === 'b' ? 'second' : 'first');

/** The key of a number. */
const parity = (value: number): string => (value % 2 === 0 ? 'even' : 'odd');

describe('concatMapByKey', () => {
  itTellsTheFirstFailure((project) => concatMapByKey((value) => value, project));

  it('runs the value whose key makes the source complete', () => {
    for (const keep of ['all', 'latest'] as const) {
      const record: string[] = [];
      const source = new Subject<string>();
      const keyOf = (value: string): string => {
        source.complete();
        return value;
      };
      source.pipe(concatMapByKey(keyOf, (value) => of(value), { keep })).subscribe(recorder(record, 'a'));
      source.next('x');
      expect(record).toEqual(['a: x', 'a: complete']);
    }
  });

  it('names what waits, for a trace', () => {
    const locks = new KeyedLock<string>();
    const labels: string[] = [];
    trace(locks).subscribe(({ step, label }) => labels.push(`${step} ${String(label)}`));
    const label = (value: string, index: number): string => `${value} ${String(index)}`;
    of('x')
      .pipe(
        concatMapByKey(
          (value) => value,
          () => EMPTY,
          { locks, label },
        ),
      )
      .subscribe();
    of('y')
      .pipe(
        concatMapByKey(
          (value) => value,
          () => EMPTY,
          { locks, label: 'always' },
        ),
      )
      .subscribe();
    expect(labels).toEqual(['grant x 0', 'release x 0', 'grant always', 'release always']);
  });

  it('names the value that replaces another one', () => {
    const locks = new KeyedLock<string>();
    const permit = locks.get('k').tryAcquire();
    const labels: string[] = [];
    of('x', 'y')
      .pipe(
        concatMapByKey(
          () => 'k',
          () => EMPTY,
          { locks, keep: 'latest', label: (value) => value },
        ),
      )
      .subscribe();
    trace(locks).subscribe(({ label }) => labels.push(String(label)));
    permit?.release();
    expect(labels).toEqual(['undefined', 'y', 'y']);
  });

  itMarbles(
    'runs the works of one key one after another, and those of another beside them',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  a-bcd----------|');
      const work = cold('    ----x|          ');
      const subs = [
        '                    ^----!          ',
        '                    --^----!        ',
        '                    -----^----!     ',
        '                    ----------^----!',
      ];
      const expected = '     ----a-b--c----d|';
      expectObservable(source.pipe(concatMapByKey(keyOf, (value) => work.pipe(map(() => value))))).toBe(expected);
      expectSubscriptions(work.subscriptions).toBe(subs);
    },
  );

  itMarbles(
    'keeps the latest of the values that wait, where it is told so',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  a-bcd----------|');
      const work = cold('    ----x|          ');
      const subs = [
        '                    ^----!          ',
        '                    --^----!        ',
        '                    -----^----!     ',
      ];
      const expected = '     ----a-b--d-----|';
      const project = (value: string) => work.pipe(map(() => value));
      expectObservable(source.pipe(concatMapByKey(keyOf, project, { keep: 'latest' }))).toBe(expected);
      expectSubscriptions(work.subscriptions).toBe(subs);
    },
  );

  itMarbles('shares the keys between streams, first come, first served', ({ cold, expectObservable }) => {
    const locks = new KeyedLock<string>();
    const first = cold('   a-c|       ');
    const second = cold('  -d---b|    ');
    const work = cold('    --x|       ');
    const expected1 = '    --a-----c| ';
    const expected2 = '    -----d-b|  ';
    const byKey = concatMapByKey(keyOf, (value: string) => work.pipe(map(() => value)), { locks });
    expectObservable(first.pipe(byKey)).toBe(expected1);
    expectObservable(second.pipe(byKey)).toBe(expected2);
  });

  itMarbles('gives each subscription keys of its own without locks', ({ cold, expectObservable }) => {
    const source = cold('  ac|      ');
    const work = cold('    --x|     ');
    const expected = '     --a--c|  ';
    const result = source.pipe(concatMapByKey(keyOf, (value) => work.pipe(map(() => value))));
    expectObservable(result).toBe(expected);
    expectObservable(result).toBe(expected);
  });

  itMarbles('fails when a work fails, and lets go of everything', ({ cold, expectObservable, expectSubscriptions }) => {
    const locks = new KeyedLock<string>();
    const source = cold('  abcd--------');
    const sourceSubs = '   ^----!      ';
    const good = cold('    -----------x');
    const goodSubs = '     ^----!      ';
    const bad = cold('      ----#      ');
    const expected = '     -----#      ';
    const byKey = concatMapByKey(keyOf, (value: string) => (value === 'b' ? bad : good), { locks });
    expectObservable(
      source.pipe(
        byKey,
        finalize(() => {
          expect(locks.value).toEqual({ keys: 0, waiting: 0 });
        }),
      ),
    ).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    expectSubscriptions(good.subscriptions).toBe(goodSubs);
  });

  itMarbles('fails when the source fails, and lets go of everything', ({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold('  ac---#      ');
    const work = cold('    -----------x');
    const workSubs = '     ^----!      ';
    const expected = '     -----#      ';
    expectObservable(source.pipe(concatMapByKey(keyOf, () => work))).toBe(expected);
    expectSubscriptions(work.subscriptions).toBe(workSubs);
  });

  itMarbles('lets go of everything when it is unsubscribed', ({ cold, expectObservable, expectSubscriptions }) => {
    const locks = new KeyedLock<string>();
    const source = cold('  ac----------');
    const unsub = '        -----!      ';
    const work = cold('    --x--------x');
    const workSubs = '     ^----!      ';
    const expected = '     --x---      ';
    const later = cold('   --d|        ');
    const other = cold('   o|          ');
    const otherSubs = '    -----^!     ';
    const expected2 = '    -----o|     ';
    expectObservable(source.pipe(concatMapByKey(keyOf, () => work, { locks })), unsub).toBe(expected);
    expectObservable(later.pipe(concatMapByKey(keyOf, () => other, { locks }))).toBe(expected2);
    expectSubscriptions(work.subscriptions).toBe(workSubs);
    expectSubscriptions(other.subscriptions).toBe(otherSubs);
  });

  itMarbles('completes with the last work, when the source has completed before', ({ cold, expectObservable }) => {
    const source = cold('  ab|     ');
    const work = cold('    ----x|  ');
    const expected = '     ----xx| ';
    const idle = cold('    --|     ');
    const expected2 = '    --|     ';
    expectObservable(source.pipe(concatMapByKey(keyOf, () => work))).toBe(expected);
    expectObservable(idle.pipe(concatMapByKey(keyOf, () => work))).toBe(expected2);
  });

  it('calls keyOf with value and index as a value comes, and project when it is its turn', () => {
    const calls: string[] = [];
    const gate = new Subject<void>();
    from('abc')
      .pipe(
        concatMapByKey(
          (value, index) => {
            calls.push(`key of ${value}${String(index)}`);
            return keyOf(value);
          },
          (value, index) => {
            calls.push(`project ${value}${String(index)}`);
            return gate;
          },
        ),
      )
      .subscribe();
    expect(calls).toEqual(['key of a0', 'project a0', 'key of b1', 'project b1', 'key of c2']);
    gate.complete();
    expect(calls.slice(5)).toEqual(['project c2']);
  });

  it('takes for the same key what a Map does', () => {
    const record: string[] = [];
    of(NaN, 0, NaN, -0)
      .pipe(
        concatMapByKey(
          (value) => value,
          (value) => {
            record.push(String(value));
            return NEVER;
          },
        ),
      )
      .subscribe();
    expect(record).toEqual(['NaN', '0']);
  });

  for (const keep of ['all', 'latest'] as const) {
    describe(`with keep: '${keep}'`, () => {
      it('fails when keyOf or project throws, and gives everything back', () => {
        const locks = new KeyedLock<string>();
        const record: string[] = [];
        const fails = (): never => {
          throw new RangeError('it');
        };
        const source = new Subject<number>();
        const left = source.pipe(finalize(() => record.push('source')));
        const byKey = (value: number): string => (value === 4 ? fails() : parity(value));
        const project = (value: number) => (value === 3 ? fails() : NEVER);
        left.pipe(concatMapByKey(byKey, () => NEVER, { locks, keep })).subscribe(recorder(record, 'a'));
        for (const value of [0, 2, 4]) {
          source.next(value);
        }
        left.pipe(concatMapByKey(parity, project, { locks, keep })).subscribe(recorder(record, 'b'));
        for (const value of [0, 2, 3]) {
          source.next(value);
        }
        expect(record).toEqual(['source', 'a: RangeError', 'source', 'b: RangeError']);
        expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      });

      heavy(it)('keeps nothing of a million keys', () => {
        const locks = new KeyedLock<number>();
        let count = 0;
        let isComplete = false;
        range(0, 1_000_000)
          .pipe(
            concatMapByKey(
              (value) => value,
              (value) => of(value),
              { locks, keep },
            ),
          )
          .subscribe({ next: () => count++, complete: () => (isComplete = true) });
        expect(count).toBe(1_000_000);
        expect(isComplete).toBeTrue();
        expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      });

      for (const [where, deliver] of deliveries) {
        it(`stops source and works midway with take, ${where}`, () => {
          const locks = new KeyedLock<string>();
          const record: string[] = [];
          let produced = 0;
          deliver(() => {
            range(0, 10)
              .pipe(
                tap(() => produced++),
                concatMapByKey(parity, (value) => [value, value], { locks, keep }),
                take(3),
              )
              .subscribe(recorder(record, 'a'));
          });
          expect(record).toEqual(['a: 0', 'a: 0', 'a: 1', 'a: complete']);
          expect(produced).toBe(2);
          expect(locks.value).toEqual({ keys: 0, waiting: 0 });
        });

        it(`lets go of the source first, then of the works, then of the places in line, ${where} (law 7)`, () => {
          const locks = new KeyedLock<string>();
          const record: string[] = [];
          const see = <T>(what: string) => finalize<T>(() => record.push(`${what}, ${JSON.stringify(locks.value)}`));
          const section = concat(of(0, 2, 1), NEVER)
            .pipe(
              see<number>('source'),
              concatMapByKey(parity, (value) => NEVER.pipe(see(`work ${String(value)}`)), { locks, keep }),
            )
            .subscribe();
          locks
            .get('even')
            .use(() => of('other'))
            .subscribe(recorder(record, 'other'));
          deliver(() => {
            section.unsubscribe();
          });
          expect(record).toEqual([
            'source, {"keys":2,"waiting":2}',
            'work 0, {"keys":2,"waiting":2}',
            'work 1, {"keys":2,"waiting":1}',
            'other: other',
            'other: complete',
          ]);
          expect(locks.value).toEqual({ keys: 0, waiting: 0 });
        });

        it(`fails when its locks are closed while a value waits, and ends the work that runs, ${where} (law 13)`, () => {
          const locks = new KeyedLock<string>();
          const record: string[] = [];
          concat(of(0, 2), NEVER)
            .pipe(concatMapByKey(parity, () => NEVER.pipe(finalize(() => record.push('torn down'))), { locks, keep }))
            .subscribe(recorder(record, 'a'));
          deliver(() => {
            locks.complete();
          });
          expect(record).toEqual(['torn down', 'a: ClosedError']);
          expect(locks.value).toEqual({ keys: 0, waiting: 0 });
        });
      }

      it('starts anew on repeat and retry', () => {
        const record: string[] = [];
        of(1, 2)
          .pipe(
            concatMapByKey(parity, (value, index) => of(value * 10 + index), { keep }),
            repeat(2),
          )
          .subscribe(recorder(record, 'a'));
        let attempt = 0;
        const project = () => (attempt++ === 0 ? throwError(() => new Error('once')) : of('again'));
        of(1)
          .pipe(concatMapByKey(parity, project, { keep }), retry(1))
          .subscribe(recorder(record, 'b'));
        expect(record).toEqual(['a: 10', 'a: 21', 'a: 10', 'a: 21', 'a: complete', 'b: again', 'b: complete']);
      });

      it('waits in the lines of somebody else’s locks too', () => {
        const foreign = new Map([
          ['even', new ForeignLock()],
          ['odd', new ForeignLock()],
        ]);
        const locks = { get: (key: string) => foreign.get(key) ?? new ForeignLock() };
        const gates = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
        const record: string[] = [];
        of(0, 1, 2)
          .pipe(concatMapByKey(parity, (value) => gates[value] ?? EMPTY, { locks, keep }))
          .subscribe(recorder(record, 'a'));
        expect(foreign.get('even')?.waiting).toBe(1);
        expect(gates.map(({ observed }) => observed)).toEqual([true, true, false]);
        gates[0]?.complete();
        gates[2]?.next('third');
        gates[2]?.complete();
        gates[1]?.complete();
        expect(record).toEqual(['a: third', 'a: complete']);
        expect([...foreign.values()].map(({ locked }) => locked)).toEqual([false, false]);
      });

      it('fails where the locks have none for a key', () => {
        const messages: string[] = [];
        const locks = { get: () => undefined } as unknown as KeyedLock<string>;
        concat(of(1), NEVER)
          .pipe(concatMapByKey(parity, () => NEVER, { locks, keep }))
          .subscribe({ error: ({ message }: Error) => messages.push(message) });
        expect(messages).toEqual(['concatMapByKey needs something with an acquire() method, but got undefined']);
      });
    });
  }

  heavy(it)('runs a hundred thousand values of one key in order, on a flat stack', () => {
    const locks = new KeyedLock<string>();
    const holder = locks.get('a').tryAcquire();
    let next = 0;
    let inOrder = true;
    let isComplete = false;
    range(0, 100_000)
      .pipe(
        concatMapByKey(
          () => 'a',
          (value) => of(value),
          { locks },
        ),
      )
      .subscribe({ next: (value) => (inOrder &&= value === next++), complete: () => (isComplete = true) });
    expect(locks.value).toEqual({ keys: 1, waiting: 100_000 });
    holder?.release();
    expect([next, inOrder, isComplete]).toEqual([100_000, true, true]);
    expect(locks.value).toEqual({ keys: 0, waiting: 0 });
  });

  heavy(it)('runs the latest of a hundred thousand values, with one place in line for all of them', () => {
    const locks = new KeyedLock<string>();
    const holder = locks.get('a').tryAcquire();
    const record: string[] = [];
    range(0, 100_000)
      .pipe(
        concatMapByKey(
          () => 'a',
          (value, index) => of(`${String(value)}, ${String(index)}`),
          { locks, keep: 'latest' },
        ),
      )
      .subscribe(recorder(record, 'a'));
    expect(locks.value).toEqual({ keys: 1, waiting: 1 });
    holder?.release();
    expect(record).toEqual(['a: 99999, 99999', 'a: complete']);
  });

  it('holds the key until a promise has settled, though everyone left (law 7)', async () => {
    const locks = new KeyedLock<string>();
    let settle: (value: string) => void = () => undefined;
    const promise = new Promise<string>((resolve) => {
      settle = resolve;
    });
    concat(of(1), NEVER)
      .pipe(concatMapByKey(parity, () => promise, { locks }))
      .subscribe()
      .unsubscribe();
    expect(locks.get('odd').locked()).toBeTrue();
    settle('late');
    await promise;
    expect(locks.keys).toBe(0);
  });

  describe('where the latest alone is kept', () => {
    for (const [where, deliver] of deliveries) {
      it(`keeps the place in line of the value that is replaced, ${where}`, () => {
        const locks = new KeyedLock<string>();
        const source = new Subject<number>();
        const record: string[] = [];
        const holder = locks.get('odd').tryAcquire();
        source
          .pipe(concatMapByKey(parity, (value) => of(String(value)), { locks, keep: 'latest' }))
          .subscribe(recorder(record, 'stream'));
        source.next(1);
        locks
          .get('odd')
          .use(() => of('other'))
          .subscribe(recorder(record, 'other'));
        deliver(() => {
          source.next(3);
          source.next(2);
          source.next(5);
          expect(locks.waiting).toBe(2);
        });
        holder?.release();
        expect(record).toEqual(['stream: 2', 'stream: 5', 'other: other', 'other: complete']);
      });
    }

    it('replaces a value that has been promised its turn and has not begun', () => {
      const locks = new KeyedLock<string>();
      const source = new Subject<number>();
      const record: string[] = [];
      const holder = locks.get('odd').tryAcquire();
      source
        .pipe(concatMapByKey(parity, (value) => of(String(value)), { locks, keep: 'latest' }))
        .subscribe(recorder(record, 'a'));
      source.next(1);
      insideADelivery(() => {
        holder?.release();
        source.next(3);
      });
      expect(record).toEqual(['a: 3']);
    });

    it('lets a value that comes from inside its own work wait, and a later one of them replace it', () => {
      const source = new Subject<number>();
      const record: string[] = [];
      source
        .pipe(
          concatMapByKey(
            parity,
            (value) => {
              record.push(`${String(value)} begins`);
              if (value === 1) {
                source.next(3);
                source.next(5);
              }
              return of(value).pipe(finalize(() => record.push(`${String(value)} is torn down`)));
            },
            { keep: 'latest' },
          ),
        )
        .subscribe();
      source.next(1);
      expect(record).toEqual(['1 begins', '1 is torn down', '5 begins', '5 is torn down']);
    });

    it('keeps the newer value where keyOf of the older one made it come', () => {
      const source = new Subject<number>();
      const gate = new Subject<never>();
      const record: string[] = [];
      source
        .pipe(
          concatMapByKey(
            (value) => {
              if (value === 3) {
                source.next(5);
              }
              return 'a';
            },
            (value) => {
              record.push(String(value));
              return gate;
            },
            { keep: 'latest' },
          ),
        )
        .subscribe();
      source.next(1);
      source.next(3);
      gate.complete();
      expect(record).toEqual(['1', '5']);
    });
  });

  it('lets each value wait that comes from inside a work of its key, by default', () => {
    const source = new Subject<number>();
    const record: string[] = [];
    source
      .pipe(
        concatMapByKey(parity, (value) => {
          if (value === 1) {
            source.next(3);
            source.next(2);
            source.next(5);
          }
          record.push(String(value));
          return EMPTY;
        }),
      )
      .subscribe();
    source.next(1);
    expect(record).toEqual(['2', '1', '3', '5']);
  });

  it('does for each key what concatMap does', () => {
    const values = Array.from({ length: 20 }, (_, n) => n);
    const byOne = (operator: OperatorFunction<number, number>): number[] => {
      const results: number[] = [];
      from(values)
        .pipe(operator)
        .subscribe((value) => results.push(value));
      return results;
    };
    const project = (value: number): Observable<number> => of(value, -value);
    expect(byOne(concatMapByKey<number, string, Observable<number>>(() => 'a', project))).toEqual(byOne(concatMap(project)));
  });

  it('subscribes to nothing for one who has gone already (law 6)', () => {
    let isSubscribed = false;
    new Observable((subscriber) => {
      subscriber.unsubscribe();
      new Observable<number>(() => {
        isSubscribed = true;
      })
        .pipe(concatMapByKey(parity, () => NEVER))
        .subscribe(subscriber);
    }).subscribe();
    expect(isSubscribed).toBeFalse();
  });

  it('starts no work for a value whose keyOf made downstream leave', () => {
    const source = new Subject<number>();
    let works = 0;
    const left = source
      .pipe(
        concatMapByKey(
          (value) => {
            left.unsubscribe();
            return value;
          },
          () => of(works++),
        ),
      )
      .subscribe();
    source.next(1);
    expect(works).toBe(0);
  });

  describe('refuses at the call', () => {
    it('what is no function', () => {
      const none = undefined as unknown as () => string;
      for (const call of [() => concatMapByKey(none, () => EMPTY), () => concatMapByKey(parity, none)]) {
        expect(call).toThrowError(TypeError, 'concatMapByKey needs two functions, but got undefined');
      }
    });

    it('what are no locks', () => {
      for (const locks of [null, 5, {}] as unknown as KeyedLock<string>[]) {
        expect(() => concatMapByKey(parity, () => EMPTY, { locks })).toThrowError(
          TypeError,
          `concatMapByKey needs locks with a get() method, but got ${String(locks)}`,
        );
      }
    });

    it('what is no way to keep', () => {
      expect(() => concatMapByKey(parity, () => EMPTY, { keep: 'first' as 'latest' })).toThrowError(
        TypeError,
        `keep must be 'all' or 'latest', but is "first"`,
      );
      expect(() => concatMapByKey(parity, () => EMPTY, { keep: 'all' })).not.toThrow();
    });
  });
});
