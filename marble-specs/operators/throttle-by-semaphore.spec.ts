import {
  EMPTY,
  from,
  map,
  merge,
  mergeMap,
  NEVER,
  Observable,
  of,
  range,
  repeat,
  retry,
  Subject,
  throwError,
  toArray,
} from 'rxjs';
import { Condition, Lock, Semaphore, type Permit } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';

import { insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';
import { unhandledDuring } from '../support/unhandled.js';

describe('throttleBySemaphore', () => {
  describe('runs as many tasks as the semaphore has units', () => {
    itMarbles('starts the tasks in the order of the values', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(2);
      const source = cold('  --a-b-c------------|');
      const task = cold('      x---x|            ');
      const subs = [
        '                    --^----!            ',
        '                    ----^----!          ',
        '                    -------^----!       ',
      ];
      const expected = '     --a-b-acb--c-------|';
      expectObservable(source.pipe(throttleBySemaphore(semaphore, (value) => task.pipe(map(() => value))))).toBe(expected);
      expectSubscriptions(task.subscriptions).toBe(subs);
    });

    itMarbles('shares the units between streams, first come, first served', ({ cold, expectObservable }) => {
      const semaphore = new Semaphore(1);
      const first = cold('   a-c|       ');
      const second = cold('  -b-|       ');
      const task = cold('    --x|       ');
      const expected1 = '    --a-----c| ';
      const expected2 = '    -----b|    ';
      const throttled = throttleBySemaphore(semaphore, (value: string) => task.pipe(map(() => value)));
      expectObservable(first.pipe(throttled)).toBe(expected1);
      expectObservable(second.pipe(throttled)).toBe(expected2);
    });

    itMarbles('runs one task at a time with a Lock', ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const source = cold('  ab-c---------|   ');
      const task = cold('    ---x|            ');
      const subs = [
        '                    ^---!            ',
        '                    ----^---!        ',
        '                    --------^---!    ',
      ];
      const expected = '     ---a---b---c-|   ';
      expectObservable(source.pipe(throttleBySemaphore(lock, (value) => task.pipe(map(() => value))))).toBe(expected);
      expectSubscriptions(task.subscriptions).toBe(subs);
    });

    it('queues its values at a lock that is held', () => {
      const lock = new Lock();
      const permits: Permit[] = [];
      lock.acquire().subscribe((permit) => permits.push(permit));
      const record: string[] = [];
      of(1, 2)
        .pipe(throttleBySemaphore(lock, (value) => of(value)))
        .subscribe(recorder(record, 'a'));
      expect(lock.waiting).toBe(2);
      permits[0]?.release();
      expect(record).toEqual(['a: 1', 'a: 2', 'a: complete']);
    });

    it('calls project with the value and its index, once the value has its permit', () => {
      const semaphore = new Semaphore(1);
      const calls: string[] = [];
      const gate = new Subject<void>();
      from('abc')
        .pipe(
          throttleBySemaphore(semaphore, (value, index) => {
            calls.push(value + String(index));
            return gate;
          }),
        )
        .subscribe();
      expect(calls).toEqual(['a0']);
      gate.complete();
      expect(calls).toEqual(['a0', 'b1', 'c2']);
    });

    it('accepts any ObservableInput from project', async () => {
      const semaphore = new Semaphore(1);
      const all = of(0, 1, 2, 3).pipe(
        throttleBySemaphore(semaphore, (value) =>
          value === 0 ? [1, 2] : value === 1 ? Promise.resolve(3) : value === 2 ? new Set([4]) : of(5),
        ),
        toArray(),
      );
      const values = await new Promise((resolve) => all.subscribe(resolve));
      expect(values).toEqual([1, 2, 3, 4, 5]);
      expect(semaphore.available).toBe(1);
    });

    it('starts the next task after downstream has received the value before', () => {
      const semaphore = new Semaphore(1);
      const record: string[] = [];
      const gate = new Subject<string>();
      of(0, 1)
        .pipe(
          throttleBySemaphore(semaphore, (value) => {
            record.push(`task ${String(value)}`);
            return value === 0 ? gate : EMPTY;
          }),
        )
        .subscribe({ next: () => record.push('downstream') });
      gate.next('x');
      gate.complete();
      expect(record).toEqual(['task 0', 'downstream', 'task 1']);
    });

    it('continues when a task ends together with the wait that had suspended it', () => {
      const condition = new Condition();
      const record: string[] = [];
      const source = new Subject<number>();
      let giveUp: () => void = () => undefined;
      const sleeping = new Observable<number>((subscriber) => {
        const waiting = condition.wait().subscribe();
        giveUp = () => {
          waiting.unsubscribe();
          subscriber.complete();
        };
      });
      source
        .pipe(throttleBySemaphore(condition, (value) => (value === 0 ? sleeping : of(value))))
        .subscribe(recorder(record, 'a'));
      source.next(0);
      insideADelivery(() => {
        giveUp();
      });
      source.next(1);
      expect(record).toEqual(['a: 1']);
      expect(condition.locked()).toBeFalse();
    });
  });

  for (const ordered of [false, true]) {
    describe(ordered ? 'with ordered' : 'without ordered', () => {
      heavy(it)('runs a hundred thousand synchronous tasks through one permit, and completes, on a flat stack', () => {
        const semaphore = new Semaphore(1);
        const held = semaphore.tryAcquire();
        let next = 0;
        let inOrder = true;
        let completed = false;
        range(0, 100_000)
          .pipe(throttleBySemaphore(semaphore, (value) => of(value), { ordered }))
          .subscribe({
            next: (value) => (inOrder &&= value === next++),
            complete: () => (completed = true),
          });
        expect(semaphore.waiting).toBe(100_000);
        held?.release();
        expect(next).toBe(100_000);
        expect(inOrder).toBeTrue();
        expect(completed).toBeTrue();
        expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
      });

      it('starts again on repeat and retry', () => {
        const semaphore = new Semaphore(1);
        const record: string[] = [];
        of(1, 2)
          .pipe(
            throttleBySemaphore(semaphore, (value, index) => of(value * 10 + index), { ordered }),
            repeat(2),
          )
          .subscribe(recorder(record, 'a'));
        let attempt = 0;
        of(1)
          .pipe(
            throttleBySemaphore(semaphore, () => (attempt++ === 0 ? throwError(() => new Error('once')) : of('again')), {
              ordered,
            }),
            retry(1),
          )
          .subscribe(recorder(record, 'b'));
        expect(record).toEqual(['a: 10', 'a: 21', 'a: 10', 'a: 21', 'a: complete', 'b: again', 'b: complete']);
        expect(semaphore.available).toBe(1);
      });
    });
  }

  describe('completes', () => {
    itMarbles('with the last task, when the source has completed before', ({ cold, expectObservable }) => {
      const semaphore = new Semaphore(2);
      const source = cold('  ab|     ');
      const task = cold('    ----x|  ');
      const expected = '     ----xx| ';
      expectObservable(source.pipe(throttleBySemaphore(semaphore, () => task))).toBe(expected);
    });

    itMarbles('with the source, when no task runs', ({ cold, expectObservable }) => {
      const semaphore = new Semaphore(1);
      const source = cold('  a----|');
      const task = cold('    -x|   ');
      const expected = '     -x---|';
      const empty = cold('   ---|  ');
      const expected2 = '    ---|  ';
      expectObservable(source.pipe(throttleBySemaphore(semaphore, () => task))).toBe(expected);
      expectObservable(empty.pipe(throttleBySemaphore(semaphore, () => task))).toBe(expected2);
    });

    for (const option of ['weight', 'priority', 'label'] as const) {
      it(`after the value whose ${option} callback completes the source, and runs no value whose callback unsubscribes`, () => {
        const record: string[] = [];
        const source = new Subject<string>();
        const of1 = { weight: () => 1, priority: () => 1, label: () => 'label' }[option];
        let act = (): void => {
          source.complete();
        };
        const ask = (): number | string => {
          act();
          return of1();
        };
        const operator = throttleBySemaphore(new Semaphore(), (value: string) => of(value), { [option]: ask });
        source.pipe(operator).subscribe(recorder(record, 'a'));
        source.next('x');
        expect(record).toEqual(['a: x', 'a: complete']);
        const other = new Subject<string>();
        const subscription = other.pipe(operator).subscribe(recorder(record, 'b'));
        act = () => {
          subscription.unsubscribe();
        };
        other.next('y');
        expect(record.length).toBe(2);
      });
    }
  });

  describe('holds a permit', () => {
    it('until a promise has settled, although it was unsubscribed', async () => {
      const semaphore = new Semaphore(1);
      let settle: (value: number) => void = () => undefined;
      const promise = new Promise<number>((resolve) => {
        settle = resolve;
      });
      of(0)
        .pipe(throttleBySemaphore(semaphore, () => promise))
        .subscribe()
        .unsubscribe();
      expect(semaphore.available).toBe(0);
      settle(1);
      await promise;
      expect(semaphore.available).toBe(1);
    });

    it('for no subscriber that is closed when it subscribes', () => {
      const semaphore = new Semaphore(1);
      let subscribed = false;
      new Observable((subscriber) => {
        subscriber.unsubscribe();
        new Observable(() => {
          subscribed = true;
        })
          .pipe(throttleBySemaphore(semaphore, () => NEVER))
          .subscribe(subscriber);
      }).subscribe();
      expect(subscribed).toBeFalse();
      expect(semaphore.available).toBe(1);
    });
  });

  describe('compared with mergeMap', () => {
    it('runs all synchronous tasks, where mergeMap(f, 1) of RxJS 7.8 stops silently', async () => {
      const gate = new Subject<number>();
      let merged = 0;
      merge(gate, range(1, 10_000))
        .pipe(mergeMap((value) => (value === 1 ? gate : of(value)), 1))
        .subscribe({ next: () => merged++, error: () => undefined });
      // RxJS sometimes reports the stack overflow that it swallowed.
      await unhandledDuring(() => {
        gate.complete();
      });
      // If this fails, RxJS has changed: remove the sentence about it from docs/why-not.md.
      expect(merged).toBeLessThan(9_999);

      const semaphore = new Semaphore(1);
      let throttled = 0;
      const ownGate = new Subject<number>();
      range(1, 10_000)
        .pipe(throttleBySemaphore(semaphore, (value) => (value === 1 ? ownGate : of(value))))
        .subscribe(() => throttled++);
      ownGate.complete();
      expect(throttled).toBe(9_999);
    });
  });

  describe('without a project', () => {
    itMarbles('subscribes to as many sources as there are units', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(2);
      const first = cold('  ---a|       ');
      const second = cold(' -----b|     ');
      const third = cold('      --c|    ');
      const thirdSubs = '   ----^--!    ';
      const expected1 = '   ---a|       ';
      const expected2 = '   -----b|     ';
      const expected3 = '   ------c|    ';
      const throttled = throttleBySemaphore<string>(semaphore);
      expectObservable(first.pipe(throttled)).toBe(expected1);
      expectObservable(second.pipe(throttled)).toBe(expected2);
      expectObservable(third.pipe(throttled)).toBe(expected3);
      expectSubscriptions(third.subscriptions).toBe(thirdSubs);
    });

    it('accepts the options of withLock', () => {
      const semaphore = new Semaphore(2);
      const record: string[] = [];
      NEVER.pipe(throttleBySemaphore(semaphore, { weight: 2 })).subscribe();
      of('x')
        .pipe(throttleBySemaphore(semaphore, { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'skip'));
      of('x')
        .pipe(throttleBySemaphore(semaphore, { until: of(0) }))
        .subscribe(recorder(record, 'until'));
      expect(record).toEqual(['skip: complete', 'until: TimeoutError']);
    });
  });
});
