import { map, merge, NEVER, of, Subject, Subscription, take, toArray, type Observable } from 'rxjs';
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  KeyedLock,
  Lock,
  ReadWriteLock,
  Semaphore,
  trace,
  type TraceEvent,
} from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { deliveries, insideADelivery } from '../support/deliveries.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

/** A step as it is easiest to compare: `park 2 "b" at 1`. */
function said({ step, waiter, label, place }: TraceEvent): string {
  const name = label === undefined ? '' : ` "${label}"`;
  return `${step}${waiter === undefined ? '' : ` ${String(waiter)}`}${name}${place === undefined ? '' : ` at ${String(place)}`}`;
}

describe('trace', () => {
  function recording(traced: Observable<TraceEvent>): string[] {
    const record: string[] = [];
    traced.subscribe((event) => record.push(said(event)));
    return record;
  }

  describe('A Lock', () => {
    itMarbles('reports each step in its frame', ({ cold, expectObservable }) => {
      const lock = new Lock();
      const first = cold(' ----|    ');
      const second = cold('    ----|');
      const secondSubs = ' -^       ';
      const thirdSubs = '  --^!     ';
      const a = '          ----|    ';
      const b = '          --------|';
      const c = '          ----     ';
      const steps = '      gppc(rg)r';
      expectObservable(trace(lock).pipe(map(({ step }) => step.charAt(0)))).toBe(steps);
      expectObservable(lock.use(() => first)).toBe(a);
      expectObservable(
        lock.use(() => second),
        secondSubs,
      ).toBe(b);
      expectObservable(lock.acquire(), thirdSubs).toBe(c);
    });

    for (const [where, deliver] of deliveries) {
      it(`reports each step in order, with the waiter and its place in the queue, ${where}`, () => {
        const lock = new Lock();
        const record = recording(trace(lock));
        deliver(() => {
          const first = lock.tryAcquire();
          NEVER.pipe(withLock(lock, { label: 'b' })).subscribe();
          lock.acquire().subscribe().unsubscribe();
          lock.acquire({ label: 'd' }).subscribe((permit) => {
            permit.release();
          });
          first?.release();
        });
        lock.release();
        expect(record).toEqual([
          'grant 1',
          'park 2 "b" at 1',
          'park 3 at 2',
          'cancel 3',
          'park 4 "d" at 2',
          'release 1',
          'grant 2 "b"',
          'release 2 "b"',
          'grant 4 "d"',
          'release 4 "d"',
        ]);
      });
    }

    it('reports the state after all steps of one call: a lock that is handed over is never free', () => {
      const lock = new Lock();
      const states: unknown[] = [];
      const first = lock.tryAcquire();
      lock.acquire().subscribe();
      trace(lock).subscribe(({ step, state }) => states.push([step, state]));
      first?.release();
      expect(states).toEqual([
        ['release', { locked: true, waiting: 0 }],
        ['grant', { locked: true, waiting: 0 }],
      ]);
    });

    it('reports a grant that passes on because its subscriber has gone', () => {
      const lock = new Lock();
      const record = recording(trace(lock));
      const first = lock.tryAcquire();
      const second = lock.acquire().subscribe();
      lock.acquire().subscribe();
      insideADelivery(() => {
        first?.release();
        second.unsubscribe();
      });
      expect(record).toEqual(['grant 1', 'park 2 at 1', 'park 3 at 2', 'release 1', 'grant 2', 'cancel 2', 'grant 3']);
    });

    it('reports cancelled waiters and the close, and goes on, since a closed lock is still released', () => {
      const lock = new Lock();
      const record: string[] = [];
      const first = lock.tryAcquire();
      lock.acquire().subscribe({ error: () => undefined });
      trace(lock).pipe(map(said)).subscribe(recorder(record, 't'));
      lock.cancelWaiters();
      lock.acquire().subscribe({ error: () => undefined });
      lock.complete();
      first?.release();
      expect(record).toEqual(['t: cancel 1', 't: park 2 at 1', 't: close', 't: cancel 2', 't: release 3']);
    });
  });

  describe('Other primitives', () => {
    it('reports the places of waiters with a priority, a release without a permit, and a resize', () => {
      const semaphore = new BoundedSemaphore(1);
      const record = recording(trace(semaphore));
      semaphore.tryAcquire();
      semaphore.acquire().subscribe();
      semaphore.acquire({ weight: 2 }).subscribe({ error: () => undefined });
      semaphore.acquire({ priority: 2, label: 'first' }).subscribe();
      semaphore.acquire({ priority: 1, label: 'second' }).subscribe();
      semaphore.release();
      semaphore.resize(2);
      expect(record).toEqual([
        'grant 1',
        'park 2 at 1',
        'park 3 "first" at 1',
        'park 4 "second" at 2',
        'release',
        'grant 3 "first"',
        'resize',
        'grant 4 "second"',
      ]);
    });

    for (const create of [() => new Semaphore(1), () => new BoundedSemaphore(1)]) {
      it(`reports which permit a ${String(create())} gets back`, () => {
        const semaphore = create();
        const record = recording(trace(semaphore));
        const permit = semaphore.tryAcquire({ label: 'a' });
        permit?.release();
        expect(record).toEqual(['grant 1 "a"', 'release 1 "a"']);
      });
    }

    it('reports the steps of an event, and its waiters by their labels', () => {
      const event = new Event();
      const record = recording(trace(event));
      event.wait({ label: 'a' }).subscribe();
      event.set();
      event.wait({ label: 'b' }).subscribe();
      event.clear();
      expect(record).toEqual(['park 1 "a" at 1', 'set', 'grant 1 "a"', 'grant 2 "b"', 'clear']);
    });

    it('reports the cancel of a waiter that an event woke but whose wake-up was not delivered', () => {
      const event = new Event();
      const record = recording(trace(event));
      const second = new Subscription();
      event.wait({ label: 'a' }).subscribe(() => {
        second.unsubscribe();
      });
      second.add(event.wait({ label: 'b' }).subscribe());
      event.set();
      expect(record).toEqual(['park 1 "a" at 1', 'park 2 "b" at 2', 'set', 'grant 1 "a"', 'grant 2 "b"', 'cancel 2 "b"']);
    });

    it('reports the steps of a barrier', () => {
      const barrier = new Barrier(2);
      const record = recording(trace(barrier));
      barrier.wait({ label: 'a' }).subscribe();
      barrier.wait().subscribe();
      barrier.wait().subscribe({ error: () => undefined });
      barrier.abort();
      barrier.reset();
      expect(record).toEqual([
        'park 1 "a" at 1',
        'park 2 at 2',
        'grant 1 "a"',
        'grant 2',
        'park 3 at 1',
        'abort',
        'cancel 3',
        'reset',
      ]);
      const alone = new Barrier(1);
      const recordAlone = recording(trace(alone));
      alone.wait().subscribe();
      expect(recordAlone).toEqual(['grant 1']);
    });

    it('gives a waiter of a condition the number of its suspended permit of the lock', () => {
      const condition = new Condition();
      const record: string[] = [];
      merge(
        trace(condition).pipe(map((event) => `condition: ${said(event)}`)),
        trace(condition.lock).pipe(map((event) => `lock: ${said(event)}`)),
      ).subscribe((event) => record.push(event));
      condition.use((permit) => condition.wait({ permit }), { label: 'a' }).subscribe();
      condition.acquire({ label: 'b' }).subscribe((permit) => {
        condition.notify();
        permit.release();
      });
      expect(record).toEqual([
        'lock: grant 1 "a"',
        'condition: park 1 "a" at 1',
        'lock: release 1 "a"',
        'lock: grant 2 "b"',
        'condition: notify',
        'condition: repark 1 "a"',
        'lock: repark 1 "a" at 1',
        'lock: release 2 "b"',
        'lock: grant 1 "a"',
        'lock: release 1 "a"',
      ]);
    });

    it('reports both sides of a read-write lock, and a downgrade', () => {
      const lock = new ReadWriteLock();
      const record = recording(trace(lock));
      const writer = lock.write.tryAcquire();
      lock.read.acquire({ label: 'r' }).subscribe();
      writer?.downgrade();
      writer?.release();
      expect(record).toEqual(['grant 1', 'park 2 "r" at 1', 'downgrade 1', 'grant 2 "r"', 'release 1']);
    });

    it('reports the keys of each step of a keyed lock, and counts places per key', () => {
      const locks = new KeyedLock<string>();
      const record: string[] = [];
      trace(locks).subscribe((event) => record.push(`${said(event)} of ${String(event.keys)}`));
      const both = locks.all(['a', 'b']).tryAcquire();
      locks.get('a').acquire({ label: 'a' }).subscribe();
      locks.get('c').acquire().subscribe();
      locks.get('b').acquire().subscribe().unsubscribe();
      const stays = { error: (): void => undefined };
      locks.get('a').acquire().subscribe(stays);
      locks.all(['b', 'a']).acquire().subscribe(stays);
      locks.get('b').acquire().subscribe(stays);
      both?.release();
      locks.get('b').acquire().subscribe(stays);
      locks.complete();
      expect(record).toEqual([
        'grant 1 of a,b',
        'park 2 "a" at 1 of a',
        'grant 3 of c',
        'park 4 at 1 of b',
        'cancel 4 of b',
        'park 5 at 2 of a',
        'park 6 at 3 of b,a',
        'park 7 at 2 of b',
        'release 1 of a,b',
        'grant 2 "a" of a',
        'park 8 at 3 of b',
        'close of undefined',
        'cancel 5 of a',
        'cancel 6 of b,a',
        'cancel 7 of b',
        'cancel 8 of b',
      ]);
    });

    it('reports no keys for other primitives', () => {
      const keys: unknown[] = [];
      const lock = new Lock();
      trace(lock).subscribe((event) => keys.push(event.keys));
      lock.tryAcquire();
      expect(keys).toEqual([undefined]);
    });
  });

  describe('Numbers and names', () => {
    it('reports the primitive of each step', () => {
      const [lock, event] = [new Lock({ name: 'a' }), new Event()];
      const primitives: unknown[] = [];
      merge(trace(lock), trace(event)).subscribe(({ primitive }) => primitives.push(primitive));
      lock.tryAcquire();
      event.set();
      expect(primitives).toEqual([lock, event]);
      expect(primitives.map(String)).toEqual(['lock "a"', 'event']);
    });

    it('counts places by priority, with the waiters that were in the queue before it started', () => {
      const semaphore = new Semaphore(0);
      const record: string[] = [];
      const acquire = (priority: number): Subscription => semaphore.acquire({ priority }).subscribe();
      acquire(1);
      const cancelled = acquire(3);
      acquire(1);
      trace(semaphore).subscribe((event) => record.push(said(event)));
      acquire(2);
      acquire(1);
      acquire(3);
      cancelled.unsubscribe();
      acquire(3);
      acquire(0);
      semaphore.release(2);
      acquire(3);
      acquire(2);
      acquire(-1);
      expect(record).toEqual([
        'park 1 at 2',
        'park 2 at 5',
        'park 3 at 2',
        'cancel 4',
        'park 5 at 2',
        'park 6 at 7',
        'release',
        'grant 3',
        'grant 5',
        'park 7 at 1',
        'park 8 at 3',
        'park 9 at 8',
      ]);
    });

    it('labels the tasks of a throttle as its label option says', () => {
      const semaphore = new Semaphore(1);
      const record = recording(trace(semaphore));
      of('x', 'y')
        .pipe(throttleBySemaphore(semaphore, () => NEVER, { label: (value, index) => `${value}${String(index)}` }))
        .subscribe();
      of('z')
        .pipe(throttleBySemaphore(semaphore, () => NEVER, { label: 'all' }))
        .subscribe();
      expect(record).toEqual(['grant 1 "x0"', 'park 2 "y1" at 1', 'park 3 "all" at 2']);
    });

    it('is cold, numbers waiters alike for all subscribers, and costs nothing without one', () => {
      const lock = new Lock();
      const first = lock.tryAcquire();
      const traced = trace(lock);
      expect(lock.tracer).toBeUndefined();
      const [one, other]: [string[], string[]] = [[], []];
      const subscription = traced.subscribe((event) => one.push(said(event)));
      lock.acquire().subscribe();
      const second = trace(lock).subscribe((event) => other.push(said(event)));
      lock.acquire().subscribe();
      subscription.unsubscribe();
      first?.release();
      second.unsubscribe();
      expect(lock.tracer).toBeUndefined();
      expect(one).toEqual(['park 1 at 1', 'park 2 at 2']);
      expect(other).toEqual(['park 2 at 2', 'release 3', 'grant 1']);
    });
  });

  describe('Delivery', () => {
    it('lets a subscriber act on a step, which causes the next', () => {
      const lock = new Lock();
      const record: string[] = [];
      trace(lock).subscribe((event) => {
        record.push(said(event));
        if (event.step === 'park') {
          lock.cancelWaiters();
        }
      });
      lock.tryAcquire();
      lock.acquire().subscribe({ error: () => record.push('cancelled') });
      expect(record).toEqual(['grant 1', 'park 2 at 1', 'cancel 2', 'cancelled']);
    });

    it('reports a step after its commit, so a subscriber that acts on it skips no state', () => {
      const lock = new Lock();
      const holder = lock.tryAcquire();
      const waiting: number[] = [];
      trace(lock).subscribe(({ step }) => {
        if (step === 'park') {
          holder?.release();
        }
      });
      lock.subscribe((state) => waiting.push(state.waiting));
      lock.acquire().subscribe();
      expect(waiting).toEqual([0, 1, 0]);
    });

    it('reports a step before its state, and changes nothing for the observers', () => {
      const run = (traced: boolean): string[] => {
        const lock = new Lock();
        const record: string[] = [];
        if (traced) {
          trace(lock).subscribe();
        }
        lock.subscribe(recorder(record, 's'));
        const first = lock.tryAcquire();
        lock.acquire().subscribe(recorder(record, 'a').next);
        first?.release();
        return record.map((word) => word.replace('[object Object]', ''));
      };
      expect(run(true)).toEqual(run(false));
      const lock = new Lock();
      const record: string[] = [];
      lock.subscribe(({ locked }) => record.push(String(locked)));
      trace(lock).subscribe(({ step }) => record.push(step));
      lock.tryAcquire();
      expect(record).toEqual(['false', 'grant', 'true']);
    });

    it('ends when its subscriber unsubscribes', () => {
      const lock = new Lock();
      const steps: TraceEvent[][] = [];
      trace(lock)
        .pipe(take(1), toArray())
        .subscribe((events) => steps.push(events));
      lock.tryAcquire()?.release();
      expect(steps.map((events) => events.map(said))).toEqual([['grant 1']]);
      expect(lock.tracer).toBeUndefined();
    });
  });

  describe('Arguments', () => {
    it('throws at the call for a value that is not a primitive', () => {
      for (const wrong of [undefined, 3, new Subject(), new ReadWriteLock().read] as readonly unknown[]) {
        expect(() => trace(wrong as Lock)).toThrowError(TypeError, `trace needs a primitive, but got ${String(wrong)}`);
      }
    });
  });
});
