import { EMPTY, map, Observable, of, Subject, takeUntil, tap } from 'rxjs';
import { AsyncLock, Lock, NotAcquiredError, type LockState, type Permit } from 'rxjs-locks';

import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { thrownDuring } from '../support/unhandled.js';

describe('Lock', () => {
  itIsExclusive('Lock', () => {
    const primitive = new Lock();
    return { primitive, queue: primitive };
  });

  itIsStateful('Lock', () => {
    const primitive = new Lock();
    primitive.tryAcquire();
    const leaving = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.acquire().pipe(takeUntil(leaving)).subscribe();
      },
      restore: () => {
        leaving.next();
      },
      initial: { locked: true, waiting: 0 },
      changed: { locked: true, waiting: 1 },
    };
  });

  itCloses('Lock', (options) => {
    const primitive = new Lock({ name: 'orders', ...options });
    primitive.tryAcquire();
    return {
      primitive,
      wait: primitive.acquire(),
      grant: () => {
        primitive.release();
      },
      name: 'lock "orders"',
      tried: 'acquire',
    };
  });

  it('is exported as AsyncLock too, since the DOM has a Lock', () => {
    expect(AsyncLock).toBe(Lock);
  });

  itMarbles('gives its second permit when the first is released', ({ cold, expectObservable }) => {
    const lock = new Lock();
    const a = cold('      -----x   ');
    const expected1 = '   (p|)     ';
    const expected2 = '   -----(p|)';
    const granted = map(() => 'p');
    const releasing = tap((permit: Permit) =>
      a.subscribe(() => {
        permit.release();
      }),
    );
    expectObservable(lock.acquire().pipe(releasing, granted)).toBe(expected1);
    expectObservable(lock.acquire().pipe(granted)).toBe(expected2);
  });

  itMarbles('runs the second work when the first has completed', ({ cold, expectObservable, expectSubscriptions }) => {
    const lock = new Lock();
    const first = cold('  --a--b--|     ');
    const firstSubs = '   ^-------!     ';
    const second = cold('         --c--|');
    const secondSubs = '  --------^----!';
    const expected1 = '   --a--b--|     ';
    const expected2 = '   ----------c--|';
    expectObservable(lock.use(() => first)).toBe(expected1);
    expectObservable(lock.use(() => second)).toBe(expected2);
    expectSubscriptions(first.subscriptions).toBe(firstSubs);
    expectSubscriptions(second.subscriptions).toBe(secondSubs);
  });

  itMarbles('shows who is inside and how many wait', ({ cold, expectObservable }) => {
    const lock = new Lock();
    const work = cold('   ----|        ');
    const expected = '    a-b-c-d---e--';
    const first = cold('  --x          ');
    const second = cold(' ----x        ');
    first.subscribe(() => lock.use(() => work).subscribe());
    second.subscribe(() => lock.use(() => work).subscribe());
    expectObservable(lock).toBe(expected, {
      a: { locked: false, waiting: 0 },
      b: { locked: true, waiting: 0 },
      c: { locked: true, waiting: 1 },
      d: { locked: true, waiting: 0 },
      e: { locked: false, waiting: 0 },
    });
  });

  it('is released by anyone, and the permit of the holder counts as released then', () => {
    const lock = new Lock();
    const permit = lock.tryAcquire();
    lock.release();
    expect(permit?.released).toBeTrue();
    expect(lock.locked()).toBeFalse();
  });

  it('refuses to be released where it is not locked, and changes nothing (law 8)', () => {
    const lock = new Lock({ name: 'orders' });
    expect(() => {
      lock.release();
    }).toThrowError(NotAcquiredError, 'cannot release lock "orders": it is not locked');
    expect(lock.value).toEqual({ locked: false, waiting: 0 });
  });

  it('refuses to be released while the next one has not been told yet (law 8)', () => {
    const lock = new Lock();
    lock.tryAcquire();
    lock.acquire().subscribe();
    insideADelivery(() => {
      lock.release();
      expect(() => {
        lock.release();
      }).toThrowError(NotAcquiredError, 'cannot release lock: it was promised to one who has not been told yet');
    });
  });

  it('lets nobody inside twice when its state makes somebody release it (law 8)', () => {
    const lock = new Lock();
    const refused: unknown[] = [];
    lock.subscribe(({ locked }) => {
      if (locked) {
        try {
          lock.release();
        } catch (error) {
          refused.push(error);
        }
      }
    });
    const permit = lock.tryAcquire();
    expect(refused).toEqual([jasmine.any(NotAcquiredError)]);
    expect(permit?.released).toBeFalse();
  });

  it('fails one who asks for more than the one permit there is', () => {
    const lock = new Lock();
    const errors: unknown[] = [];
    lock.use(() => of(1), { weight: 2 }).subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([new RangeError('cannot acquire 2 of lock: it knows no weights')]);
  });

  it('is not reentrant: who holds it and acquires it again waits for itself', () => {
    const lock = new Lock();
    let inner = false;
    const section = lock.use(() => lock.use(() => of((inner = true)))).subscribe();
    expect(inner).toBeFalse();
    expect(lock.value).toEqual({ locked: true, waiting: 1 });
    section.unsubscribe();
    expect(lock.value).toEqual({ locked: false, waiting: 0 });
  });

  it('keeps a permit released by hand inside its section from being released again at the end', () => {
    const lock = new Lock();
    const work = new Subject<void>();
    lock
      .use((permit) => {
        permit.release();
        return work;
      })
      .subscribe();
    const other = lock.tryAcquire();
    work.complete();
    expect(other?.released).toBeFalse();
    expect(lock.locked()).toBeTrue();
  });

  it('keeps the permit of a tryAcquire that an observer of its state made fail (law 9)', () => {
    const lock = new Lock();
    lock.subscribe(({ locked }) => {
      if (locked) {
        throw new Error('observer');
      }
    });
    const errors = thrownDuring(() => {
      lock.tryAcquire();
    });
    expect(errors).toEqual([new Error('observer')]);
    expect(lock.locked()).toBeFalse();
  });

  it('takes the callbacks of old for an observer too', () => {
    const lock = new Lock();
    const record: string[] = [];
    const completed = (): void => {
      record.push('complete');
    };
    const failed = (): void => {
      record.push('error');
    };
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- this deprecated form is what is tested
    lock.subscribe(undefined, failed, completed);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
    lock.subscribe(null, null, completed);
    lock.subscribe();
    lock.complete();
    expect(record).toEqual(['complete', 'complete']);
    const other = new Lock();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
    other.subscribe(() => record.push('next'), failed, completed);
    other.error(new RangeError('closed'));
    expect(record).toEqual(['complete', 'complete', 'next', 'error']);
  });

  it('makes no snapshot where nobody looks', () => {
    let made = 0;
    class Watched extends Lock {
      protected override snapshot(last: LockState): LockState {
        made++;
        return super.snapshot(last);
      }
    }
    const lock = new Watched();
    lock.subscribe().unsubscribe();
    lock.tryAcquire()?.release();
    const observer = lock.subscribe();
    lock.tryAcquire()?.release();
    observer.unsubscribe();
    made = 0;
    lock.tryAcquire()?.release();
    expect(made).toBe(0);
    expect(lock.value).toEqual({ locked: false, waiting: 0 });
    expect(made).toBe(1);
  });

  it('fails a section whose permit the teardown of its until released', () => {
    const lock = new Lock();
    const record: string[] = [];
    const holder = lock.tryAcquire();
    const until = new Observable(() => () => {
      lock.release();
    });
    lock.use(() => of('x'), { until }).subscribe({ error: ({ message }: Error) => record.push(message) });
    holder?.release();
    expect(record).toEqual(['cannot go inside lock: the permit was released']);
    expect(lock.locked()).toBeFalse();
  });

  heavy(it)('lets a million in line run, each of whom releases inside next', () => {
    const lock = new Lock();
    const holder = lock.tryAcquire();
    let entered = 0;
    for (let who = 0; who < 1_000_000; who++) {
      lock.acquire().subscribe((permit) => {
        entered++;
        permit.release();
      });
    }
    expect(lock.waiting).toBe(1_000_000);
    holder?.release();
    expect(entered).toBe(1_000_000);
    expect(lock.value).toEqual({ locked: false, waiting: 0 });
  });

  heavy(it)('has an observer see all hundred thousand states of a line that drains (law 5)', () => {
    const lock = new Lock();
    const holder = lock.tryAcquire();
    for (let who = 0; who < 100_000; who++) {
      lock.acquire().subscribe((permit) => {
        permit.release();
      });
    }
    let expected = 100_001;
    let inOrder = true;
    lock.subscribe(({ locked, waiting }) => {
      expected--;
      inOrder &&= locked ? waiting === expected : waiting === 0;
    });
    holder?.release();
    expect(inOrder).toBeTrue();
    expect(expected).toBe(-1);
  });

  describe('run', () => {
    it('gives the result of the work, and lets one in at a time', async () => {
      const lock = new Lock();
      const record: string[] = [];
      const turn = (who: string): Promise<string> =>
        lock.run(async () => {
          record.push(`${who} in`);
          await Promise.resolve();
          record.push(`${who} out`);
          return who;
        });
      expect(await Promise.all([turn('a'), turn('b')])).toEqual(['a', 'b']);
      expect(record).toEqual(['a in', 'a out', 'b in', 'b out']);
      expect(lock.locked()).toBeFalse();
    });

    it('takes a work that returns no promise, and one that throws', async () => {
      const lock = new Lock();
      expect(await lock.run(() => 5)).toBe(5);
      await expectAsync(
        lock.run(() => {
          throw new RangeError('work');
        }),
      ).toBeRejectedWithError(RangeError, 'work');
      await expectAsync(lock.run(() => Promise.reject(new TypeError('later')))).toBeRejectedWithError(TypeError, 'later');
      expect(lock.locked()).toBeFalse();
    });

    it('gives the place in line up with the reason of the signal', async () => {
      const lock = new Lock();
      lock.tryAcquire();
      const abort = new AbortController();
      let ran = false;
      const running = lock.run(() => (ran = true), { signal: abort.signal });
      expect(lock.waiting).toBe(1);
      abort.abort(new RangeError('enough'));
      await expectAsync(running).toBeRejectedWithError(RangeError, 'enough');
      expect(lock.waiting).toBe(0);
      lock.release();
      expect(ran).toBeFalse();
      await expectAsync(lock.run(() => 1, { signal: abort.signal })).toBeRejectedWithError(RangeError, 'enough');
    });

    it('holds until the work has settled, whatever the signal does inside', async () => {
      const lock = new Lock();
      const abort = new AbortController();
      let settle: (value: string) => void = () => undefined;
      const running = lock.run(
        () =>
          new Promise<string>((resolve) => {
            settle = resolve;
          }),
        { signal: abort.signal },
      );
      abort.abort();
      expect(lock.locked()).toBeTrue();
      settle('done');
      expect(await running).toBe('done');
      expect(lock.locked()).toBeFalse();
    });

    it('gives up where the state that it waits makes somebody abort', async () => {
      const lock = new Lock();
      lock.tryAcquire();
      const abort = new AbortController();
      lock.subscribe(({ waiting }) => {
        if (waiting > 0) {
          abort.abort(new RangeError('enough'));
        }
      });
      await expectAsync(lock.run(() => 1, { signal: abort.signal })).toBeRejectedWithError(RangeError, 'enough');
      expect(lock.waiting).toBe(0);
    });

    it('listens to the signal while it waits, and no longer', async () => {
      const lock = new Lock();
      const abort = new AbortController();
      const add = spyOn(abort.signal, 'addEventListener').and.callThrough();
      const remove = spyOn(abort.signal, 'removeEventListener').and.callThrough();
      await lock.run(() => 1, { signal: abort.signal });
      expect(add).not.toHaveBeenCalled();
      const holder = lock.tryAcquire();
      const running = lock.run(() => 2, { signal: abort.signal });
      expect(add).toHaveBeenCalledTimes(1);
      holder?.release();
      expect(remove).toHaveBeenCalledTimes(1);
      expect(remove.calls.argsFor(0)).toEqual(add.calls.argsFor(0));
      expect(await running).toBe(2);
    });

    it('takes a work that returns nothing', async () => {
      const lock = new Lock();
      await expectAsync(lock.run(() => undefined)).toBeResolvedTo(undefined);
      expect(lock.locked()).toBeFalse();
    });

    it('rejects where its work returns an Observable, which nobody would subscribe to', async () => {
      const lock = new Lock();
      await expectAsync(lock.run(() => EMPTY)).toBeRejectedWithError(
        TypeError,
        'run needs a work that returns a value or a promise, but got an Observable: use() subscribes to it',
      );
      expect(lock.locked()).toBeFalse();
    });

    it('rejects what is no work, as use() refuses it, and a malformed weight', async () => {
      const lock = new Lock();
      await expectAsync(lock.run('work' as unknown as () => number)).toBeRejectedWithError(
        TypeError,
        'the work must be a function, but is "work"',
      );
      expect(() => lock.use('work' as unknown as () => never)).toThrowError('the work must be a function, but is "work"');
      await expectAsync(lock.run(() => 1, { weight: 0 })).toBeRejectedWithError(RangeError);
      expect(lock.locked()).toBeFalse();
    });
  });
});
