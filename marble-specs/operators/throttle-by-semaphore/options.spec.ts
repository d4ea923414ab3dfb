import { concat, EMPTY, map, NEVER, type Observable, of, Subject } from 'rxjs';
import { BoundedSemaphore, Lock, Semaphore, type Acquirable } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';

import { ForeignLock } from '../../support/foreign.js';
import { itMarbles } from '../../support/marbles.js';
import { recorder } from '../../support/recorder.js';

describe('throttleBySemaphore with options', () => {
  describe('with ordered: true', () => {
    itMarbles('emits in the order of the values', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(2);
      const source = cold('  --a-b-c------------|');
      const task = cold('      x---x|            ');
      const subs = [
        '                    --^----!            ',
        '                    ----^----!          ',
        '                    -------^----!       ',
      ];
      const expected = '     --a---abbc-c-------|';
      const project = (value: string) => task.pipe(map(() => value));
      expectObservable(source.pipe(throttleBySemaphore(semaphore, project, { ordered: true }))).toBe(expected);
      expectSubscriptions(task.subscriptions).toBe(subs);
    });

    it('emits a kept output before one that its task emits meanwhile', () => {
      const semaphore = new Semaphore(3);
      const gates = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
      const record: string[] = [];
      let late = false;
      of(0, 1, 2)
        .pipe(throttleBySemaphore(semaphore, (value) => gates[value] ?? EMPTY, { ordered: true }))
        .subscribe({
          next: (value) => {
            record.push(value);
            if (!late) {
              late = true;
              gates[1]?.next('b3');
              gates[2]?.complete();
              gates[1]?.complete();
            }
          },
          complete: () => record.push('complete'),
        });
      gates[1]?.next('b1');
      gates[1]?.next('b2');
      gates[2]?.next('c1');
      gates[0]?.complete();
      expect(record).toEqual(['b1', 'b2', 'b3', 'c1', 'complete']);
    });

    it('emits in the order of the values although a weight callback makes the source emit the next one', () => {
      const source = new Subject<number>();
      const record: string[] = [];
      const weight = (value: number): number => {
        if (value === 1) {
          source.next(2);
        }
        return 1;
      };
      source
        .pipe(throttleBySemaphore(new Semaphore(2), (value) => of(value), { weight, ordered: true }))
        .subscribe(recorder(record, 'a'));
      source.next(1);
      expect(record).toEqual(['a: 1', 'a: 2']);
    });
  });

  describe('with a weight', () => {
    itMarbles(
      'runs the tasks that fit together, and lets no light value overtake a heavy one',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const semaphore = new Semaphore(2);
        const source = cold('  121---------|');
        const task = cold('    --x|         ');
        const subs = [
          '                    ^--!         ',
          '                    ---^--!      ',
          '                    ------^--!   ',
        ];
        const expected = '     --1--2--1---|';
        const project = (value: string) => task.pipe(map(() => value));
        const throttled = throttleBySemaphore(semaphore, project, { weight: (value) => Number(value) });
        expectObservable(source.pipe(throttled)).toBe(expected);
        expectSubscriptions(task.subscriptions).toBe(subs);
      },
    );

    it('holds as many units as the weight of the value', () => {
      const semaphore = new BoundedSemaphore(5);
      const weights: number[] = [];
      const source = new Subject<number>();
      source
        .pipe(
          throttleBySemaphore(semaphore, () => NEVER, {
            weight: (value, index) => {
              weights.push(value, index);
              return value;
            },
          }),
        )
        .subscribe({ error: () => undefined });
      source.next(2);
      source.next(3);
      source.next(1);
      expect(weights).toEqual([2, 0, 3, 1, 1, 2]);
      expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
    });

    it('fails downstream when the weight is malformed or above the bound, or when its callback throws', () => {
      const failing: Record<string, (value: number) => number> = {
        malformed: () => 0.5,
        'above the bound': () => 6,
        throws: () => {
          throw new TypeError('weight');
        },
      };
      const record: string[] = [];
      for (const [name, weight] of Object.entries(failing)) {
        const semaphore = new BoundedSemaphore(5);
        concat(of(1), NEVER)
          .pipe(throttleBySemaphore(semaphore, () => NEVER, { weight }))
          .subscribe(recorder(record, name));
        expect(semaphore.value).toEqual({ available: 5, waiting: 0 });
      }
      expect(record).toEqual(['malformed: RangeError', 'above the bound: RangeError', 'throws: TypeError']);
    });

    it('says in the message what is malformed about a weight', () => {
      const messages: string[] = [];
      of(1)
        .pipe(throttleBySemaphore(new Semaphore(1), () => NEVER, { weight: () => 0.5 }))
        .subscribe({ error: ({ message }: Error) => messages.push(message) });
      expect(messages).toEqual(['weight must be an integer of at least 1, but is 0.5']);
    });
  });

  describe('with a priority', () => {
    itMarbles('starts the task of a value with a higher priority first', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(1);
      const source = cold('  123-----------|');
      const task = cold('    ---x|          ');
      const subs = [
        '                    ^---!          ',
        '                    ----^---!      ',
        '                    --------^---!  ',
      ];
      const expected = '     ---1---3---2--|';
      const project = (value: string) => task.pipe(map(() => value));
      const throttled = throttleBySemaphore(semaphore, project, { priority: (value) => Number(value) });
      expectObservable(source.pipe(throttled)).toBe(expected);
      expectSubscriptions(task.subscriptions).toBe(subs);
    });

    it('compares priorities across streams', () => {
      const semaphore = new Semaphore(1);
      const holder = semaphore.tryAcquire();
      const record: string[] = [];
      of('low', 'high', 'low too')
        .pipe(
          throttleBySemaphore(semaphore, (value) => of(value), {
            priority: (value, index) => (value === 'high' ? 1 : -index),
          }),
        )
        .subscribe((value) => record.push(value));
      of('highest')
        .pipe(throttleBySemaphore(semaphore, { priority: 2 }))
        .subscribe((value) => record.push(value));
      of('as high')
        .pipe(throttleBySemaphore(semaphore, (value) => of(value), { priority: 1 }))
        .subscribe((value) => record.push(value));
      holder?.release();
      expect(record).toEqual(['highest', 'high', 'as high', 'low', 'low too']);
    });

    it('fails downstream when the priority is malformed, its callback throws, or the primitive has no priorities', () => {
      const record: string[] = [];
      const run = (name: string, acquirable: Acquirable, priority: () => number): void => {
        of(1)
          .pipe(throttleBySemaphore(acquirable, () => of(1), { priority }))
          .subscribe({
            error: (error: Error) => record.push(`${name}: ${error.name}: ${error.message}`),
          });
      };
      run('malformed', new Semaphore(), () => NaN);
      run('throws', new Semaphore(), () => {
        throw new TypeError('priority');
      });
      run('a lock', new Lock(), () => 1);
      expect(record).toEqual([
        'malformed: RangeError: priority must be a number, but is NaN',
        'throws: TypeError: priority',
        'a lock: RangeError: cannot acquire lock with a priority: it has no priorities',
      ]);
      expect(() => throttleBySemaphore(new Semaphore(), () => of(1), { priority: NaN })).toThrowError(
        RangeError,
        'priority must be a number, but is NaN',
      );
    });
  });

  describe('with whenBusy', () => {
    itMarbles("'skip' drops the values that would have to wait", ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(1);
      const source = cold('  ab---c-d---|');
      const task = cold('    ---x|       ');
      const subs = ['                    ^---!       ', '                    -----^---!  '];
      const expected = '     ---a----c--|';
      const project = (value: string) => task.pipe(map(() => value));
      expectObservable(source.pipe(throttleBySemaphore(semaphore, project, { whenBusy: 'skip' }))).toBe(expected);
      expectSubscriptions(task.subscriptions).toBe(subs);
    });

    itMarbles("'error' fails at the first value that would have to wait", ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(1);
      const source = cold('  a----b------');
      const task = cold('    --x---------');
      const sourceSubs = '   ^----!      ';
      const taskSubs = '     ^----!      ';
      const expected = '     --x--#      ';
      const busy = jasmine.objectContaining({ name: 'BusyError' });
      const throttled = throttleBySemaphore(semaphore, () => task, { whenBusy: 'error' });
      expectObservable(source.pipe(throttled)).toBe(expected, undefined, busy);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(task.subscriptions).toBe(taskSubs);
    });
  });

  for (const ordered of [false, true]) {
    describe(ordered ? 'with ordered' : 'without ordered', () => {
      it("drops a value that would have to wait, with whenBusy: 'skip'", () => {
        const semaphore = new Semaphore(1);
        const source = new Subject<number>();
        const gates = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
        const record: string[] = [];
        source
          .pipe(throttleBySemaphore(semaphore, (_value, index) => gates[index] ?? EMPTY, { whenBusy: 'skip', ordered }))
          .subscribe(recorder(record, 'a'));
        source.next(0);
        source.next(1);
        gates[0]?.next('first');
        gates[0]?.complete();
        source.next(2);
        source.complete();
        gates[2]?.next('third');
        gates[2]?.complete();
        expect(gates[1]?.observed).toBeFalse();
        expect(record).toEqual(['a: first', 'a: third', 'a: complete']);
      });

      it("fails when a value would have to wait, with whenBusy: 'error'", () => {
        const semaphore = new Semaphore(1, { name: 'slots' });
        const messages: string[] = [];
        concat(of(0, 1), NEVER)
          .pipe(throttleBySemaphore(semaphore, () => NEVER, { whenBusy: 'error', ordered }))
          .subscribe({ error: (error: Error) => messages.push(`${error.name}: ${error.message}`) });
        expect(messages).toEqual(['BusyError: cannot acquire semaphore "slots": it is busy']);
        expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
      });

      it('waits in the queue of an Acquirable of other code', () => {
        const lock = new ForeignLock();
        const gates = [new Subject<string>(), new Subject<string>()];
        const record: string[] = [];
        of(0, 1)
          .pipe(throttleBySemaphore(lock, (value) => gates[value] ?? EMPTY, { ordered }))
          .subscribe(recorder(record, 'a'));
        expect(lock.waiting).toBe(1);
        gates[0]?.next('first');
        gates[0]?.complete();
        gates[1]?.next('second');
        gates[1]?.complete();
        expect(record).toEqual(['a: first', 'a: second', 'a: complete']);
        expect(lock.locked).toBeFalse();
        const left = of(0, 1)
          .pipe(throttleBySemaphore(lock, () => NEVER, { ordered }))
          .subscribe();
        left.unsubscribe();
        expect(lock.waiting).toBe(0);
        expect(lock.locked).toBeFalse();
      });
    });
  }

  describe('throws at the call for', () => {
    it('an argument that cannot be acquired', () => {
      expect(() => throttleBySemaphore(undefined as unknown as Semaphore)).toThrowError(
        TypeError,
        'throttleBySemaphore needs something with an acquire() method, but got undefined',
      );
    });

    it('a second argument that is neither a function nor options', () => {
      for (const second of [null, 5, 'x']) {
        expect(() => throttleBySemaphore(new Semaphore(), second as unknown as () => Observable<never>)).toThrowError(
          TypeError,
          `the second argument of throttleBySemaphore, unless it is a function, must be an object, but is ${typeof second === 'string' ? `"${second}"` : String(second)}`,
        );
      }
    });

    it('malformed options', () => {
      const semaphore = new Semaphore();
      expect(() => throttleBySemaphore(semaphore, () => EMPTY, { weight: -1 })).toThrowError(RangeError);
      expect(() => throttleBySemaphore(semaphore, { weight: 1.5 })).toThrowError(RangeError);
      const mute = { acquire: () => NEVER };
      const reason = "throttleBySemaphore with whenBusy: 'skip' needs something with a tryAcquire() method";
      expect(() => throttleBySemaphore(mute, () => EMPTY, { whenBusy: 'skip' })).toThrowError(TypeError, reason);
      expect(() => throttleBySemaphore(mute, { whenBusy: 'skip' })).toThrowError(TypeError, reason);
      const until = { until: NEVER } as object;
      expect(() => throttleBySemaphore(semaphore, () => EMPTY, until)).toThrowError(
        TypeError,
        'throttleBySemaphore with a project takes no option until: it takes weight, priority, label, whenBusy, ordered',
      );
    });
  });
});
