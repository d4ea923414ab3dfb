import { concat, defer, finalize, from, NEVER, Observable, of, range, Subject, take, tap } from 'rxjs';
import { Lock, Semaphore, type Permit } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';

import { deliveries, insideADelivery } from '../../support/deliveries.js';
import { itTellsTheFirstFailure } from '../../contracts/first-failure.js';
import { itMarbles } from '../../support/marbles.js';
import { recorder } from '../../support/recorder.js';
import { thrownDuring, unhandledDuring } from '../../support/unhandled.js';

describe('The end of throttleBySemaphore', () => {
  itTellsTheFirstFailure((project) => throttleBySemaphore(new Semaphore(5), project));

  describe('when something fails', () => {
    itMarbles('tears everything down when a task fails', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(2);
      const source = cold('  abc---------');
      const sourceSubs = '   ^----!      ';
      const good = cold('    -----------x');
      const goodSubs = '     ^----!      ';
      const bad = cold('      ----#      ');
      const expected = '     -----#      ';
      const throttled = throttleBySemaphore(semaphore, (value: string) => (value === 'b' ? bad : good));
      expectObservable(
        source.pipe(
          throttled,
          finalize(() => {
            expect(semaphore.value).toEqual({ available: 2, waiting: 0 });
          }),
        ),
      ).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(good.subscriptions).toBe(goodSubs);
    });

    itMarbles('tears everything down when the source fails', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(1);
      const source = cold('  ab---#      ');
      const task = cold('    -----------x');
      const taskSubs = '     ^----!      ';
      const expected = '     -----#      ';
      expectObservable(source.pipe(throttleBySemaphore(semaphore, () => task))).toBe(expected);
      expectSubscriptions(task.subscriptions).toBe(taskSubs);
    });

    it('releases everything before downstream receives the error', () => {
      const semaphore = new Semaphore(2);
      const tasks = [new Subject<number>(), new Subject<number>()];
      const record: number[] = [];
      from(tasks)
        .pipe(throttleBySemaphore(semaphore, (task) => task))
        .subscribe({ error: () => record.push(semaphore.available) });
      tasks[0]?.error(new RangeError('task'));
      expect(record).toEqual([2]);
    });

    it('releases everything when the semaphore is closed', () => {
      const semaphore = new Semaphore(1);
      const record: string[] = [];
      concat(of(0, 1), NEVER)
        .pipe(throttleBySemaphore(semaphore, () => NEVER))
        .subscribe(recorder(record, 'a'));
      semaphore.complete();
      expect(record).toEqual(['a: ClosedError']);
      expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
    });

    it('fails downstream, and throws nothing into the source, when the semaphore was closed before', async () => {
      const semaphore = new Semaphore(1);
      semaphore.complete();
      const source = new Subject<number>();
      const record: string[] = [];
      const errors = await unhandledDuring(() => {
        source.pipe(throttleBySemaphore(semaphore, () => NEVER)).subscribe(recorder(record, 'a'));
        source.next(1);
      });
      expect(errors).toEqual([]);
      expect(record).toEqual(['a: ClosedError']);
    });

    it('keeps a value queued although an observer of the state throws, with synchronous error handling', () => {
      const semaphore = new Semaphore(1);
      const holder = semaphore.tryAcquire();
      // Not a Subject, which would keep the error from its producer.
      let produce: (value: string) => void = () => undefined;
      const source = new Observable<string>((subscriber) => {
        produce = (value) => {
          subscriber.next(value);
        };
      });
      const record: string[] = [];
      source.pipe(throttleBySemaphore(semaphore, (value) => of(value))).subscribe(recorder(record, 'a'));
      semaphore.subscribe(({ waiting }) => {
        if (waiting === 1) {
          throw new Error('observer');
        }
      });
      const errors = thrownDuring(() => {
        produce('x');
      });
      expect(errors).toEqual([new Error('observer')]);
      expect(semaphore.waiting).toBe(1);
      holder?.release();
      expect(record).toEqual(['a: x']);
    });
  });

  describe('when it is unsubscribed', () => {
    itMarbles('tears everything down', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(1);
      const source = cold('  ab----------');
      const unsub = '        -----!      ';
      const task = cold('    --x--------x');
      const taskSubs = '     ^----!      ';
      const expected = '     --x---      ';
      const later = cold('   --c|        ');
      const other = cold('   o|          ');
      const otherSubs = '    -----^!     ';
      const expected2 = '    -----o|     ';
      expectObservable(source.pipe(throttleBySemaphore(semaphore, () => task)), unsub).toBe(expected);
      expectObservable(later.pipe(throttleBySemaphore(semaphore, () => other))).toBe(expected2);
      expectSubscriptions(task.subscriptions).toBe(taskSubs);
      expectSubscriptions(other.subscriptions).toBe(otherSubs);
    });

    it('tears down the tasks that run, in whatever order others have ended', () => {
      const semaphore = new Semaphore(5);
      const tasks = Array.from({ length: 5 }, () => new Subject<number>());
      const subscription = concat(from(tasks), NEVER)
        .pipe(throttleBySemaphore(semaphore, (task) => task))
        .subscribe();
      tasks[1]?.complete();
      tasks[3]?.complete();
      expect(tasks.map(({ observed }) => observed)).toEqual([true, false, true, false, true]);
      subscription.unsubscribe();
      expect(tasks.map(({ observed }) => observed)).toEqual([false, false, false, false, false]);
      expect(semaphore.available).toBe(5);
    });

    it('tears down the tasks before it cancels its waiters, although the queue of other code grants newer ones first', () => {
      const record: string[] = [];
      const queue: Subject<Permit>[] = [];
      const acquire = () =>
        defer(() => {
          const waiter = new Subject<Permit>();
          const name = String(queue.push(waiter));
          return waiter.pipe(finalize(() => record.push(`waiter ${name}`)));
        });
      const subscription = concat(of(1, 2, 3), NEVER)
        .pipe(throttleBySemaphore({ acquire }, (value) => NEVER.pipe(finalize(() => record.push(`task ${String(value)}`)))))
        .subscribe();
      const permit = new Lock().tryAcquire();
      if (permit !== null) {
        queue[2]?.next(permit);
      }
      subscription.unsubscribe();
      expect(record).toEqual(['task 3', 'waiter 3', 'waiter 1', 'waiter 2']);
    });

    it('tears down the tasks before it returns a grant that is not delivered yet', () => {
      const semaphore = new Semaphore(2);
      const holder = semaphore.tryAcquire(2);
      const source = new Subject<number>();
      const free: number[] = [];
      const subscription = source
        .pipe(throttleBySemaphore(semaphore, () => NEVER.pipe(finalize(() => free.push(semaphore.available)))))
        .subscribe();
      source.next(1);
      insideADelivery(() => {
        holder?.release();
        source.next(2);
        subscription.unsubscribe();
      });
      expect(free).toEqual([0]);
      expect(semaphore.available).toBe(2);
    });
  });

  for (const ordered of [false, true]) {
    describe(ordered ? 'with ordered' : 'without ordered', () => {
      it('releases everything when project throws', () => {
        const semaphore = new Semaphore(2);
        const record: string[] = [];
        concat(of(0, 1), NEVER)
          .pipe(
            throttleBySemaphore(
              semaphore,
              (value) => {
                if (value === 1) {
                  throw new RangeError('project');
                }
                return NEVER;
              },
              { ordered },
            ),
          )
          .subscribe(recorder(record, 'a'));
        expect(record).toEqual(['a: RangeError']);
        expect(semaphore.value).toEqual({ available: 2, waiting: 0 });
      });

      it('emits the error of a task although the teardown of another one completes the last one', () => {
        const semaphore = new Semaphore(3);
        const last = new Subject<string>();
        const bad = new Subject<string>();
        const tasks = [
          new Observable<string>(() => () => {
            last.complete();
          }),
          last,
          bad,
        ];
        const record: string[] = [];
        from(tasks)
          .pipe(throttleBySemaphore(semaphore, (task) => task, { ordered }))
          .subscribe(recorder(record, 'a'));
        bad.error(new RangeError('bad'));
        expect(record).toEqual(['a: RangeError']);
        expect(semaphore.value).toEqual({ available: 3, waiting: 0 });
      });

      for (const [where, deliver] of deliveries) {
        it(`stops the source and the tasks midway with take, ${where}`, () => {
          const semaphore = new Semaphore(2);
          const record: string[] = [];
          let produced = 0;
          deliver(() => {
            range(0, 10)
              .pipe(
                tap(() => produced++),
                throttleBySemaphore(semaphore, (value) => [value, value], { ordered }),
                take(3),
              )
              .subscribe(recorder(record, 'a'));
          });
          expect(record).toEqual(['a: 0', 'a: 0', 'a: 1', 'a: complete']);
          expect(produced).toBe(2);
          expect(semaphore.value).toEqual({ available: 2, waiting: 0 });
        });

        it(`tears down the source, then the tasks, then cancels its waiters, ${where}`, () => {
          const semaphore = new Semaphore(1);
          const record: string[] = [];
          const section = concat(of(0, 1), NEVER)
            .pipe(
              finalize(() => record.push(`source, ${String(semaphore.available)} free, ${String(semaphore.waiting)} waiting`)),
              throttleBySemaphore(
                semaphore,
                () =>
                  NEVER.pipe(
                    finalize(() =>
                      record.push(`task, ${String(semaphore.available)} free, ${String(semaphore.waiting)} waiting`),
                    ),
                  ),
                { ordered },
              ),
            )
            .subscribe();
          semaphore.use(() => of('other')).subscribe(recorder(record, 'other'));
          deliver(() => {
            section.unsubscribe();
          });
          expect(record).toEqual(['source, 0 free, 2 waiting', 'task, 0 free, 2 waiting', 'other: other', 'other: complete']);
          expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
        });
      }
    });
  }
});
