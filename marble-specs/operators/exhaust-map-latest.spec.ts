import {
  concat,
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
} from 'rxjs';
import { exhaustMapLatest } from 'rxjs-locks/operators';

import { itTellsTheFirstFailure } from '../contracts/first-failure.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';
import { unhandledDuring } from '../support/unhandled.js';

describe('exhaustMapLatest', () => {
  describe('runs one task at a time, and then the latest value', () => {
    itMarbles('drops the values between', ({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  a-b-c-----d|    ');
      const task = cold('    ----x|          ');
      const subs = [
        '                    ^----!          ',
        '                    -----^----!     ',
        '                    ----------^----!',
      ];
      const expected = '     ----a----c----d|';
      expectObservable(source.pipe(exhaustMapLatest((value) => task.pipe(map(() => value))))).toBe(expected);
      expectSubscriptions(task.subscriptions).toBe(subs);
    });

    itMarbles('keeps only the last of many waiting values', ({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  abcdef---------|');
      const task = cold('    ------x|        ');
      const subs = ['                    ^------!        ', '                    -------^------! '];
      const expected = '     ------a------f-|';
      expectObservable(source.pipe(exhaustMapLatest((value) => task.pipe(map(() => value))))).toBe(expected);
      expectSubscriptions(task.subscriptions).toBe(subs);
    });

    it('queues a value that its own task emits into the source until that task has ended', () => {
      const source = new Subject<string>();
      const record: string[] = [];
      source
        .pipe(
          exhaustMapLatest((value) => {
            record.push(`${value} starts`);
            if (value === 'a') {
              source.next('b');
              source.next('c');
            }
            return of(value).pipe(finalize(() => record.push(`${value} is torn down`)));
          }),
        )
        .subscribe(recorder(record, 'x'));
      source.next('a');
      source.complete();
      expect(record).toEqual(['a starts', 'x: a', 'a is torn down', 'c starts', 'x: c', 'c is torn down', 'x: complete']);
    });

    it('starts no task during the teardown of another one', () => {
      const source = new Subject<string>();
      const gate = new Subject<never>();
      const record: string[] = [];
      source
        .pipe(
          exhaustMapLatest((value) => {
            record.push(`${value} starts`);
            return gate.pipe(
              finalize(() => {
                if (value === 'a') {
                  source.next('c');
                }
                record.push(`${value} is torn down`);
              }),
            );
          }),
        )
        .subscribe();
      source.next('a');
      source.next('b');
      gate.complete();
      expect(record.slice(0, 3)).toEqual(['a starts', 'a is torn down', 'c starts']);
    });

    it('calls project with the value and its index among all values', () => {
      const source = new Subject<string>();
      const tasks: Subject<string>[] = [];
      const calls: string[] = [];
      source
        .pipe(
          exhaustMapLatest((value, index) => {
            calls.push(value + String(index));
            const task = new Subject<string>();
            tasks.push(task);
            return task;
          }),
        )
        .subscribe();
      for (const value of ['a', 'b', 'c', 'd']) {
        source.next(value);
      }
      tasks[0]?.complete();
      expect(calls).toEqual(['a0', 'd3']);
    });
  });

  describe('when it ends', () => {
    itMarbles('completes with the source when no task runs, and otherwise with the task', ({ cold, expectObservable }) => {
      const idle = cold('     a---|   ');
      const busy = cold('     a-|     ');
      const short = cold('    -x|     ');
      const expected1 = '     -x--|   ';
      const expected2 = '     -x|     ';
      expectObservable(idle.pipe(exhaustMapLatest(() => short))).toBe(expected1);
      expectObservable(busy.pipe(exhaustMapLatest(() => short))).toBe(expected2);
    });

    itMarbles('completes after the task of the waiting value', ({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  ab|      ');
      const task = cold('    ---x|    ');
      const subs = ['                    ^---!    ', '                    ----^---!'];
      const expected = '     ---a---b|';
      expectObservable(source.pipe(exhaustMapLatest((value) => task.pipe(map(() => value))))).toBe(expected);
      expectSubscriptions(task.subscriptions).toBe(subs);
    });

    itMarbles(
      'passes an error of the source on immediately, and tears the task down',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('  ab-#    ');
        const task = cold('    ------x|');
        const subs = '         ^--!    ';
        const expected = '     ---#    ';
        expectObservable(source.pipe(exhaustMapLatest(() => task))).toBe(expected);
        expectSubscriptions(task.subscriptions).toBe(subs);
      },
    );

    itMarbles(
      'passes an error of a task on immediately, and tears the source down',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('  ab----');
        const subs = '         ^--!  ';
        const task = cold('    ---#  ');
        const expected = '     ---#  ';
        expectObservable(source.pipe(exhaustMapLatest(() => task))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe(subs);
        expectSubscriptions(task.subscriptions).toBe(subs);
      },
    );

    itMarbles(
      'tears down the source and the task when it is unsubscribed, and drops the waiting value',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('  ab-------');
        const task = cold('    --x----x|');
        const unsub = '        ----!    ';
        const subs = '         ^---!    ';
        const expected = '     --x--    ';
        expectObservable(source.pipe(exhaustMapLatest(() => task)), unsub).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe(subs);
        expectSubscriptions(task.subscriptions).toBe(subs);
      },
    );

    it('tears down the source before the task when it is unsubscribed', () => {
      const record: string[] = [];
      let tasks = 0;
      const subscription = concat(of(1, 2), NEVER)
        .pipe(
          finalize(() => record.push('source')),
          exhaustMapLatest(() => {
            tasks++;
            return NEVER.pipe(finalize(() => record.push('task')));
          }),
        )
        .subscribe();
      subscription.unsubscribe();
      expect(record).toEqual(['source', 'task']);
      expect(tasks).toBe(1);
    });

    it('can be unsubscribed before a task has run', () => {
      const subscription = NEVER.pipe(exhaustMapLatest(() => NEVER)).subscribe();
      expect(() => {
        subscription.unsubscribe();
      }).not.toThrow();
    });

    it('stops the source and the task midway when downstream unsubscribes', () => {
      const record: string[] = [];
      let produced = 0;
      range(0, 5)
        .pipe(
          tap(() => produced++),
          exhaustMapLatest((value) => [value, value]),
          take(3),
        )
        .subscribe(recorder(record, 'x'));
      expect(record).toEqual(['x: 0', 'x: 0', 'x: 1', 'x: complete']);
      expect(produced).toBe(2);
    });

    it('subscribes to no task whose project unsubscribes', () => {
      const stop = new Subject<void>();
      let subscribed = false;
      const task = new Observable(() => {
        subscribed = true;
      });
      const subscription = concat(of(1), NEVER)
        .pipe(
          exhaustMapLatest(() => {
            stop.next();
            return task;
          }),
        )
        .subscribe();
      subscription.unsubscribe();
      subscribed = false;
      const source = new Subject<number>();
      const left = source
        .pipe(
          exhaustMapLatest(() => {
            left.unsubscribe();
            return task;
          }),
        )
        .subscribe();
      source.next(1);
      expect(subscribed).toBeFalse();
    });

    it('starts again on retry and repeat, and accepts any ObservableInput from project', async () => {
      const record: string[] = [];
      let attempt = 0;
      of(1)
        .pipe(
          exhaustMapLatest((value, index) => (attempt++ === 0 ? throwError(() => new Error('once')) : [value, index])),
          retry(1),
          repeat(2),
        )
        .subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: 1', 'a: 0', 'a: 1', 'a: 0', 'a: complete']);
      await new Promise<void>((resolve) => {
        from([1, 2, 3])
          .pipe(exhaustMapLatest((value) => Promise.resolve(value)))
          .subscribe({ next: (value) => record.push(String(value)), complete: resolve });
      });
      expect(record.slice(5)).toEqual(['1', '3']);
    });
  });

  describe('when something fails', () => {
    itTellsTheFirstFailure((project) => exhaustMapLatest(project), 1);

    it('fails when project throws, or returns a value that cannot be subscribed to', () => {
      const record: string[] = [];
      const source = concat(of(1), NEVER);
      source
        .pipe(
          exhaustMapLatest((): Observable<never> => {
            throw new RangeError('project');
          }),
        )
        .subscribe(recorder(record, 'a'));
      source.pipe(exhaustMapLatest(() => 5 as unknown as Observable<never>)).subscribe(recorder(record, 'b'));
      expect(record).toEqual(['a: RangeError', 'b: TypeError']);
    });

    it('fails when a task cannot be subscribed to, and throws nothing into the source', () => {
      const source = new Subject<number>();
      const dead = new Subject<number>();
      dead.unsubscribe();
      const record: string[] = [];
      source.pipe(exhaustMapLatest(() => dead)).subscribe(recorder(record, 'a'));
      expect(() => {
        source.next(1);
      }).not.toThrow();
      expect(record).toEqual(['a: ObjectUnsubscribedError']);
      expect(source.observed).toBeFalse();
    });

    it('runs the waiting value, and completes, although the teardown of the task before throws', () => {
      const gate = new Subject<number>();
      const record: string[] = [];
      const task = (value: number): Observable<number> =>
        value === 1
          ? gate.pipe(
              finalize(() => {
                throw new Error('teardown');
              }),
            )
          : of(value);
      of(1, 2).pipe(exhaustMapLatest(task)).subscribe(recorder(record, 'a'));
      expect(() => {
        gate.complete();
      }).toThrow();
      expect(record).toEqual(['a: 2', 'a: complete']);
    });

    it('continues when the teardown of a synchronous task throws', () => {
      const source = new Subject<number>();
      const record: string[] = [];
      const task = (value: number): Observable<number> =>
        new Observable((subscriber) => {
          subscriber.next(value);
          subscriber.complete();
          return () => {
            throw new Error('teardown');
          };
        });
      source.pipe(exhaustMapLatest(task)).subscribe(recorder(record, 'a'));
      for (const value of [1, 2]) {
        expect(() => {
          source.next(value);
        }).toThrowError('teardown');
      }
      expect(record).toEqual(['a: 1', 'a: 2']);
    });

    it('runs the waiting values, completes, and then throws the first error, when teardowns of synchronous tasks throw', async () => {
      const source = new Subject<number>();
      const record: string[] = [];
      const task = (value: number): Observable<number> =>
        new Observable((subscriber) => {
          subscriber.next(value);
          source.next(value + 1);
          if (value === 3) {
            source.complete();
          }
          subscriber.complete();
          return () => {
            throw new Error(`teardown of ${String(value)}`);
          };
        });
      source.pipe(exhaustMapLatest((value) => (value > 3 ? of(value) : task(value)))).subscribe(recorder(record, 'a'));
      const reported = await unhandledDuring(() => {
        expect(() => {
          source.next(1);
        }).toThrowError(/teardown of 1/);
      });
      expect(record).toEqual(['a: 1', 'a: 2', 'a: 3', 'a: 4', 'a: complete']);
      expect(reported.map(String)).toEqual(['Error: teardown of 2', 'Error: teardown of 3']);
    });
  });

  heavy(describe)('on a flat stack', () => {
    it('runs a hundred thousand synchronous tasks', () => {
      let count = 0;
      range(0, 100_000)
        .pipe(exhaustMapLatest((value) => of(value)))
        .subscribe(() => count++);
      expect(count).toBe(100_000);
    });

    it('runs a hundred thousand tasks, each of which emits the next value', () => {
      const source = new Subject<number>();
      let last = 0;
      source
        .pipe(
          exhaustMapLatest((value) => {
            last = value;
            if (value < 100_000) {
              source.next(value + 1);
            }
            return EMPTY;
          }),
        )
        .subscribe();
      source.next(1);
      expect(last).toBe(100_000);
    });
  });

  it('throws at the call for a project that is no function', () => {
    expect(() => exhaustMapLatest(undefined as unknown as () => Observable<never>)).toThrowError(
      TypeError,
      'exhaustMapLatest needs a function, but got undefined',
    );
  });
});
