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

/** A capture is foreign code: it may do anything as it captures, and as it restores. */
describe('A context capture', () => {
  afterEach(() => {
    captureContext(undefined);
  });

  /** Does something once, as the next context is captured. */
  function asItCaptures(act: () => void): void {
    captureContext(() => {
      captureContext(undefined);
      act();
      return (task) => {
        task();
      };
    });
  }

  describe('that acts as it captures', () => {
    it('fills the line: the one for whom it was captured finds it full, where maxWaiting is reached', () => {
      const lock = new Lock({ maxWaiting: 1 });
      lock.tryAcquire();
      asItCaptures(() => {
        lock.acquire().subscribe();
      });
      const record: string[] = [];
      lock.acquire().subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: QueueFullError']);
      expect(lock.waiting).toBe(1);
    });

    it('fills the line of a condition: likewise', () => {
      const condition = new Condition(undefined, { maxWaiting: 1 });
      const record: string[] = [];
      asItCaptures(() => {
        condition.wait().subscribe();
        condition.tryAcquire();
      });
      condition.tryAcquire();
      condition.wait().subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: QueueFullError']);
      expect(condition.waiting).toBe(1);
    });

    it('lowers a bound: one whose weight is above it by then fails, and blocks nobody', () => {
      const semaphore = new BoundedSemaphore(3);
      const permit = semaphore.tryAcquire();
      asItCaptures(() => {
        semaphore.resize(2);
      });
      const record: string[] = [];
      semaphore.acquire(3).subscribe(recorder(record, 'a'));
      semaphore.acquire(1).subscribe(recorder(record, 'b'));
      expect(record).toEqual(['a: RangeError', 'b: permit', 'b: complete']);
      permit?.release();
      expect(semaphore.waiting).toBe(0);
    });

    it('closes: nobody waits', () => {
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
        asItCaptures(() => {
          primitive.complete();
        });
        (wait as Observable<unknown>).subscribe(recorder(record, 'a'));
        expect(primitive.waiting).toBe(0);
      }
      expect(record).toEqual(['a: ClosedError', 'a: ClosedError', 'a: ClosedError', 'a: ClosedError']);
    });

    it('aborts a barrier: nobody waits', () => {
      const barrier = new Barrier(2);
      const record: string[] = [];
      asItCaptures(() => {
        barrier.abort();
      });
      barrier.wait().subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: BrokenBarrierError']);
      expect(barrier.waiting).toBe(0);
    });

    it('releases: the one for whom it was captured goes in', () => {
      const lock = new Lock();
      const permit = lock.tryAcquire();
      asItCaptures(() => permit?.release());
      const record: string[] = [];
      lock.acquire().subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: permit', 'a: complete']);
      expect(lock.waiting).toBe(0);
    });

    it('sets the event of a gate, or ends the work before: what is kept goes on at once', () => {
      const event = new Event();
      const source = new Subject<string>();
      const record: string[] = [];
      source.pipe(gateByEvent(event)).subscribe(recorder(record, 'gate'));
      asItCaptures(() => {
        event.set();
      });
      source.next('x');
      const work = new Subject<string>();
      source.pipe(exhaustMapLatest((value) => (value === 'y' ? work : of(value)))).subscribe(recorder(record, 'latest'));
      source.next('y');
      asItCaptures(() => {
        work.complete();
      });
      source.next('z');
      expect(record).toEqual(['gate: x', 'gate: y', 'gate: z', 'latest: z']);
    });

    it("begins the work whose value it is to replace: the later value has a work of its own, with keep: 'latest'", () => {
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
      asItCaptures(() => permit?.release());
      source.next('y');
      expect(record).toEqual(['a: x', 'a: y']);
    });
  });

  describe('that lets a value go on while the context of it is captured or restored: it goes on in its own context alone', () => {
    let current: string;
    let source: Subject<string>;
    let record: string[];

    function run(name: string, task: () => void): void {
      const before = current;
      current = name;
      task();
      current = before;
    }

    /** Emits a value in a context of its name. */
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

    /** Does something once, in the context of another: as the next context is captured, or is restored. */
    function meanwhile(part: Part, act: () => void): void {
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
      current = 'nobody';
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

    it('exhaustMapLatest', () => {
      const first = new Subject<string>();
      source.pipe(exhaustMapLatest((value) => (value === 'a' ? first : of(value)))).subscribe(here);
      emit('a');
      meanwhile('capture', () => {
        first.complete();
      });
      emit('b');
      expect(record).toEqual(['b in b']);
    });

    it('throttleBySemaphore, ordered', () => {
      const [first, second] = [new Subject<string>(), new Subject<string>()];
      const works = throttleBySemaphore(new BoundedSemaphore(2), (value: string) => (value === 'a' ? first : second), {
        ordered: true,
      });
      source.pipe(works).subscribe({ next: here, complete: () => record.push('complete') });
      emit('a');
      emit('b');
      meanwhile('capture', () => {
        first.complete();
        second.complete();
        source.complete();
      });
      run('emitter', () => {
        second.next('x');
      });
      expect(record).toEqual(['x in emitter', 'complete']);
    });

    it('gateByEvent, where it waits for the event, and where it does not yet', () => {
      for (const values of [['a', 'b'], ['b']]) {
        const event = new Event();
        record = [];
        source = new Subject<string>();
        source.pipe(gateByEvent(event)).subscribe(here);
        values.slice(0, -1).forEach(emit);
        meanwhile('capture', () => {
          event.set();
          emit('c');
        });
        emit('b');
        expect(record).toEqual([...values, 'c'].map((value) => `${value} in ${value}`));
      }
    });

    for (const part of ['capture', 'restore'] as const) {
      it(`concatMapByKey, keep: 'latest', where another value comes at its ${part}`, () => {
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
        meanwhile(part, () => {
          emit('b');
        });
        emit('a');
        permit?.release();
        expect(record).toEqual(part === 'capture' ? ['b in b'] : ['a in a', 'b in b']);
      });
    }
  });

  describe('that throws as it captures', () => {
    beforeEach(() => {
      captureContext(() => {
        throw new RangeError('capture');
      });
    });

    it('is the error of a stream that was to keep a value', () => {
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

    it('is the error of a stream that was to keep an output', () => {
      const works = [new Subject<string>(), new Subject<string>()];
      const record: string[] = [];
      of(0, 1)
        .pipe(throttleBySemaphore(new BoundedSemaphore(2), (index) => works[index] ?? [], { ordered: true }))
        .subscribe(recorder(record, 'a'));
      works[1]?.next('x');
      expect(record).toEqual(['a: RangeError']);
      expect(works.some(({ observed }) => observed)).toBeFalse();
    });
  });

  /** What is captured throws as it is restored, returns without a word, or runs its task twice. */
  const broken: readonly (readonly [string, string, (task: () => void) => void])[] = [
    [
      'throws before it runs its task',
      'RangeError',
      () => {
        throw new RangeError('this context is gone');
      },
    ],
    ['does not run its task', 'TypeError', () => undefined],
  ];

  for (const [what, error, restore] of broken) {
    describe(`whose context ${what}`, () => {
      /** Subscribes with a broken context, in front of another waiter whose context is whole. */
      function waitsFor(source: Observable<unknown>, other: Observable<unknown>, record: string[]): void {
        captureContext(() => restore);
        source.subscribe(recorder(record, 'broken'));
        captureContext(undefined);
        other.subscribe(recorder(record, 'next'));
      }

      it('fails its waiter, and the permit passes on', () => {
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
          waitsFor(wait(), wait(), record);
          permit?.release();
          expect(record).toContain(`broken: ${error}`);
          expect(record).toContain('next: complete');
          expect(isLocked()).toBe(wait() === lock.acquire());
        }
      });

      it('fails its wait in a condition, and passes on the lock and the notification', async () => {
        const condition = new Condition();
        const record: string[] = [];
        const wait = (): Observable<unknown> => condition.use((permit) => condition.wait({ permit }));
        const errors = await unhandledDuring(() => {
          waitsFor(wait(), wait(), record);
          condition.tryAcquire();
          condition.notify();
          condition.release();
        });
        expect(errors.length).toBe(1); // its section has the same context, and loses its permit
        expect(record).toEqual([`broken: ${error}`, 'next: true', 'next: complete']);
        expect(condition.locked()).toBeFalse();
      });

      it('is reported, where its waiter fails in any case, and hears why', async () => {
        const lock = new Lock();
        lock.tryAcquire();
        const record: string[] = [];
        const errors = await unhandledDuring(() => {
          waitsFor(lock.acquire(), lock.acquire(), record);
          lock.cancelWaiters();
        });
        expect(record).toEqual(['broken: CancelledError', 'next: CancelledError']);
        expect(errors.map((each) => (each as Error).name)).toEqual([error]);
      });

      it('fails the stream whose value was kept', () => {
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

  it('passes on what its waiter was promised, and reports nothing, where it left as its context was restored', () => {
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

  it('whose waiter left, and which throws then, is reported', async () => {
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

  it('that runs its task twice lets one in once, and what throws after the task is reported', async () => {
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

  it('that runs its task after it has returned, does not run it any more: the stream has failed', () => {
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

  it('that throws after an output was handed on in it, ends no stream before its end: throttleBySemaphore, ordered', () => {
    const works = [new Subject<string>(), new Subject<string>()];
    const record: string[] = [];
    of(0, 1)
      .pipe(throttleBySemaphore(new Semaphore(2), (index) => works[index] ?? [], { ordered: true }))
      .subscribe(recorder(record, 'a'));
    captureContext(() => (task) => {
      task();
      throw new RangeError('after');
    });
    works[1]?.next('x');
    works[1]?.complete();
    expect(() => works[0]?.complete()).toThrowError('after');
    expect(record).toEqual(['a: x', 'a: complete']);
  });
});
