import { concat, Observable, Subject, takeUntil } from 'rxjs';
import { Condition, Lock, type Permit } from 'rxjs-locks';

import { deliveries, insideADelivery } from '../../support/deliveries.js';
import { recorder } from '../../support/recorder.js';

import { acquireNow, startWaiter, whileLocked } from './waiters.js';

describe('Condition.wait', () => {
  describe('Releasing the lock', () => {
    for (const [where, deliver] of deliveries) {
      it(`is in the queue before it releases the lock, ${where}`, () => {
        const condition = new Condition();
        const waiting: number[] = [];
        const permit = acquireNow(condition);
        condition.acquire().subscribe((next) => {
          waiting.push(condition.waiting);
          next.release();
        });
        deliver(() => {
          condition.wait({ permit }).subscribe();
        });
        expect(waiting).toEqual([1]);
        expect(permit.released).toBeFalse();
        expect(condition.locked()).toBeFalse();
      });
    }

    it('suspends the current holder of the lock if no permit is given, as asyncio does', () => {
      const condition = new Condition();
      const record: string[] = [];
      const permit = acquireNow(condition);
      condition.wait().subscribe(recorder(record, 'a'));
      whileLocked(condition, () => {
        condition.notify();
      });
      expect(record).toEqual(['a: true', 'a: complete']);
      expect(permit.released).toBeFalse();
    });

    it('needs the lock, and the permit that holds it', () => {
      const condition = new Condition(undefined, { name: 'changed' });
      const messages: string[] = [];
      const hear = { error: (error: Error) => messages.push(`${error.name}: ${error.message}`) };
      condition.wait().subscribe(hear);
      const spent = acquireNow(condition);
      spent.release();
      const holder = acquireNow(condition);
      condition.wait({ permit: spent }).subscribe(hear);
      expect(messages).toEqual([
        'NotAcquiredError: cannot wait for condition "changed": it is not locked',
        'NotAcquiredError: cannot wait for condition "changed": the permit does not hold its lock',
      ]);
      expect(holder.released).toBeFalse();
      expect(condition.value).toEqual({ waiting: 0 });
    });

    for (const permit of [null, 1, 'permit', {}]) {
      it(`refuses ${JSON.stringify(permit)} as a permit`, () => {
        const condition = new Condition();
        acquireNow(condition);
        const messages: string[] = [];
        condition.wait({ permit: permit as unknown as Permit }).subscribe({
          error: (error: Error) => messages.push(`${error.name}: ${error.message}`),
        });
        expect(messages).toEqual(['NotAcquiredError: cannot wait for condition: the permit does not hold its lock']);
      });
    }

    it('keeps the lock if maxWaiting does not let it wait', () => {
      const condition = new Condition(undefined, { maxWaiting: 0 });
      const permit = acquireNow(condition);
      const record: string[] = [];
      condition.wait({ permit }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: QueueFullError']);
      expect(permit.released).toBeFalse();
      expect(condition.locked()).toBeTrue();
    });

    it('does not suspend the permit for a subscriber that is closed, or that its own predicate closed', () => {
      const condition = new Condition();
      const permit = acquireNow(condition);
      new Observable<boolean>((subscriber) => {
        subscriber.unsubscribe();
        condition.wait({ permit }).subscribe(subscriber);
      }).subscribe();
      const stop = new Subject<void>();
      const predicate = (): boolean => {
        stop.next();
        return false;
      };
      condition.waitFor(predicate, { permit }).pipe(takeUntil(stop)).subscribe();
      expect(condition.waiting).toBe(0);
      expect(permit.released).toBeFalse();
      expect(condition.locked()).toBeTrue();
    });

    it('calls no predicate for a closed subscriber', () => {
      const condition = new Condition();
      const permit = acquireNow(condition);
      const predicate = jasmine.createSpy('predicate').and.returnValue(true);
      new Observable<boolean>((subscriber) => {
        subscriber.unsubscribe();
        condition.waitFor(predicate, { permit }).subscribe(subscriber);
      }).subscribe();
      expect(predicate).not.toHaveBeenCalled();
    });
  });

  describe('Acquiring the lock again', () => {
    for (const [where, deliver] of deliveries) {
      it(`resumes the permit that it suspended, ${where}`, () => {
        const condition = new Condition();
        const permit = acquireNow(condition);
        const record: string[] = [];
        condition.wait({ permit }).subscribe(recorder(record, 'a'));
        deliver(() => {
          whileLocked(condition, () => {
            condition.notify();
          });
        });
        expect(record).toEqual(['a: true', 'a: complete']);
        expect(condition.lock.value).toEqual({ locked: true, waiting: 0 });
        permit.release();
        expect(condition.locked()).toBeFalse();
      });
    }

    it('enqueues a notified waiter even if the queue of the lock is full', () => {
      const condition = new Condition(new Lock({ maxWaiting: 0 }));
      const record: string[] = [];
      startWaiter(condition, record, 'a');
      const permit = acquireNow(condition);
      condition.notify();
      expect(condition.lock.waiting).toBe(1);
      permit.release();
      expect(record).toEqual(['a: true', 'a: complete']);
    });

    it('can wait again under the same permit, and the teardown of the first wait does not affect the second', () => {
      const condition = new Condition();
      const record: string[] = [];
      condition.use((permit) => concat(condition.wait({ permit }), condition.wait({ permit }))).subscribe(recorder(record, 'a'));
      for (let n = 0; n < 2; n++) {
        whileLocked(condition, () => {
          condition.notify();
        });
      }
      expect(record).toEqual(['a: true', 'a: true', 'a: complete']);
      expect(condition.locked()).toBeFalse();
    });

    it('removes the condition from its lock after the last waiter has gone', () => {
      const lock = new Lock();
      const condition = new Condition(lock);
      const waiters = [startWaiter(condition, [], 'a'), startWaiter(condition, [], 'b')];
      waiters[0]?.unsubscribe();
      expect(lock.conditions?.has(condition)).toBeTrue();
      waiters[1]?.unsubscribe();
      expect(lock.conditions?.has(condition)).toBeFalse();
    });
  });

  describe('Releasing the permit of a waiter', () => {
    for (const [where, deliver] of deliveries) {
      it(`fails when its permit is released, ${where}`, () => {
        const condition = new Condition(undefined, { name: 'changed' });
        const permit = acquireNow(condition);
        const messages: string[] = [];
        condition.wait({ permit }).subscribe({ error: (error: Error) => messages.push(`${error.name}: ${error.message}`) });
        deliver(() => {
          permit.release();
          expect(condition.waiting).toBe(0);
        });
        expect(messages).toEqual(['NotAcquiredError: cannot wait for condition "changed": its permit was released']);
        expect(permit.released).toBeTrue();
      });

      it(`fails when its permit is released after the notification, which passes on, ${where}`, () => {
        const condition = new Condition();
        const record: string[] = [];
        const permit = acquireNow(condition);
        condition.wait({ permit }).subscribe(recorder(record, 'a'));
        startWaiter(condition, record, 'b');
        const holder = acquireNow(condition);
        condition.notify();
        deliver(() => {
          permit.release();
        });
        holder.release();
        expect(record).toEqual(['a: NotAcquiredError', 'b: true', 'b: complete']);
      });
    }

    it('fails and does not resume when its permit is released between the grant of the lock and its delivery', () => {
      const condition = new Condition();
      const permit = acquireNow(condition);
      const record: string[] = [];
      condition.wait({ permit }).subscribe(recorder(record, 'a'));
      const other = acquireNow(condition);
      condition.notify();
      insideADelivery(() => {
        other.release();
        permit.release();
      });
      expect(record).toEqual(['a: NotAcquiredError']);
      expect(condition.locked()).toBeFalse();
    });
  });
});
