import {
  concat,
  finalize,
  map,
  NEVER,
  Observable,
  of,
  repeat,
  retry,
  share,
  Subject,
  switchMap,
  take,
  throwError,
  timeout,
} from 'rxjs';
import { BoundedSemaphore, captureContext, Event, Lock, Semaphore } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { deliveries } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';
import { thrownDuring, unhandledDuring } from '../support/unhandled.js';
import { Waiters } from './waiters.js';

/** Problems that exist only in RxJS: Python has no equivalent of them. */
describe('Parity with what RxJS makes of it', () => {
  heavy(it)('X1: a hundred thousand waiting sections that complete synchronously run in order, on a flat stack', () => {
    const lock = new Lock();
    const holder = lock.tryAcquire();
    let next = 0;
    let inOrder = true;
    for (let index = 0; index < 100_000; index++) {
      lock.use(() => of(index)).subscribe((each) => (inOrder &&= each === next++));
    }
    holder?.release();
    expect(next).toBe(100_000);
    expect(inOrder).toBeTrue();
    expect(lock.locked()).toBeFalse();
  });

  for (const [where, deliver] of deliveries) {
    it(`X2: a subscriber that releases, acquires, cancels and closes inside next finds the right state, ${where}`, () => {
      const lock = new Lock();
      const waiters = new Waiters(lock);
      const seen: unknown[] = [];
      waiters.acquire('a');
      waiters.acquire('b', 1, () => {
        seen.push(lock.value);
        waiters.release('b');
        waiters.acquire('e');
        waiters.cancel('c');
        seen.push(lock.value);
      });
      waiters.acquire('c');
      waiters.acquire('d', 1, () => {
        seen.push(lock.value);
        lock.complete();
      });
      deliver(() => {
        waiters.release('a');
      });
      expect(waiters.granted).toEqual(['a', 'b', 'd']);
      expect(waiters.failed).toEqual(['e: ClosedError']);
      expect(seen).toEqual([
        { locked: true, waiting: 2 },
        // The lock was granted to c when c was cancelled. Now it is granted to d.
        { locked: true, waiting: 1 },
        { locked: true, waiting: 1 },
      ]);
    });
  }

  it('X3: a subscriber that throws does not stop the waiters behind it', async () => {
    const semaphore = new Semaphore(0);
    const waiters = new Waiters(semaphore);
    waiters.acquire('a', 1, () => {
      throw new Error('handler');
    });
    waiters.acquire('b');
    const errors = await unhandledDuring(() => {
      semaphore.release(2);
    });
    expect(errors).toEqual([new Error('handler')]);
    expect(waiters.granted).toEqual(['a', 'b']);
  });

  it("X3: a subscriber that throws with useDeprecatedSynchronousErrorHandling does not either, and an observer's error is thrown at the end", () => {
    const semaphore = new Semaphore(0);
    const waiters = new Waiters(semaphore);
    waiters.acquire('a', 1, () => {
      throw new Error('handler');
    });
    waiters.acquire('b');
    const observer = semaphore.subscribe(({ waiting }) => {
      if (waiting === 0) {
        throw new Error('observer');
      }
    });
    const errors = thrownDuring(() => {
      semaphore.release(2);
    });
    expect(errors).toEqual([new Error('observer')]);
    expect(waiters.granted).toEqual(['a', 'b']);
    observer.unsubscribe();
    waiters.release('b');
    expect(semaphore.available).toBe(1);
  });

  for (const [where, deliver] of deliveries) {
    it(`X4: acquire() is cold, makes one waiter for each subscription, and works with repeat, retry and concat, ${where}`, () => {
      const lock = new Lock();
      const holder = lock.tryAcquire();
      const record: string[] = [];
      let failures = 1;
      const turn = lock.acquire().pipe(
        switchMap((permit) => {
          permit.release();
          return failures-- > 0 ? throwError(() => new Error('once')) : of('in');
        }),
      );
      expect(lock.waiting).toBe(0);
      concat(turn.pipe(retry(1)), turn.pipe(repeat(2))).subscribe(recorder(record, 'a'));
      expect(lock.waiting).toBe(1);
      deliver(() => holder?.release());
      expect(record).toEqual(['a: in', 'a: in', 'a: in', 'a: complete']);
      expect(lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it(`X5 rxjs #7443: a complete handler finds the lock free, and unsubscribing tears the source down first, ${where}`, () => {
      const lock = new Lock();
      const record: string[] = [];
      const say = (what: string): void => {
        record.push(`${what}, ${lock.locked() ? 'locked' : 'free'}`);
      };
      const ending = new Subject<void>();
      ending.pipe(withLock(lock)).subscribe({
        complete: () => {
          say('told');
        },
      });
      deliver(() => {
        ending.complete();
      });
      const endless = NEVER.pipe(
        finalize(() => {
          say('torn down');
        }),
        withLock(lock),
      ).subscribe();
      deliver(() => {
        endless.unsubscribe();
      });
      say('left');
      expect(record).toEqual(['told, free', 'torn down, locked', 'left, free']);
    });

    it(`X6: take(1) stops a synchronous source midway, and the lock is released, ${where}`, () => {
      const lock = new Lock();
      const made: number[] = [];
      const counting = new Observable<number>((subscriber) => {
        for (let n = 0; n < 5 && !subscriber.closed; n++) {
          made.push(n);
          subscriber.next(n);
        }
      });
      deliver(() => {
        counting.pipe(withLock(lock), take(1)).subscribe();
      });
      expect(made).toEqual([0]);
      expect(lock.locked()).toBeFalse();
    });
  }

  it('X7: a permit that travels as a value is lost in switchMap, and use() is safe', () => {
    const values = new Subject<string>();
    const byHand = new Lock();
    values.pipe(switchMap(() => byHand.acquire())).subscribe();
    const safe = new Lock();
    const record: string[] = [];
    values.pipe(switchMap((value) => safe.use(() => concat(of(value), NEVER)))).subscribe((value) => record.push(value));
    values.next('a');
    values.next('b');
    // The second waiter waits for the permit of the first, which is lost.
    expect(byHand.value).toEqual({ locked: true, waiting: 1 });
    expect(record).toEqual(['a', 'b']);
    expect(safe.waiting).toBe(0);
  });

  for (const [where, deliver] of deliveries) {
    it(`X8: a cancelled waiter leaves nothing behind, and the waiters that only it blocked are granted, ${where}`, () => {
      const semaphore = new BoundedSemaphore(2);
      const waiters = new Waiters(semaphore);
      waiters.acquire('a');
      waiters.acquire('heavy', 2);
      waiters.acquire('b');
      waiters.acquire('c');
      deliver(() => {
        waiters.cancel('heavy');
        expect(semaphore.waiting).toBe(1);
        waiters.cancel('c');
        expect(semaphore.waiting).toBe(0);
      });
      expect(waiters.granted).toEqual(['a', 'b']);
      waiters.release('a');
      waiters.release('b');
      expect(semaphore.value).toEqual({ available: 2, waiting: 0 });
    });
  }

  it('X9: a callback runs in the context of its own waiter, not in the context that woke it', () => {
    let user = 'nobody';
    const as = (name: string, task: () => void): void => {
      const before = user;
      user = name;
      task();
      user = before;
    };
    captureContext(() => {
      const subscribed = user;
      return (task) => {
        as(subscribed, task);
      };
    });
    try {
      const lock = new Lock();
      const event = new Event();
      const holder = lock.tryAcquire();
      const record: string[] = [];
      as('waiter', () => {
        lock.acquire().subscribe(() => record.push(`lock as ${user}`));
        event.wait().subscribe(() => record.push(`event as ${user}`));
      });
      as('releaser', () => {
        holder?.release();
        event.set();
      });
      expect(record).toEqual(['lock as waiter', 'event as waiter']);
    } finally {
      captureContext(undefined);
    }
  });

  it('X10: share() around a section makes one permit for all its subscribers, released with the last of them', () => {
    const semaphore = new Semaphore(3);
    const shared = semaphore.use(() => NEVER).pipe(share());
    const first = shared.subscribe();
    const second = shared.subscribe();
    expect(semaphore.available).toBe(2);
    first.unsubscribe();
    expect(semaphore.available).toBe(2);
    second.unsubscribe();
    expect(semaphore.available).toBe(3);
  });

  itMarbles(
    'X11: timeout() dequeues the waiter in its frame, and the next waiter is granted in the frame of the release',
    ({ cold, expectObservable }) => {
      const lock = new Lock();
      const holding = cold('  -----|    ');
      const impatient = '     --#       ';
      const patient = '       -----(p|) ';
      const waiting = '       2-1--0    ';
      holding.pipe(withLock(lock)).subscribe();
      const wait = lock.acquire().pipe(map(() => 'p'));
      expectObservable(wait.pipe(timeout(2))).toBe(impatient, undefined, jasmine.objectContaining({ name: 'TimeoutError' }));
      expectObservable(wait).toBe(patient);
      expectObservable(lock.pipe(map((state) => String(state.waiting)))).toBe(waiting);
    },
  );

  it('X13: outsiders cannot set the state, late observers get the current state, and a closed primitive says that it is closed', () => {
    const lock = new Lock({ name: 'orders' });
    const record: string[] = [];
    expect(() => {
      lock.next({ locked: true, waiting: 7 } as never);
    }).toThrowMatching((error: Error) => error.name === 'ReadOnlyStateError');
    const holder = lock.tryAcquire();
    lock.acquire().subscribe(recorder(record, 'waiter'));
    lock.subscribe(recorder(record, 'state'));
    lock.complete();
    lock.acquire().subscribe(recorder(record, 'late waiter'));
    lock.subscribe(recorder(record, 'late state'));
    holder?.release();
    expect(record).toEqual([
      'state: {"locked":true,"waiting":1}',
      'state: {"locked":true,"waiting":0}',
      'state: complete',
      'waiter: ClosedError',
      'late waiter: ClosedError',
      'late state: complete',
    ]);
    expect(lock.locked()).toBeFalse();
  });
});
