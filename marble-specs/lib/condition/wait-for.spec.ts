import { concat, concatMap, EMPTY, finalize, map, merge, NEVER, type Observable, of, Subject, takeUntil } from 'rxjs';
import { Condition } from 'rxjs-locks';

import { deliveries } from '../../support/deliveries.js';
import { itMarbles } from '../../support/marbles.js';
import { recorder } from '../../support/recorder.js';

import { acquireNow, startWaiter, whileLocked } from './waiters.js';

describe('Condition.waitFor', () => {
  describe('Waiting', () => {
    itMarbles('resumes when the predicate is true, with the value of the predicate', ({ cold, expectObservable }) => {
      const condition = new Condition();
      const queue: string[] = [];
      const items = cold('  ---a---b   ');
      const expected = '    -------(2|)';
      items.subscribe((item) => {
        whileLocked(condition, () => {
          queue.push(item);
          condition.notify();
        });
      });
      const size = (): number => (queue.length === 2 ? queue.length : 0);
      const wait = condition.use((permit) => condition.waitFor(size, { permit }));
      expectObservable(wait.pipe(map((value) => String(value)))).toBe(expected);
    });

    for (const [where, deliver] of deliveries) {
      it(`emits inside subscribe, without releasing the lock, if the predicate is already true, ${where}`, () => {
        const condition = new Condition();
        const record: string[] = [];
        const permit = acquireNow(condition);
        condition.acquire().subscribe(() => record.push('other'));
        deliver(() => {
          condition.waitFor(() => 'yes', { permit }).subscribe(recorder(record, 'a'));
          expect(record).toEqual(['a: yes', 'a: complete']);
        });
        expect(permit.released).toBeFalse();
      });
    }

    it('calls the predicate again at each notification, while it holds the lock (C7)', () => {
      const condition = new Condition();
      const looks: boolean[] = [];
      const record: string[] = [];
      condition
        .use((permit) => condition.waitFor(() => looks.push(condition.locked()) === 3, { permit }))
        .subscribe(recorder(record, 'a'));
      for (let n = 0; n < 2; n++) {
        whileLocked(condition, () => {
          condition.notify();
        });
      }
      expect(looks).toEqual([true, true, true]);
      expect(record).toEqual(['a: true', 'a: complete']);
    });

    it('makes a bounded buffer', () => {
      const changed = new Condition();
      const buffer: number[] = [];
      const record: string[] = [];
      const put = (item: number): Observable<never> =>
        changed.use((permit) =>
          changed
            .waitFor(() => buffer.length < 2, { permit })
            .pipe(
              concatMap(() => {
                buffer.push(item);
                record.push(`put ${String(item)}`);
                changed.notifyAll();
                return EMPTY;
              }),
            ),
        );
      const take = changed.use((permit) =>
        changed
          .waitFor(() => buffer.length > 0, { permit })
          .pipe(
            map(() => {
              record.push(`take ${String(buffer.shift())}`);
              changed.notifyAll();
            }),
          ),
      );
      merge(...[1, 2, 3, 4].map(put)).subscribe();
      for (let n = 0; n < 4; n++) {
        take.subscribe();
      }
      expect(record).toEqual(['put 1', 'put 2', 'take 1', 'put 3', 'take 2', 'put 4', 'take 3', 'take 4']);
      expect(changed.lock.value).toEqual({ locked: false, waiting: 0 });
    });
  });

  describe('A predicate that throws', () => {
    it('fails at once, and keeps the lock', () => {
      const condition = new Condition();
      const record: string[] = [];
      const permit = acquireNow(condition);
      const predicate = (): never => {
        throw new RangeError('predicate');
      };
      condition.waitFor(predicate, { permit }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: RangeError']);
      expect(permit.released).toBeFalse();
    });

    for (const [where, deliver] of deliveries) {
      it(`fails, keeps the lock, and passes the notification on, ${where} (C8)`, () => {
        const condition = new Condition();
        const record: string[] = [];
        let wrong = false;
        const permit = acquireNow(condition);
        condition
          .waitFor(
            () => {
              if (wrong) {
                throw new RangeError('predicate');
              }
              return false;
            },
            { permit },
          )
          .subscribe(recorder(record, 'a'));
        startWaiter(condition, record, 'b');
        wrong = true;
        deliver(() => {
          whileLocked(condition, () => {
            condition.notify();
          });
        });
        expect(record).toEqual(['a: RangeError']);
        expect(permit.released).toBeFalse();
        expect(condition.locked()).toBeTrue();
        permit.release();
        expect(record).toEqual(['a: RangeError', 'b: true', 'b: complete']);
      });
    }
  });

  describe('A predicate with side effects', () => {
    it('releases the lock when the predicate unsubscribes the waiter', () => {
      const condition = new Condition();
      const record: string[] = [];
      const cancelled = new Subject<void>();
      let looks = 0;
      const permit = acquireNow(condition);
      condition
        .waitFor(
          () => {
            if (++looks === 2) {
              cancelled.next();
            }
            return looks === 2;
          },
          { permit },
        )
        .pipe(takeUntil(cancelled))
        .subscribe(recorder(record, 'a'));
      startWaiter(condition, record, 'b');
      whileLocked(condition, () => {
        condition.notify();
      });
      expect(record).toEqual(['a: complete', 'b: true', 'b: complete']);
      expect(permit.released).toBeTrue();
      expect(condition.locked()).toBeFalse();
    });

    it('fails its section before the next holder runs when the predicate unsubscribes the waiter', () => {
      const condition = new Condition();
      const stop = new Subject<void>();
      const record: string[] = [];
      let looks = 0;
      condition
        .use((permit) => {
          const predicate = (): boolean => {
            if (looks++ === 1) {
              stop.next();
            }
            return false;
          };
          const wait = condition.waitFor(predicate, { permit }).pipe(takeUntil(stop));
          return concat(wait, NEVER).pipe(finalize(() => record.push('a torn down')));
        })
        .subscribe(recorder(record, 'a'));
      const holder = acquireNow(condition);
      condition.notify();
      condition.use(() => of('inside')).subscribe(recorder(record, 'b'));
      holder.release();
      expect(record).toEqual(['a torn down', 'a: NotAcquiredError', 'b: inside', 'b: complete']);
    });

    it('leaves a permit alone that another wait suspended inside the predicate', () => {
      const condition = new Condition();
      const stop = new Subject<void>();
      const record: string[] = [];
      const permit = acquireNow(condition);
      let looks = 0;
      const predicate = (): boolean => {
        if (looks++ === 1) {
          condition.wait({ permit }).subscribe(recorder(record, 'second'));
          stop.next();
        }
        return false;
      };
      condition.waitFor(predicate, { permit }).pipe(takeUntil(stop)).subscribe(recorder(record, 'first'));
      whileLocked(condition, () => {
        condition.notify();
      });
      // The first wait passes its notification on to the second wait.
      expect(record).toEqual(['first: complete', 'second: true', 'second: complete']);
      expect(permit.released).toBeFalse();
      expect(condition.locked()).toBeTrue();
    });

    it('fails when the predicate releases the lock', () => {
      const condition = new Condition();
      const record: string[] = [];
      const permit = acquireNow(condition);
      const predicate = (): boolean => {
        permit.release();
        return false;
      };
      condition.waitFor(predicate, { permit }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: NotAcquiredError']);
      expect(condition.locked()).toBeFalse();
    });
  });

  describe('Arguments', () => {
    it('refuses a predicate that is not a function', () => {
      expect(() => new Condition().waitFor(true as unknown as () => boolean)).toThrowError(
        TypeError,
        'the predicate must be a function, but is true',
      );
    });
  });
});
