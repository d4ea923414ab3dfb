import {
  concat,
  concatMap,
  EMPTY,
  finalize,
  from,
  map,
  NEVER,
  type Observable,
  of,
  range,
  Subject,
  type OperatorFunction,
} from 'rxjs';
import { KeyedLock, trace } from 'rxjs-locks';
import { concatMapByKey } from 'rxjs-locks/operators';

import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';

/** The key of `b` is its own; all other values share a key. */
const keyOf = (value: string): string => (value === 'b' ? 'second' : 'first');

/** The key of a number. */
const parity = (value: number): string => (value % 2 === 0 ? 'even' : 'odd');

describe('concatMapByKey', () => {
  describe('runs one task at a time for each key', () => {
    itMarbles(
      'runs the tasks of one key one after another, and the tasks of another key beside them',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('  a-bcd----------|');
        const task = cold('    ----x|          ');
        const subs = [
          '                    ^----!          ',
          '                    --^----!        ',
          '                    -----^----!     ',
          '                    ----------^----!',
        ];
        const expected = '     ----a-b--c----d|';
        expectObservable(source.pipe(concatMapByKey(keyOf, (value) => task.pipe(map(() => value))))).toBe(expected);
        expectSubscriptions(task.subscriptions).toBe(subs);
      },
    );

    itMarbles(
      "keeps only the latest waiting value of a key, with keep: 'latest'",
      ({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('  a-bcd----------|');
        const task = cold('    ----x|          ');
        const subs = [
          '                    ^----!          ',
          '                    --^----!        ',
          '                    -----^----!     ',
        ];
        const expected = '     ----a-b--d-----|';
        const project = (value: string) => task.pipe(map(() => value));
        expectObservable(source.pipe(concatMapByKey(keyOf, project, { keep: 'latest' }))).toBe(expected);
        expectSubscriptions(task.subscriptions).toBe(subs);
      },
    );

    itMarbles('shares the keys between streams, first come, first served', ({ cold, expectObservable }) => {
      const locks = new KeyedLock<string>();
      const first = cold('   a-c|       ');
      const second = cold('  -d---b|    ');
      const task = cold('    --x|       ');
      const expected1 = '    --a-----c| ';
      const expected2 = '    -----d-b|  ';
      const byKey = concatMapByKey(keyOf, (value: string) => task.pipe(map(() => value)), { locks });
      expectObservable(first.pipe(byKey)).toBe(expected1);
      expectObservable(second.pipe(byKey)).toBe(expected2);
    });

    itMarbles('gives each subscription keys of its own, without the option locks', ({ cold, expectObservable }) => {
      const source = cold('  ac|      ');
      const task = cold('    --x|     ');
      const expected = '     --a--c|  ';
      const result = source.pipe(concatMapByKey(keyOf, (value) => task.pipe(map(() => value))));
      expectObservable(result).toBe(expected);
      expectObservable(result).toBe(expected);
    });

    it('emits for each key what concatMap emits', () => {
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

    it('compares keys as a Map does', () => {
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

    it('calls keyOf with the value and its index when the value arrives, and project when its task starts', () => {
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
  });

  describe('when the source or a task ends', () => {
    itMarbles('completes with the last task, when the source has completed before', ({ cold, expectObservable }) => {
      const source = cold('  ab|     ');
      const task = cold('    ----x|  ');
      const expected = '     ----xx| ';
      const idle = cold('    --|     ');
      const expected2 = '    --|     ';
      expectObservable(source.pipe(concatMapByKey(keyOf, () => task))).toBe(expected);
      expectObservable(idle.pipe(concatMapByKey(keyOf, () => task))).toBe(expected2);
    });

    itMarbles('fails when a task fails, and tears everything down', ({ cold, expectObservable, expectSubscriptions }) => {
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

    itMarbles('fails when the source fails, and tears everything down', ({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  ac---#      ');
      const task = cold('    -----------x');
      const taskSubs = '     ^----!      ';
      const expected = '     -----#      ';
      expectObservable(source.pipe(concatMapByKey(keyOf, () => task))).toBe(expected);
      expectSubscriptions(task.subscriptions).toBe(taskSubs);
    });

    itMarbles('tears everything down when it is unsubscribed', ({ cold, expectObservable, expectSubscriptions }) => {
      const locks = new KeyedLock<string>();
      const source = cold('  ac----------');
      const unsub = '        -----!      ';
      const task = cold('    --x--------x');
      const taskSubs = '     ^----!      ';
      const expected = '     --x---      ';
      const later = cold('   --d|        ');
      const other = cold('   o|          ');
      const otherSubs = '    -----^!     ';
      const expected2 = '    -----o|     ';
      expectObservable(source.pipe(concatMapByKey(keyOf, () => task, { locks })), unsub).toBe(expected);
      expectObservable(later.pipe(concatMapByKey(keyOf, () => other, { locks }))).toBe(expected2);
      expectSubscriptions(task.subscriptions).toBe(taskSubs);
      expectSubscriptions(other.subscriptions).toBe(otherSubs);
    });

    it('holds the key until a promise has settled, although it was unsubscribed', async () => {
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
  });

  describe('with labels', () => {
    it('labels each waiter in a trace', () => {
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

    it('labels a waiter with the value that replaced another one', () => {
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
  });

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

  describe('throws at the call for', () => {
    it('an argument that is no function', () => {
      const none = undefined as unknown as () => string;
      for (const call of [() => concatMapByKey(none, () => EMPTY), () => concatMapByKey(parity, none)]) {
        expect(call).toThrowError(TypeError, 'concatMapByKey needs two functions, but got undefined');
      }
    });

    it('locks without a get() method', () => {
      for (const locks of [null, 5, {}] as unknown as KeyedLock<string>[]) {
        expect(() => concatMapByKey(parity, () => EMPTY, { locks })).toThrowError(
          TypeError,
          `concatMapByKey needs locks with a get() method, but got ${String(locks)}`,
        );
      }
    });

    it('an unknown value of keep', () => {
      expect(() => concatMapByKey(parity, () => EMPTY, { keep: 'first' as 'latest' })).toThrowError(
        TypeError,
        `keep must be 'all' or 'latest', but is "first"`,
      );
      expect(() => concatMapByKey(parity, () => EMPTY, { keep: 'all' })).not.toThrow();
    });
  });
});
