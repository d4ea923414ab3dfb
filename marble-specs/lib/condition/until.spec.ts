import { EMPTY, finalize, ignoreElements, map, NEVER, skip, Subject, throwError, timer } from 'rxjs';
import { Condition, type Permit } from 'rxjs-locks';

import { deliveries } from '../../support/deliveries.js';
import { itMarbles } from '../../support/marbles.js';
import { recorder } from '../../support/recorder.js';
import { thrownDuring, unhandledDuring } from '../../support/unhandled.js';

import { acquireNow, whileLocked } from './waiters.js';

describe('The until of a wait for a Condition', () => {
  describe('resumes the waiter', () => {
    itMarbles('without a notification, when the waiter holds the lock again', ({ cold, expectObservable }) => {
      const condition = new Condition();
      const enter = cold('  -x           ');
      const task = cold('    -----|      ');
      const until = cold('  ---x         ');
      const expected = '    ------(f|)   ';
      enter.subscribe(() => condition.use(() => task).subscribe());
      const wait = condition.use((permit) => condition.wait({ permit, until }));
      expectObservable(wait.pipe(map((notified) => (notified ? 't' : 'f')))).toBe(expected);
    });

    for (const [where, deliver] of deliveries) {
      it(`at once if the lock is free, ${where}`, () => {
        const condition = new Condition();
        const until = new Subject<void>();
        const record: string[] = [];
        condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'a'));
        deliver(() => {
          until.next();
          expect(condition.waiting).toBe(0);
        });
        expect(record).toEqual(['a: false', 'a: complete']);
        expect(until.observed).toBeFalse();
        expect(condition.locked()).toBeFalse();
      });
    }

    itMarbles('after the time of a timer', ({ expectObservable }) => {
      const condition = new Condition();
      const wait = condition.use((permit) => condition.waitFor(() => false, { permit, until: timer(4) }));
      const expected = '----(f|)';
      expectObservable(wait.pipe(map(() => 'f'))).toBe(expected);
      expectObservable(condition.pipe(ignoreElements())).toBe('');
    });

    it('with the last value of the predicate of waitFor, whatever it is', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      let value = 0;
      condition.use((permit) => condition.waitFor(() => value, { permit, until })).subscribe(recorder(record, 'a'));
      whileLocked(condition, () => {
        condition.notify();
      });
      expect(record).toEqual([]);
      until.next();
      expect(record).toEqual(['a: 0', 'a: complete']);
      value = 1;
      expect(condition.locked()).toBeFalse();
    });

    it('of waitFor after any number of waits', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      condition.use((permit) => condition.waitFor(() => false, { permit, until })).subscribe(recorder(record, 'a'));
      const holder = acquireNow(condition);
      condition.notify();
      until.next();
      expect(record).toEqual([]);
      holder.release();
      expect(record).toEqual(['a: false', 'a: complete']);
    });

    it('with an error if it fails, and not at all if it completes', () => {
      const condition = new Condition();
      const record: string[] = [];
      const failing = throwError(() => new RangeError('until'));
      condition.use((permit) => condition.wait({ permit, until: failing })).subscribe(recorder(record, 'a'));
      condition.use((permit) => condition.wait({ permit, until: EMPTY })).subscribe(recorder(record, 'b'));
      whileLocked(condition, () => {
        condition.notifyAll();
      });
      expect(record).toEqual(['a: RangeError', 'b: true', 'b: complete']);
      expect(condition.locked()).toBeFalse();
    });
  });

  describe('changes nothing', () => {
    for (const [where, deliver] of deliveries) {
      it(`for a waiter that is already notified, ${where} (bpo-33638)`, () => {
        const condition = new Condition();
        const until = new Subject<void>();
        const record: string[] = [];
        condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'a'));
        const holder = acquireNow(condition);
        condition.notify();
        deliver(() => {
          until.next();
        });
        expect(condition.waiting).toBe(0);
        expect(condition.lock.waiting).toBe(1);
        holder.release();
        expect(record).toEqual(['a: true', 'a: complete']);
      });
    }

    it('for a waiter that is already notified, even if it fails', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'a'));
      whileLocked(condition, () => {
        condition.notify();
        until.error(new RangeError('until'));
        expect(record).toEqual([]);
      });
      expect(record).toEqual(['a: true', 'a: complete']);
    });

    for (const [how, end] of [
      [
        'emits',
        (until: Subject<void>) => {
          until.next();
        },
      ],
      [
        'fails',
        (until: Subject<void>) => {
          until.error(new RangeError('until'));
        },
      ],
    ] as const) {
      it(`if it ${how} while the wait is being cancelled`, () => {
        const condition = new Condition();
        const until = new Subject<void>();
        const record: string[] = [];
        const wait = condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'a'));
        condition.pipe(skip(1)).subscribe(() => {
          end(until);
        });
        wait.unsubscribe();
        expect(record).toEqual([]);
        expect(condition.waiting).toBe(0);
        expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
      });
    }

    it('if its teardown throws', async () => {
      const condition = new Condition();
      const record: string[] = [];
      const until = NEVER.pipe(
        finalize(() => {
          throw new Error('teardown');
        }),
      );
      const errors = await unhandledDuring(() => {
        condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'a'));
        whileLocked(condition, () => {
          condition.notify();
        });
        condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'b'));
        condition.cancelWaiters();
      });
      expect(record).toEqual(['a: true', 'a: complete', 'b: CancelledError']);
      expect(errors).toEqual([new Error('teardown'), new Error('teardown')].map(() => jasmine.any(Error)));
      expect(condition.locked()).toBeFalse();
    });

    it('fails waitFor if it fails inside the predicate', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      let looks = 0;
      const predicate = (): boolean => {
        if (looks++ === 1) {
          until.error(new RangeError('until'));
        }
        return false;
      };
      condition.use((permit) => condition.waitFor(predicate, { permit, until })).subscribe(recorder(record, 'a'));
      whileLocked(condition, () => {
        condition.notify();
      });
      expect(record).toEqual(['a: RangeError']);
      expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
    });
  });

  describe('is subscribed to', () => {
    it('until the wait ends, also by unsubscribing', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const notified = condition.use((permit) => condition.wait({ permit, until })).subscribe();
      expect(until.observed).toBeTrue();
      whileLocked(condition, () => {
        condition.notify();
      });
      expect(until.observed).toBeFalse();
      expect(notified.closed).toBeTrue();
      const left = condition.use((permit) => condition.wait({ permit, until })).subscribe();
      left.unsubscribe();
      expect(until.observed).toBeFalse();
      condition.use((permit) => condition.wait({ permit, until })).subscribe({ error: () => undefined });
      condition.cancelWaiters();
      expect(until.observed).toBeFalse();
    });

    it('not longer than downstream gets the result or the error of the wait', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      const wait = (permit: Permit): void => {
        condition.wait({ permit, until }).subscribe({
          next: () => record.push(`next, ${until.observed ? 'watched' : 'let go of'}`),
          error: () => record.push(`error, ${until.observed ? 'watched' : 'let go of'}`),
        });
      };
      const notified = acquireNow(condition);
      wait(notified);
      whileLocked(condition, () => {
        condition.notify();
      });
      notified.release();
      wait(acquireNow(condition));
      condition.cancelWaiters();
      expect(record).toEqual(['next, let go of', 'error, let go of']);
    });

    it('not longer than the wait, even if an observer of the state throws', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const waiting = condition.use((permit) => condition.wait({ permit, until })).subscribe();
      condition.pipe(skip(1)).subscribe(() => {
        throw new Error('an observer');
      });
      thrownDuring(() => {
        waiting.unsubscribe();
      });
      expect(until.observed).toBeFalse();
    });

    it('not at all if the wait ends while it begins', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      condition.subscribe(({ waiting }) => {
        if (waiting === 1) {
          condition.cancelWaiters();
        }
      });
      condition.wait({ permit: acquireNow(condition), until }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: CancelledError']);
      expect(until.observed).toBeFalse();
    });
  });
});
