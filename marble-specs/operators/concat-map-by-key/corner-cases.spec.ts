import { concat, EMPTY, finalize, NEVER, Observable, of, range, repeat, retry, Subject, take, tap, throwError } from 'rxjs';
import { KeyedLock } from 'rxjs-locks';
import { concatMapByKey } from 'rxjs-locks/operators';

import { deliveries, insideADelivery } from '../../support/deliveries.js';
import { ForeignLock } from '../../support/foreign.js';
import { itTellsTheFirstFailure } from '../../contracts/first-failure.js';
import { heavy } from '../../support/heavy.js';
import { recorder } from '../../support/recorder.js';

/** The key of a number. */
const parity = (value: number): string => (value % 2 === 0 ? 'even' : 'odd');

describe('The corner cases of concatMapByKey', () => {
  itTellsTheFirstFailure((project) => concatMapByKey((value) => value, project));

  for (const keep of ['all', 'latest'] as const) {
    describe(`with keep: '${keep}'`, () => {
      it('fails when keyOf or project throws, and releases everything', () => {
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

      for (const [where, deliver] of deliveries) {
        it(`stops the source and the tasks midway with take, ${where}`, () => {
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

        it(`tears down the source, then the tasks, then cancels its waiters, ${where}`, () => {
          const locks = new KeyedLock<string>();
          const record: string[] = [];
          const see = <T>(what: string) => finalize<T>(() => record.push(`${what}, ${JSON.stringify(locks.value)}`));
          const section = concat(of(0, 2, 1), NEVER)
            .pipe(
              see<number>('source'),
              concatMapByKey(parity, (value) => NEVER.pipe(see(`task ${String(value)}`)), { locks, keep }),
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
            'task 0, {"keys":2,"waiting":2}',
            'task 1, {"keys":2,"waiting":1}',
            'other: other',
            'other: complete',
          ]);
          expect(locks.value).toEqual({ keys: 0, waiting: 0 });
        });

        it(`fails when its locks are closed while a value waits, and ends the task that runs, ${where}`, () => {
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

      it('starts again on repeat and retry', () => {
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

      it('waits in the queues of locks of other code', () => {
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

      it('fails when the locks have none for a key', () => {
        const messages: string[] = [];
        const locks = { get: () => undefined } as unknown as KeyedLock<string>;
        concat(of(1), NEVER)
          .pipe(concatMapByKey(parity, () => NEVER, { locks, keep }))
          .subscribe({ error: ({ message }: Error) => messages.push(message) });
        expect(messages).toEqual(['concatMapByKey needs something with an acquire() method, but got undefined']);
      });

      heavy(it)('keeps no memory of a million keys', () => {
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
    });
  }

  describe('when callbacks act on the stream', () => {
    it('runs the value whose keyOf() completes the source', () => {
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

    it('starts no task for a value whose keyOf() unsubscribes', () => {
      const source = new Subject<number>();
      let tasks = 0;
      const left = source
        .pipe(
          concatMapByKey(
            (value) => {
              left.unsubscribe();
              return value;
            },
            () => of(tasks++),
          ),
        )
        .subscribe();
      source.next(1);
      expect(tasks).toBe(0);
    });

    it('subscribes to nothing for a subscriber that is already closed', () => {
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

    it('queues each value that a task of its own key emits into the source', () => {
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
  });

  describe("with keep: 'latest', where a value replaces another one,", () => {
    for (const [where, deliver] of deliveries) {
      it(`keeps the position in the queue, ${where}`, () => {
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

    it('replaces a value that has its grant and has not started', () => {
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

    it('queues a value that a task of its own key emits into the source, and lets a later one replace it', () => {
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

    it('keeps the newer value when keyOf() of the older one emits it', () => {
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

    heavy(it)('runs the latest of a hundred thousand values, with one waiter for all of them', () => {
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
  });
});
