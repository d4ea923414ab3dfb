import { catchError, concat, NEVER, type Observable, of, race, Subject, switchMap, takeUntil } from 'rxjs';
import { Condition } from 'rxjs-locks';

import { deliveries } from '../../support/deliveries.js';
import { recorder } from '../../support/recorder.js';

import { acquireNow, startWaiter, whileLocked } from './waiters.js';

describe('A cancelled wait of a Condition', () => {
  describe('before the notification', () => {
    for (const [where, deliver] of deliveries) {
      it(`leaves the queue, and releases its permit, ${where}`, () => {
        const condition = new Condition();
        const permit = acquireNow(condition);
        const wait = condition.wait({ permit }).subscribe();
        deliver(() => {
          wait.unsubscribe();
          expect(condition.waiting).toBe(0);
          expect(permit.released).toBeTrue();
        });
        expect(condition.locked()).toBeFalse();
        whileLocked(condition, () => {
          condition.notify();
        });
        expect(condition.locked()).toBeFalse();
      });
    }
  });

  describe('after the notification', () => {
    for (const [where, deliver] of deliveries) {
      it(`passes the notification on while it waits for the lock, ${where}`, () => {
        const condition = new Condition();
        const record: string[] = [];
        const a = startWaiter(condition, record, 'a');
        startWaiter(condition, record, 'b');
        const permit = acquireNow(condition);
        condition.notify();
        deliver(() => {
          a.unsubscribe();
          expect(condition.waiting).toBe(0);
          expect(condition.lock.waiting).toBe(1);
        });
        permit.release();
        expect(record).toEqual(['b: true', 'b: complete']);
      });

      it(`passes the notification on between the grant of the lock and its delivery, ${where} (gh-112202)`, () => {
        const condition = new Condition();
        const record: string[] = [];
        const a = startWaiter(condition, record, 'a');
        startWaiter(condition, record, 'b');
        const permit = acquireNow(condition);
        condition.notify();
        // The waiter unsubscribes after the grant of the lock and before its delivery.
        condition.lock.subscribe(({ waiting }) => {
          if (waiting === 0) {
            a.unsubscribe();
          }
        });
        deliver(() => {
          permit.release();
        });
        expect(record).toEqual(['b: true', 'b: complete']);
        expect(condition.locked()).toBeFalse();
      });
    }

    it('makes the condition publish that the notification has passed on', () => {
      const condition = new Condition();
      const record: string[] = [];
      const first = startWaiter(condition, record, 'first');
      startWaiter(condition, record, 'second');
      startWaiter(condition, record, 'third');
      const states: number[] = [];
      condition.subscribe(({ waiting }) => states.push(waiting));
      whileLocked(condition, () => {
        condition.notify();
        first.unsubscribe();
        expect(condition.lock.waiting).toBe(1);
        condition.lock.cancelWaiters();
      });
      expect(states).toEqual([3, 2, 1, 0]);
      expect(record).toEqual(['second: CancelledError', 'third: true', 'third: complete']);
    });

    it('passes the notification on if its complete handler releases the lock', () => {
      const condition = new Condition();
      const record: string[] = [];
      const stop = new Subject<void>();
      const permit = acquireNow(condition);
      condition
        .wait({ permit })
        .pipe(takeUntil(stop))
        .subscribe({
          next: () => record.push('a'),
          complete: () => {
            holder.release();
          },
        });
      startWaiter(condition, record, 'b');
      const holder = acquireNow(condition);
      condition.notify();
      stop.next();
      expect(record).toEqual(['b: true', 'b: complete']);
      expect(permit.released).toBeTrue();
      expect(condition.locked()).toBeFalse();
    });
  });

  describe('inside a section that goes on', () => {
    const goingOn: Record<string, (wait: Observable<boolean>, stop: Observable<unknown>) => Observable<unknown>> = {
      switchMap: (wait, stop) => concat(of(1), stop).pipe(switchMap((first) => (first === 1 ? wait : NEVER))),
      takeUntil: (wait, stop) => concat(wait.pipe(takeUntil(stop)), NEVER),
    };

    for (const [operator, goOn] of Object.entries(goingOn)) {
      for (const [where, deliver] of deliveries) {
        it(`fails the section at once with NotAcquiredError if ${operator} cancels the wait, ${where}`, () => {
          const condition = new Condition(undefined, { name: 'changed' });
          const stop = new Subject<number>();
          const messages: string[] = [];
          condition
            .use((permit) => goOn(condition.wait({ permit }), stop))
            .subscribe({ error: (error: Error) => messages.push(`${error.name}: ${error.message}`) });
          deliver(() => {
            stop.next(2);
          });
          expect(messages).toEqual([
            'NotAcquiredError: cannot continue inside lock "changed": the wait that suspended its permit was cancelled, and the permit is lost',
          ]);
          expect(stop.observed).toBeFalse();
          expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
        });
      }
    }
    it('fails the section at once with NotAcquiredError if race cancels the wait', () => {
      const condition = new Condition();
      const other = new Subject<string>();
      const record: string[] = [];
      condition.use((permit) => race(condition.wait({ permit }), other)).subscribe(recorder(record, 'a'));
      other.next('won');
      expect(record).toEqual(['a: NotAcquiredError']);
      expect(other.observed).toBeFalse();
    });

    it('fails the section after a caught error of the wait', () => {
      const condition = new Condition();
      const record: string[] = [];
      condition
        .use((permit) =>
          condition.wait({ permit }).pipe(
            catchError((error: Error) => {
              record.push(`caught ${error.name}`);
              return NEVER;
            }),
          ),
        )
        .subscribe(recorder(record, 'a'));
      condition.cancelWaiters();
      expect(record).toEqual(['caught CancelledError', 'a: NotAcquiredError']);
    });

    it('ends the section without an error if the section ends with the wait', () => {
      const condition = new Condition();
      const record: string[] = [];
      const stop = new Subject<void>();
      condition
        .use((permit) => condition.wait({ permit }))
        .pipe(takeUntil(stop))
        .subscribe(recorder(record, 'a'));
      condition.use((permit) => condition.wait({ permit }).pipe(takeUntil(stop))).subscribe(recorder(record, 'b'));
      stop.next();
      expect(record).toEqual(['a: complete', 'b: complete']);
      expect(condition.waiting).toBe(0);
    });
  });
});
