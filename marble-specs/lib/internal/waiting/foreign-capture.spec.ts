import { of, Subject, type Observable } from 'rxjs';
import {
  Barrier,
  BoundedSemaphore,
  captureContext,
  Condition,
  Event,
  KeyedLock,
  Lock,
  ReadWriteLock,
  Semaphore,
  type Permit,
} from 'rxjs-locks';
import { concatMapByKey, exhaustMapLatest, gateByEvent, throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { ForeignLock } from '../../../support/foreign.js';
import { recorder } from '../../../support/recorder.js';
import { unhandledDuring } from '../../../support/unhandled.js';

/** A capture is foreign code: it may call any method while it captures a context, and while it restores one. */
describe('A context capture', () => {
  afterEach(() => {
    captureContext(undefined);
  });

  /** Calls `act` once, during the next capture. */
  function duringNextCapture(act: () => void): void {
    captureContext(() => {
      captureContext(undefined);
      act();
      return (task) => {
        task();
      };
    });
  }

  describe('that calls a primitive', () => {
    it('fails its waiter if it fills the queue up to maxWaiting', () => {
      const lock = new Lock({ maxWaiting: 1 });
      lock.tryAcquire();
      duringNextCapture(() => {
        lock.acquire().subscribe();
      });
      const record: string[] = [];
      lock.acquire().subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: QueueFullError']);
      expect(lock.waiting).toBe(1);
    });

    it('fails its waiter if it fills the queue of a condition up to maxWaiting', () => {
      const condition = new Condition(undefined, { maxWaiting: 1 });
      const record: string[] = [];
      duringNextCapture(() => {
        condition.wait().subscribe();
        condition.tryAcquire();
      });
      condition.tryAcquire();
      condition.wait().subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: QueueFullError']);
      expect(condition.waiting).toBe(1);
    });

    it('fails its waiter, and blocks no other waiter, if it lowers the bound below the weight of its waiter', () => {
      const semaphore = new BoundedSemaphore(3);
      const permit = semaphore.tryAcquire();
      duringNextCapture(() => {
        semaphore.resize(2);
      });
      const record: string[] = [];
      semaphore.acquire(3).subscribe(recorder(record, 'a'));
      semaphore.acquire(1).subscribe(recorder(record, 'b'));
      expect(record).toEqual(['a: RangeError', 'b: permit', 'b: complete']);
      permit?.release();
      expect(semaphore.waiting).toBe(0);
    });

    it('fails its waiter if it closes the primitive', () => {
      const record: string[] = [];
      const lock = new Lock();
      const event = new Event();
      const locks = new KeyedLock<string>();
      const shared = new ReadWriteLock();
      lock.tryAcquire();
      locks.get('x').tryAcquire();
      shared.write.tryAcquire();
      const primitives = [
        [lock, lock.acquire()],
        [event, event.wait()],
        [locks, locks.get('x').acquire()],
        [shared, shared.read.acquire()],
      ] as const;
      for (const [primitive, wait] of primitives) {
        duringNextCapture(() => {
          primitive.complete();
        });
        (wait as Observable<unknown>).subscribe(recorder(record, 'a'));
        expect(primitive.waiting).toBe(0);
      }
      expect(record).toEqual(['a: ClosedError', 'a: ClosedError', 'a: ClosedError', 'a: ClosedError']);
    });

    it('fails its waiter if it aborts the barrier', () => {
      const barrier = new Barrier(2);
      const record: string[] = [];
      duringNextCapture(() => {
        barrier.abort();
      });
      barrier.wait().subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: BrokenBarrierError']);
      expect(barrier.waiting).toBe(0);
    });

    it('grants its waiter at once if it releases the permit', () => {
      const lock = new Lock();
      const permit = lock.tryAcquire();
      duringNextCapture(() => permit?.release());
      const record: string[] = [];
      lock.acquire().subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: permit', 'a: complete']);
      expect(lock.waiting).toBe(0);
    });

    it('lets the stream emit a kept value at once if it sets the event of a gate, or completes the running task', () => {
      const event = new Event();
      const source = new Subject<string>();
      const record: string[] = [];
      source.pipe(gateByEvent(event)).subscribe(recorder(record, 'gate'));
      duringNextCapture(() => {
        event.set();
      });
      source.next('x');
      const task = new Subject<string>();
      source.pipe(exhaustMapLatest((value) => (value === 'y' ? task : of(value)))).subscribe(recorder(record, 'latest'));
      source.next('y');
      duringNextCapture(() => {
        task.complete();
      });
      source.next('z');
      expect(record).toEqual(['gate: x', 'gate: y', 'gate: z', 'latest: z']);
    });

    it("gives a later value a task of its own if it starts the task of the earlier value, with keep: 'latest'", () => {
      const locks = new KeyedLock<string>();
      const permit = locks.get('k').tryAcquire();
      const source = new Subject<string>();
      const record: string[] = [];
      source
        .pipe(
          concatMapByKey(
            () => 'k',
            (value) => of(value),
            { locks, keep: 'latest' },
          ),
        )
        .subscribe(recorder(record, 'a'));
      source.next('x');
      duringNextCapture(() => permit?.release());
      source.next('y');
      expect(record).toEqual(['a: x', 'a: y']);
    });
  });

  describe('that makes a stream emit while it captures or restores the context of a value: each value runs in its own context', () => {
    let current: string;
    let source: Subject<string>;
    let record: string[];

    function run(name: string, task: () => void): void {
      const before = current;
      current = name;
      task();
      current = before;
    }

    /** Emits a value in the context with the name of the value. */
    const emit = (value: string): void => {
      run(value, () => {
        source.next(value);
      });
    };

    const here = (what: string): void => {
      record.push(`${what} in ${current}`);
    };

    type Part = 'capture' | 'restore';
    let due: Partial<Record<Part, () => void>>;

    /** Calls `act` once, in the context 'other', during the next capture or restore. */
    function duringNext(part: Part, act: () => void): void {
      due = { [part]: act };
    }

    function act(part: Part): void {
      const { [part]: isDue } = due;
      if (isDue !== undefined) {
        due = {};
        run('other', isDue);
      }
    }

    beforeEach(() => {
      current = 'outside';
      source = new Subject<string>();
      record = [];
      due = {};
      captureContext(() => {
        const name = current;
        act('capture');
        return (task) => {
          act('restore');
          run(name, task);
        };
      });
    });

    it('exhaustMapLatest, if the running task completes', () => {
      const first = new Subject<string>();
      source.pipe(exhaustMapLatest((value) => (value === 'a' ? first : of(value)))).subscribe(here);
      emit('a');
      duringNext('capture', () => {
        first.complete();
      });
      emit('b');
      expect(record).toEqual(['b in b']);
    });

    it('throttleBySemaphore, ordered, if all tasks and the source complete', () => {
      const [first, second] = [new Subject<string>(), new Subject<string>()];
      const operator = throttleBySemaphore(new BoundedSemaphore(2), (value: string) => (value === 'a' ? first : second), {
        ordered: true,
      });
      source.pipe(operator).subscribe({ next: here, complete: () => record.push('complete') });
      emit('a');
      emit('b');
      duringNext('capture', () => {
        first.complete();
        second.complete();
        source.complete();
      });
      run('emitter', () => {
        second.next('x');
      });
      expect(record).toEqual(['x in emitter', 'complete']);
    });

    it('gateByEvent, if the event is set, with an empty queue and with values in the queue', () => {
      for (const values of [['a', 'b'], ['b']]) {
        const event = new Event();
        record = [];
        source = new Subject<string>();
        source.pipe(gateByEvent(event)).subscribe(here);
        values.slice(0, -1).forEach(emit);
        duringNext('capture', () => {
          event.set();
          emit('c');
        });
        emit('b');
        expect(record).toEqual([...values, 'c'].map((value) => `${value} in ${value}`));
      }
    });

    for (const part of ['capture', 'restore'] as const) {
      it(`concatMapByKey, keep: 'latest', if the source emits during the ${part}`, () => {
        const locks = new KeyedLock<string>();
        const permit = locks.get('k').tryAcquire();
        source
          .pipe(
            concatMapByKey(
              () => 'k',
              (value) => of(value),
              { locks, keep: 'latest' },
            ),
          )
          .subscribe(here);
        duringNext(part, () => {
          emit('b');
        });
        emit('a');
        permit?.release();
        expect(record).toEqual(part === 'capture' ? ['b in b'] : ['a in a', 'b in b']);
      });
    }
  });

  describe('that throws', () => {
    beforeEach(() => {
      captureContext(() => {
        throw new RangeError('capture');
      });
    });

    it('fails a stream that has to keep a value', () => {
      const event = new Event();
      const locks = new KeyedLock<string>();
      const permit = locks.get('k').tryAcquire();
      const never = new Subject<string>();
      const record: string[] = [];
      const streams = [
        gateByEvent<string>(event),
        exhaustMapLatest(() => never),
        concatMapByKey(
          () => 'k',
          () => never,
          { locks, keep: 'latest' },
        ),
        throttleBySemaphore(locks.get('k'), () => never),
      ];
      for (const operator of streams) {
        of('x', 'y').pipe(operator).subscribe(recorder(record, 'a'));
      }
      expect(record).toEqual(['a: RangeError', 'a: RangeError', 'a: RangeError', 'a: RangeError']);
      expect([event.waiting, locks.waiting, never.observed]).toEqual([0, 0, false]);
      permit?.release();
    });

    it('fails a stream that has to keep an output', () => {
      const tasks = [new Subject<string>(), new Subject<string>()];
      const record: string[] = [];
      of(0, 1)
        .pipe(throttleBySemaphore(new BoundedSemaphore(2), (index) => tasks[index] ?? [], { ordered: true }))
        .subscribe(recorder(record, 'a'));
      tasks[1]?.next('x');
      expect(record).toEqual(['a: RangeError']);
      expect(tasks.some(({ observed }) => observed)).toBeFalse();
    });
  });

  /** Contexts that do not run their task: what they do, the error of their waiter, and the context. */
  const brokenContexts: readonly (readonly [string, string, (task: () => void) => void])[] = [
    [
      'throws before it runs its task',
      'RangeError',
      () => {
        throw new RangeError('this context is gone');
      },
    ],
    ['does not run its task', 'TypeError', () => undefined],
  ];

  for (const [what, error, restore] of brokenContexts) {
    describe(`whose context ${what}`, () => {
      /** Subscribes with a broken context, and then another waiter without a context. */
      function subscribeBoth(source: Observable<unknown>, other: Observable<unknown>, record: string[]): void {
        captureContext(() => restore);
        source.subscribe(recorder(record, 'broken'));
        captureContext(undefined);
        other.subscribe(recorder(record, 'next'));
      }

      it('fails its waiter, and passes the permit on', () => {
        const locks: [Permit | null, () => Observable<unknown>, () => boolean][] = [];
        const lock = new Lock();
        locks.push([lock.tryAcquire(), () => lock.acquire(), () => lock.locked()]);
        const foreign = new ForeignLock();
        locks.push([foreign.tryAcquire(), () => of('x').pipe(withLock(foreign)), () => foreign.locked]);
        const bounded = new BoundedSemaphore();
        locks.push([bounded.tryAcquire(), () => bounded.use(() => of('x')), () => bounded.locked()]);
        const key = new KeyedLock().get('x');
        locks.push([key.tryAcquire(), () => of('x').pipe(throttleBySemaphore(key, (value) => [value])), () => key.locked()]);
        for (const [permit, wait, isLocked] of locks) {
          const record: string[] = [];
          subscribeBoth(wait(), wait(), record);
          permit?.release();
          expect(record).toContain(`broken: ${error}`);
          expect(record).toContain('next: complete');
          expect(isLocked()).toBe(wait() === lock.acquire());
        }
      });

      it('fails a wait for a condition, and passes the lock and the notification on', async () => {
        const condition = new Condition();
        const record: string[] = [];
        const wait = (): Observable<unknown> => condition.use((permit) => condition.wait({ permit }));
        const errors = await unhandledDuring(() => {
          subscribeBoth(wait(), wait(), record);
          condition.tryAcquire();
          condition.notify();
          condition.release();
        });
        expect(errors.length).toBe(1); // its section has the same context, and loses its permit
        expect(record).toEqual([`broken: ${error}`, 'next: true', 'next: complete']);
        expect(condition.locked()).toBeFalse();
      });

      it('is reported if its waiter fails anyway, and leaves the waiter its own error', async () => {
        const lock = new Lock();
        lock.tryAcquire();
        const record: string[] = [];
        const errors = await unhandledDuring(() => {
          subscribeBoth(lock.acquire(), lock.acquire(), record);
          lock.cancelWaiters();
        });
        expect(record).toEqual(['broken: CancelledError', 'next: CancelledError']);
        expect(errors.map((each) => (each as Error).name)).toEqual([error]);
      });

      it('fails the stream that kept a value', () => {
        const event = new Event();
        const record: string[] = [];
        captureContext(() => {
          captureContext(undefined);
          return restore;
        });
        of('x', 'y').pipe(gateByEvent(event)).subscribe(recorder(record, 'broken'));
        event.wait().subscribe(recorder(record, 'next'));
        event.set();
        expect(record).toEqual([`broken: ${error}`, 'next: true', 'next: complete']);
        expect(event.waiting).toBe(0);
      });
    });
  }

  describe('whose context', () => {
    it('passes the permit on, and reports nothing, if it unsubscribes its waiter and then runs its task', () => {
      const lock = new Lock();
      const permit = lock.tryAcquire();
      const record: string[] = [];
      captureContext(() => (task) => {
        waiting.unsubscribe();
        task();
      });
      const waiting = lock.acquire().subscribe(recorder(record, 'a'));
      captureContext(undefined);
      lock.acquire().subscribe(recorder(record, 'b'));
      permit?.release();
      expect(record).toEqual(['b: permit', 'b: complete']);
    });

    it('passes the permit on, and is reported, if it unsubscribes its waiter and then throws', async () => {
      const lock = new Lock();
      const permit = lock.tryAcquire();
      const record: string[] = [];
      const errors = await unhandledDuring(() => {
        captureContext(() => () => {
          waiting.unsubscribe();
          throw new RangeError('this context is gone');
        });
        const waiting = lock.acquire().subscribe(recorder(record, 'a'));
        permit?.release();
      });
      expect(record).toEqual([]);
      expect(lock.locked()).toBeFalse();
      expect(errors).toEqual([new RangeError('this context is gone')]);
    });

    it('grants its waiter once if it runs its task twice, and is reported if it throws after that', async () => {
      const lock = new Lock();
      const permit = lock.tryAcquire();
      const record: string[] = [];
      const errors = await unhandledDuring(() => {
        captureContext(() => (task) => {
          task();
          task();
          throw new RangeError('after');
        });
        lock.acquire().subscribe(recorder(record, 'a'));
        permit?.release();
      });
      expect(record).toEqual(['a: permit', 'a: complete']);
      expect(errors).toEqual([new RangeError('after')]);
    });

    it('does not run its task after it has returned: the stream has failed', () => {
      let late: () => void = () => undefined;
      captureContext(() => (task) => {
        late = task;
      });
      const source = new Subject<string>();
      const first = new Subject<string>();
      const record: string[] = [];
      source
        .pipe(
          exhaustMapLatest((value) => {
            record.push(`${value} begins`);
            return first;
          }),
        )
        .subscribe(recorder(record, 'a'));
      source.next('x');
      source.next('y');
      first.complete();
      late();
      expect(record).toEqual(['x begins', 'a: TypeError']);
    });

    it('does not fail the stream if it throws after it has emitted an output: throttleBySemaphore, ordered', () => {
      const tasks = [new Subject<string>(), new Subject<string>()];
      const record: string[] = [];
      of(0, 1)
        .pipe(throttleBySemaphore(new Semaphore(2), (index) => tasks[index] ?? [], { ordered: true }))
        .subscribe(recorder(record, 'a'));
      captureContext(() => (task) => {
        task();
        throw new RangeError('after');
      });
      tasks[1]?.next('x');
      tasks[1]?.complete();
      expect(() => tasks[0]?.complete()).toThrowError('after');
      expect(record).toEqual(['a: x', 'a: complete']);
    });
  });
});
