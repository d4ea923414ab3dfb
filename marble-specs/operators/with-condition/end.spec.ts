import { concat, config, NEVER, of, Subject, timer } from 'rxjs';
import { Condition, Lock } from 'rxjs-locks';
import { withCondition } from 'rxjs-locks/operators';

import { deliveries, insideADelivery } from '../../support/deliveries.js';
import { itMarbles } from '../../support/marbles.js';
import { recorder } from '../../support/recorder.js';

describe('The end of a wait in withCondition', () => {
  /** Changes something inside the lock, and notifies. */
  function change(condition: Condition, act: () => void): void {
    condition
      .use(() => {
        act();
        condition.notifyAll();
        return [];
      })
      .subscribe();
  }

  describe('with until', () => {
    itMarbles('fails while it waits for the lock or for the predicate, and not later', ({ cold, expectObservable }) => {
      const condition = new Condition();
      const timedOut = jasmine.objectContaining({ name: 'TimeoutError' });
      const task = cold('    -----x|  ');
      const expected1 = '    -----x|  ';
      const expected2 = '    ---#     ';
      const expected3 = '    --------#';
      const until = (frames: number) => ({ until: timer(frames) });
      expectObservable(task.pipe(withCondition(condition, () => true, until(2)))).toBe(expected1);
      expectObservable(task.pipe(withCondition(condition, () => true, until(3)))).toBe(expected2, undefined, timedOut);
      expectObservable(task.pipe(withCondition(condition, () => false, until(8)))).toBe(expected3, undefined, timedOut);
    });

    for (const [where, deliver] of deliveries) {
      it(`passes on the notification that it received before until emitted, ${where}`, () => {
        const condition = new Condition();
        const until = new Subject<void>();
        const record: string[] = [];
        let ready = false;
        of('x')
          .pipe(withCondition(condition, () => ready, { until }))
          .subscribe(recorder(record, 'a'));
        condition.use((permit) => condition.wait({ permit })).subscribe(recorder(record, 'b'));
        const holder = condition.tryAcquire();
        ready = true;
        condition.notify();
        deliver(() => {
          until.next();
        });
        holder?.release();
        expect(record).toEqual(['a: TimeoutError', 'b: true', 'b: complete']);
        expect(until.observed).toBeFalse();
      });

      it(`fails with the CancelledError of cancelWaiters(), although until emits before it is delivered, ${where}`, () => {
        for (const atCondition of [false, true]) {
          const condition = new Condition();
          const until = new Subject<void>();
          const record: string[] = [];
          const holder = atCondition ? null : condition.tryAcquire();
          of('x')
            .pipe(withCondition(condition, () => false, { until }))
            .subscribe(recorder(record, 'a'));
          deliver(() => {
            (atCondition ? condition : condition.lock).cancelWaiters();
            until.next();
          });
          holder?.release();
          expect(record).toEqual(['a: CancelledError']);
          expect(condition.locked()).toBeFalse();
        }
      });
    }

    it('fails although the lock was granted, when until emits before the predicate is checked', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      const holder = condition.tryAcquire();
      of('x')
        .pipe(withCondition(condition, () => false, { until }))
        .subscribe(recorder(record, 'a'));
      insideADelivery(() => {
        holder?.release();
        until.next();
      });
      expect(record).toEqual(['a: TimeoutError']);
      expect(condition.value).toEqual({ waiting: 0 });
      expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it('leaves the queue of the lock before it fails', () => {
      const condition = new Condition();
      condition.tryAcquire();
      const until = new Subject<void>();
      const record: string[] = [];
      of('x')
        .pipe(withCondition(condition, () => true, { until }))
        .subscribe(recorder(record, 'a'));
      condition.lock.subscribe(({ waiting }) => record.push(`${String(waiting)} waiting`));
      until.next();
      expect(record).toEqual(['1 waiting', '0 waiting', 'a: TimeoutError']);
    });

    it('unsubscribes from until when its source starts, and when it is unsubscribed', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      let ready = false;
      const enters = concat(of('x'), NEVER)
        .pipe(withCondition(condition, () => ready, { until }))
        .subscribe();
      expect(until.observed).toBeTrue();
      change(condition, () => (ready = true));
      expect(until.observed).toBeFalse();
      enters.unsubscribe();
      ready = false;
      const leaves = of('x')
        .pipe(withCondition(condition, () => ready, { until }))
        .subscribe();
      leaves.unsubscribe();
      expect(until.observed).toBeFalse();
      expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
    });
  });

  describe('when it is cancelled or closed', () => {
    itMarbles('never subscribes to a source that is unsubscribed before', ({ cold, expectObservable, expectSubscriptions }) => {
      const condition = new Condition();
      let ready = false;
      const turn = cold('    -----x');
      const source = cold('  a|    ');
      const unsub = '        ---!  ';
      const expected = '     ----  ';
      turn.subscribe(() => {
        expect(condition.waiting).toBe(0);
        change(condition, () => (ready = true));
      });
      expectObservable(source.pipe(withCondition(condition, () => ready)), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe([]);
    });

    for (const [where, deliver] of deliveries) {
      it(`leaves the queues of the condition and of the lock, ${where}`, () => {
        const condition = new Condition();
        const record: string[] = [];
        const waiting = of('x')
          .pipe(withCondition(condition, () => false))
          .subscribe();
        const holder = condition.tryAcquire();
        const queued = of('x')
          .pipe(withCondition(condition, () => true))
          .subscribe(recorder(record, 'a'));
        condition.subscribe(({ waiting }) => record.push(`${String(waiting)} waiting`));
        deliver(() => {
          queued.unsubscribe();
          waiting.unsubscribe();
          expect(condition.value).toEqual({ waiting: 0 });
          expect(condition.lock.value).toEqual({ locked: true, waiting: 0 });
        });
        holder?.release();
        expect(record).toEqual(['1 waiting', '0 waiting']);
        expect(condition.locked()).toBeFalse();
      });
    }

    it('sends no notification after the unsubscription, or after an error', async () => {
      const condition = new Condition();
      const late: unknown[] = [];
      config.onStoppedNotification = (notification) => late.push(notification);
      try {
        const until = new Subject<void>();
        of('x')
          .pipe(withCondition(condition, () => false))
          .subscribe()
          .unsubscribe();
        of('x')
          .pipe(withCondition(condition, () => false, { until }))
          .subscribe({ error: () => undefined });
        until.next();
        await new Promise((resolve) => setTimeout(resolve));
      } finally {
        config.onStoppedNotification = null;
      }
      expect(late).toEqual([]);
    });

    it('fails when the condition or its lock is closed, and when its wait is cancelled', () => {
      const record: string[] = [];
      const waitUntilTrue = (condition: Condition, name: string): void => {
        of('x')
          .pipe(withCondition(condition, () => false))
          .subscribe(recorder(record, name));
      };
      const first = new Condition();
      waitUntilTrue(first, 'closed');
      first.complete();
      waitUntilTrue(first, 'late');
      const lock = new Lock();
      waitUntilTrue(new Condition(lock), 'lock closed');
      lock.complete();
      const third = new Condition();
      waitUntilTrue(third, 'cancelled');
      third.cancelWaiters();
      expect(record).toEqual([
        'closed: ClosedError',
        'late: ClosedError',
        'lock closed: ClosedError',
        'cancelled: CancelledError',
      ]);
      expect(third.lock.value).toEqual({ locked: false, waiting: 0 });
    });
  });
});
