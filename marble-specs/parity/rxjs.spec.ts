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
import { Visitors } from './visitors.js';

/** Traps that only RxJS sets: Python has no equivalent of them. */
describe('Parity with what RxJS makes of it', () => {
  heavy(it)('X1: a hundred thousand sections in line that complete synchronously all run, in order, on a flat stack', () => {
    const lock = new Lock();
    const holder = lock.tryAcquire();
    let next = 0;
    let inOrder = true;
    for (let who = 0; who < 100_000; who++) {
      lock.use(() => of(who)).subscribe((each) => (inOrder &&= each === next++));
    }
    holder?.release();
    expect(next).toBe(100_000);
    expect(inOrder).toBeTrue();
    expect(lock.locked()).toBeFalse();
  });

  for (const [where, deliver] of deliveries) {
    it(`X2: whoever releases, comes, cancels and closes from inside next finds a state that is right, ${where}`, () => {
      const lock = new Lock();
      const visitors = new Visitors(lock);
      const seen: unknown[] = [];
      visitors.come('a');
      visitors.come('b', 1, () => {
        seen.push(lock.value);
        visitors.leave('b');
        visitors.come('e');
        visitors.cancel('c');
        seen.push(lock.value);
      });
      visitors.come('c');
      visitors.come('d', 1, () => {
        seen.push(lock.value);
        lock.complete();
      });
      deliver(() => {
        visitors.leave('a');
      });
      expect(visitors.entered).toEqual(['a', 'b', 'd']);
      expect(visitors.failed).toEqual(['e: ClosedError']);
      expect(seen).toEqual([
        { locked: true, waiting: 2 },
        // c was promised the lock when it left, and d is promised it now.
        { locked: true, waiting: 1 },
        { locked: true, waiting: 1 },
      ]);
    });

    it(`X4: acquire() is cold, one waiter a subscription, and can be had again by repeat, retry and concat, ${where}`, () => {
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

    it(`X5 rxjs #7443: a final complete handler finds the lock free, and who leaves tears the source down first, ${where}`, () => {
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

    it(`X8: who leaves the line leaves no residue, and wakes those whom only it had blocked, ${where}`, () => {
      const semaphore = new BoundedSemaphore(2);
      const visitors = new Visitors(semaphore);
      visitors.come('a');
      visitors.come('heavy', 2);
      visitors.come('b');
      visitors.come('c');
      deliver(() => {
        visitors.cancel('heavy');
        expect(semaphore.waiting).toBe(1);
        visitors.cancel('c');
        expect(semaphore.waiting).toBe(0);
      });
      expect(visitors.entered).toEqual(['a', 'b']);
      visitors.leave('a');
      visitors.leave('b');
      expect(semaphore.value).toEqual({ available: 2, waiting: 0 });
    });
  }

  it('X3: a subscriber that throws stops nobody behind it', async () => {
    const semaphore = new Semaphore(0);
    const visitors = new Visitors(semaphore);
    visitors.come('a', 1, () => {
      throw new Error('handler');
    });
    visitors.come('b');
    const errors = await unhandledDuring(() => {
      semaphore.release(2);
    });
    expect(errors).toEqual([new Error('handler')]);
    expect(visitors.entered).toEqual(['a', 'b']);
  });

  it('X3: nor does one with useDeprecatedSynchronousErrorHandling, where what an observer throws surfaces at the end', () => {
    const semaphore = new Semaphore(0);
    const visitors = new Visitors(semaphore);
    visitors.come('a', 1, () => {
      throw new Error('handler');
    });
    visitors.come('b');
    const observer = semaphore.subscribe(({ waiting }) => {
      if (waiting === 0) {
        throw new Error('observer');
      }
    });
    const errors = thrownDuring(() => {
      semaphore.release(2);
    });
    expect(errors).toEqual([new Error('observer')]);
    expect(visitors.entered).toEqual(['a', 'b']);
    observer.unsubscribe();
    visitors.leave('b');
    expect(semaphore.available).toBe(1);
  });

  it('X7: a permit that travels as a value is lost in a switchMap that switches, and use() is the safe form', () => {
    const values = new Subject<string>();
    const byHand = new Lock();
    values.pipe(switchMap(() => byHand.acquire())).subscribe();
    const safe = new Lock();
    const record: string[] = [];
    values.pipe(switchMap((value) => safe.use(() => concat(of(value), NEVER)))).subscribe((value) => record.push(value));
    values.next('a');
    values.next('b');
    // The second one waits for the permit of the first, which nobody has any more.
    expect(byHand.value).toEqual({ locked: true, waiting: 1 });
    expect(record).toEqual(['a', 'b']);
    expect(safe.waiting).toBe(0);
  });

  it('X9: a waiter is told in its own context, not in that of whoever woke it', () => {
    let user = 'nobody';
    const as = (who: string, task: () => void): void => {
      const before = user;
      user = who;
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
    'X11: timeout() takes the waiter out in its frame, and the next one goes in the frame of the release',
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

  it('X13: outsiders cannot set the state, late ones see the state of the moment, and a closed primitive says so', () => {
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
