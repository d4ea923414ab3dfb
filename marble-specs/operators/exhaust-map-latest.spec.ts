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
  itTellsTheFirstFailure((project) => exhaustMapLatest(project), 1);

  itMarbles(
    'runs one work at a time, and then the latest that came meanwhile',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  a-b-c-----d|    ');
      const work = cold('    ----x|          ');
      const subs = [
        '                    ^----!          ',
        '                    -----^----!     ',
        '                    ----------^----!',
      ];
      const expected = '     ----a----c----d|';
      expectObservable(source.pipe(exhaustMapLatest((value) => work.pipe(map(() => value))))).toBe(expected);
      expectSubscriptions(work.subscriptions).toBe(subs);
    },
  );

  itMarbles(
    'completes with the source where nothing runs, and with the work under way where one does',
    ({ cold, expectObservable }) => {
      const idle = cold('     a---|   ');
      const busy = cold('     a-|     ');
      const short = cold('    -x|     ');
      const expected1 = '     -x--|   ';
      const expected2 = '     -x|     ';
      expectObservable(idle.pipe(exhaustMapLatest(() => short))).toBe(expected1);
      expectObservable(busy.pipe(exhaustMapLatest(() => short))).toBe(expected2);
    },
  );

  itMarbles(
    'passes an error of the source on at once, and lets go of the work',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  ab-#    ');
      const work = cold('    ------x|');
      const subs = '         ^--!    ';
      const expected = '     ---#    ';
      expectObservable(source.pipe(exhaustMapLatest(() => work))).toBe(expected);
      expectSubscriptions(work.subscriptions).toBe(subs);
    },
  );

  itMarbles(
    'passes an error of a work on at once, and lets go of the source',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  ab----');
      const subs = '         ^--!  ';
      const work = cold('    ---#  ');
      const expected = '     ---#  ';
      expectObservable(source.pipe(exhaustMapLatest(() => work))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
      expectSubscriptions(work.subscriptions).toBe(subs);
    },
  );

  it('lets go of both when it is unsubscribed, the source first, and forgets the kept value', () => {
    const record: string[] = [];
    let works = 0;
    const subscription = concat(of(1, 2), NEVER)
      .pipe(
        finalize(() => record.push('source')),
        exhaustMapLatest(() => {
          works++;
          return NEVER.pipe(finalize(() => record.push('work')));
        }),
      )
      .subscribe();
    subscription.unsubscribe();
    expect(record).toEqual(['source', 'work']);
    expect(works).toBe(1);
  });

  it('can be left before it ever ran a work', () => {
    const subscription = NEVER.pipe(exhaustMapLatest(() => NEVER)).subscribe();
    expect(() => {
      subscription.unsubscribe();
    }).not.toThrow();
  });

  it('calls project with the value and its index among all values', () => {
    const source = new Subject<string>();
    const works: Subject<string>[] = [];
    const calls: string[] = [];
    source
      .pipe(
        exhaustMapLatest((value, index) => {
          calls.push(value + String(index));
          const work = new Subject<string>();
          works.push(work);
          return work;
        }),
      )
      .subscribe();
    for (const value of ['a', 'b', 'c', 'd']) {
      source.next(value);
    }
    works[0]?.complete();
    expect(calls).toEqual(['a0', 'd3']);
  });

  heavy(it)('runs a hundred thousand synchronous works on a flat stack', () => {
    let count = 0;
    range(0, 100_000)
      .pipe(exhaustMapLatest((value) => of(value)))
      .subscribe(() => count++);
    expect(count).toBe(100_000);
  });

  heavy(it)('runs a hundred thousand works in a chain, each of which feeds the next, on a flat stack', () => {
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

  it('keeps what comes from inside its own work until that has ended', () => {
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

  it('stops source and work midway when downstream has had enough', () => {
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

  it('subscribes to no work whose project made downstream leave', () => {
    const stop = new Subject<void>();
    let subscribed = false;
    const work = new Observable(() => {
      subscribed = true;
    });
    const subscription = concat(of(1), NEVER)
      .pipe(
        exhaustMapLatest(() => {
          stop.next();
          return work;
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
          return work;
        }),
      )
      .subscribe();
    source.next(1);
    expect(subscribed).toBeFalse();
  });

  it('fails when a work cannot be subscribed to, and throws nothing at the source', () => {
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

  it('runs the kept value, and completes, though the teardown of the work before throws', () => {
    const gate = new Subject<number>();
    const record: string[] = [];
    const work = (value: number): Observable<number> =>
      value === 1
        ? gate.pipe(
            finalize(() => {
              throw new Error('teardown');
            }),
          )
        : of(value);
    of(1, 2).pipe(exhaustMapLatest(work)).subscribe(recorder(record, 'a'));
    expect(() => {
      gate.complete();
    }).toThrow();
    expect(record).toEqual(['a: 2', 'a: complete']);
  });

  it('runs on where the teardown of a synchronous work throws', () => {
    const source = new Subject<number>();
    const record: string[] = [];
    const work = (value: number): Observable<number> =>
      new Observable((subscriber) => {
        subscriber.next(value);
        subscriber.complete();
        return () => {
          throw new Error('teardown');
        };
      });
    source.pipe(exhaustMapLatest(work)).subscribe(recorder(record, 'a'));
    for (const value of [1, 2]) {
      expect(() => {
        source.next(value);
      }).toThrowError('teardown');
    }
    expect(record).toEqual(['a: 1', 'a: 2']);
  });

  it('runs the kept values, and completes, where the teardowns of synchronous works throw: the first error is thrown then', async () => {
    const source = new Subject<number>();
    const record: string[] = [];
    const work = (value: number): Observable<number> =>
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
    source.pipe(exhaustMapLatest((value) => (value > 3 ? of(value) : work(value)))).subscribe(recorder(record, 'a'));
    const reported = await unhandledDuring(() => {
      expect(() => {
        source.next(1);
      }).toThrowError(/teardown of 1/);
    });
    expect(record).toEqual(['a: 1', 'a: 2', 'a: 3', 'a: 4', 'a: complete']);
    expect(reported.map(String)).toEqual(['Error: teardown of 2', 'Error: teardown of 3']);
  });

  it('starts no work in the middle of the teardown of another', () => {
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

  it('fails when project throws, or returns what cannot be subscribed to', () => {
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

  it('starts anew on retry and repeat, and takes whatever from takes', async () => {
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

  it('refuses a project that is no function', () => {
    expect(() => exhaustMapLatest(undefined as unknown as () => Observable<never>)).toThrowError(
      TypeError,
      'exhaustMapLatest needs a function, but got undefined',
    );
  });
});
