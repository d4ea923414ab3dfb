import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  finalize,
  map,
  NEVER,
  Observable,
  observeOn,
  of,
  range,
  repeat,
  retry,
  Subject,
  subscribeOn,
  take,
  takeUntil,
  tap,
  throwError,
  timer,
  VirtualTimeScheduler,
  type ObservableInput,
} from 'rxjs';
import { BoundedSemaphore, Condition, Lock, Semaphore, type Acquirable, type Permit } from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { deliveries } from '../support/deliveries.js';
import { ForeignLock } from '../support/foreign.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';
import { unhandledDuring } from '../support/unhandled.js';

describe('withLock', () => {
  itMarbles('subscribes to the second source when the first completes', ({ cold, expectObservable, expectSubscriptions }) => {
    const lock = new Lock();
    const first = cold('  --a--b--|     ');
    const firstSubs = '   ^-------!     ';
    const second = cold('         --c--|');
    const secondSubs = '  --------^----!';
    const expected1 = '   --a--b--|     ';
    const expected2 = '   ----------c--|';
    expectObservable(first.pipe(withLock(lock))).toBe(expected1);
    expectObservable(second.pipe(withLock(lock))).toBe(expected2);
    expectSubscriptions(first.subscriptions).toBe(firstSubs);
    expectSubscriptions(second.subscriptions).toBe(secondSubs);
  });

  itMarbles('subscribes to the second source when the first errors', ({ cold, expectObservable, expectSubscriptions }) => {
    const lock = new Lock();
    const first = cold('  --a--#     ');
    const second = cold('      --c--|');
    const secondSubs = '  -----^----!';
    const expected1 = '   --a--#     ';
    const expected2 = '   -------c--|';
    expectObservable(first.pipe(withLock(lock))).toBe(expected1);
    expectObservable(second.pipe(withLock(lock))).toBe(expected2);
    expectSubscriptions(second.subscriptions).toBe(secondSubs);
  });

  itMarbles(
    'subscribes to the second source when the first is unsubscribed',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const first = cold('  --a--b--|  ');
      const firstUnsub = '  ----!      ';
      const firstSubs = '   ^---!      ';
      const second = cold('     --c--|');
      const secondSubs = '  ----^----! ';
      const expected1 = '   --a--      ';
      const expected2 = '   ------c--| ';
      expectObservable(first.pipe(withLock(lock)), firstUnsub).toBe(expected1);
      expectObservable(second.pipe(withLock(lock))).toBe(expected2);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
    },
  );

  itMarbles(
    'never subscribes to a source whose place in line was given up',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new Lock();
      const first = cold('  --a--|     ');
      const second = cold(' --x--|     ');
      const secondUnsub = ' ---!       ';
      const third = cold('       --c--|');
      const expected1 = '   --a--|     ';
      const expected2 = '   ----       ';
      const expected3 = '   -------c--|';
      expectObservable(first.pipe(withLock(lock))).toBe(expected1);
      expectObservable(second.pipe(withLock(lock)), secondUnsub).toBe(expected2);
      expectObservable(third.pipe(withLock(lock))).toBe(expected3);
      expectSubscriptions(second.subscriptions).toBe([]);
    },
  );

  itMarbles('gives the place in line up when until emits, and only then', ({ cold, expectObservable }) => {
    const lock = new Lock();
    const first = cold('  -----a|');
    const until1 = timer(3);
    const until2 = timer(7);
    const expected1 = '   -----a|';
    const expected2 = '   ---#';
    const expected3 = '   -----------a|';
    expectObservable(first.pipe(withLock(lock))).toBe(expected1);
    const timedOut = jasmine.objectContaining({ name: 'TimeoutError' });
    expectObservable(first.pipe(withLock(lock, { until: until1 }))).toBe(expected2, undefined, timedOut);
    expectObservable(first.pipe(withLock(lock, { until: until2 }))).toBe(expected3);
  });

  it('serves many sources with one operator, and each subscription anew', () => {
    const lock = new Lock();
    const locked = withLock<number>(lock);
    const record: string[] = [];
    concat(of(1).pipe(locked), of(2).pipe(locked), of(3).pipe(locked, repeat(2))).subscribe(recorder(record, 'a'));
    expect(record).toEqual(['a: 1', 'a: 2', 'a: 3', 'a: 3', 'a: complete']);
    expect(lock.locked()).toBeFalse();
  });

  it('releases in between below retry, and holds above it', () => {
    const lock = new Lock();
    const record: string[] = [];
    let attempts = 0;
    const flaky = new Observable<string>((subscriber) => {
      record.push(`attempt ${String(++attempts)}`);
      if (attempts % 2 === 1) {
        lock
          .use(() => {
            record.push('other');
            return EMPTY;
          })
          .subscribe();
        subscriber.error(new Error('flaky'));
      }
      subscriber.complete();
    });
    flaky.pipe(withLock(lock), retry(1)).subscribe();
    expect(record).toEqual(['attempt 1', 'other', 'attempt 2']);
    record.length = 0;
    flaky.pipe(retry(1), withLock(lock)).subscribe();
    expect(record).toEqual(['attempt 3', 'attempt 4', 'other']);
  });

  for (const [where, deliver] of deliveries) {
    it(`stops a synchronous source midway, ${where} (law 7)`, () => {
      const lock = new Lock();
      let produced = 0;
      const record: string[] = [];
      deliver(() => {
        range(1, 5)
          .pipe(
            tap(() => produced++),
            withLock(lock),
            take(2),
          )
          .subscribe(recorder(record, 'a'));
      });
      expect(produced).toBe(2);
      expect(record).toEqual(['a: 1', 'a: 2', 'a: complete']);
      expect(lock.locked()).toBeFalse();
    });

    it(`tears down, releases, tells, and wakes, in this order, ${where} (law 7)`, () => {
      const lock = new Lock();
      const record: string[] = [];
      const source = new Subject<void>();
      source
        .pipe(
          finalize(() => record.push(`torn down, ${lock.locked() ? 'locked' : 'free'}`)),
          withLock(lock),
        )
        .subscribe({ complete: () => record.push(`told, ${String(lock.waiting)} waiting`) });
      of('second').pipe(withLock(lock)).subscribe(recorder(record, 'b'));
      lock.subscribe(({ locked, waiting }) => record.push(`${locked ? 'locked' : 'free'}, ${String(waiting)}`));
      deliver(() => {
        source.complete();
      });
      expect(record).toEqual([
        'locked, 1',
        'torn down, locked',
        'told, 0 waiting',
        'locked, 0',
        'b: second',
        'b: complete',
        'free, 0',
      ]);
    });

    it(`releases though the teardown of the source throws, ${where}`, () => {
      const lock = new Lock();
      const record: string[] = [];
      const source = new Subject<void>();
      const failing = (work: Observable<void>): Observable<void> =>
        work.pipe(
          finalize(() => {
            throw new Error('teardown');
          }),
          withLock(lock),
        );
      failing(source).subscribe(recorder(record, 'a'));
      const section = failing(NEVER).subscribe(recorder(record, 'b'));
      deliver(() => {
        expect(() => {
          source.complete();
        }).toThrow();
      });
      expect(record).toEqual(['a: complete']);
      deliver(() => {
        expect(() => {
          section.unsubscribe();
        }).toThrow();
      });
      expect(lock.value).toEqual({ locked: false, waiting: 0 });
    });
  }

  it('lets downstream acquire the lock at the end of its source, before anybody else hears (law 7)', () => {
    const lock = new Lock();
    const record: string[] = [];
    of('a')
      .pipe(withLock(lock))
      .subscribe({
        complete: () => {
          record.push(`free: ${String(!lock.locked())}`);
          lock.acquire().subscribe(() => record.push('acquired'));
        },
      });
    expect(record).toEqual(['free: true', 'acquired']);
  });

  heavy(it)('runs a hundred thousand sources in line on a flat stack (X1)', () => {
    const lock = new Lock();
    const holder = lock.tryAcquire();
    let next = 0;
    let inOrder = true;
    for (let who = 0; who < 100_000; who++) {
      of(who)
        .pipe(withLock(lock))
        .subscribe((value) => {
          inOrder &&= value === next++;
        });
    }
    holder?.release();
    expect(next).toBe(100_000);
    expect(inOrder).toBeTrue();
    expect(lock.value).toEqual({ locked: false, waiting: 0 });
  });

  it('holds as many units of a semaphore as weight says', () => {
    const semaphore = new Semaphore(3);
    NEVER.pipe(withLock(semaphore, { weight: 2 })).subscribe();
    expect(semaphore.available).toBe(1);
  });

  it('takes the lock of a condition, whose wait suspends the section', () => {
    const condition = new Condition();
    const record: string[] = [];
    condition.wait().pipe(withLock(condition)).subscribe(recorder(record, 'a'));
    expect(condition.locked()).toBeFalse();
    of(0)
      .pipe(
        tap(() => {
          condition.notify();
        }),
        withLock(condition),
      )
      .subscribe();
    expect(record).toEqual(['a: true', 'a: complete']);
    expect(condition.locked()).toBeFalse();
  });

  describe('with whenBusy', () => {
    it('tries the lock of a condition, or hears that the condition is closed', () => {
      const condition = new Condition();
      const record: string[] = [];
      const source = of('x').pipe(withLock(condition, { whenBusy: 'skip' }));
      source.subscribe(recorder(record, 'free'));
      condition.tryAcquire();
      source.subscribe(recorder(record, 'busy'));
      condition.complete();
      source.subscribe(recorder(record, 'closed'));
      expect(record).toEqual(['free: x', 'free: complete', 'busy: complete', 'closed: ClosedError']);
    });

    it("'skip' completes without running, or runs where it need not wait", () => {
      const lock = new Lock();
      const record: string[] = [];
      const source = of('x').pipe(withLock(lock, { whenBusy: 'skip' }));
      source.subscribe(recorder(record, 'free'));
      const holder = lock.tryAcquire();
      source.subscribe(recorder(record, 'busy'));
      holder?.release();
      expect(record).toEqual(['free: x', 'free: complete', 'busy: complete']);
      expect(lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it("'error' fails with BusyError", () => {
      const lock = new Lock({ name: 'orders' });
      lock.tryAcquire();
      const messages: string[] = [];
      of('x')
        .pipe(withLock(lock, { whenBusy: 'error' }))
        .subscribe({ error: (error: Error) => messages.push(`${error.name}: ${error.message}`) });
      expect(messages).toEqual(['BusyError: cannot acquire lock "orders": it is busy']);
    });

    it('is not busy but closed where the lock is closed', () => {
      const lock = new Lock();
      lock.complete();
      const record: string[] = [];
      of('x')
        .pipe(withLock(lock, { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: ClosedError']);
    });

    it('is busy where somebody waits, though units are free (law 3)', () => {
      const semaphore = new Semaphore(2);
      semaphore.tryAcquire();
      semaphore.acquire(2).subscribe();
      const record: string[] = [];
      of('x')
        .pipe(withLock(semaphore, { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: complete']);
    });
  });

  describe('with somebody else’s lock', () => {
    it('waits its turn, and gives back', () => {
      const lock = new ForeignLock();
      const record: string[] = [];
      const first = new Subject<string>();
      first.pipe(withLock(lock)).subscribe(recorder(record, 'a'));
      of('second').pipe(withLock(lock)).subscribe(recorder(record, 'b'));
      expect(lock.waiting).toBe(1);
      first.next('first');
      first.complete();
      expect(record).toContain('a: complete');
      expect(record.slice(-2)).not.toContain('a: first');
      expect(record.filter((word) => word.startsWith('b'))).toEqual(['b: second', 'b: complete']);
      expect(lock.locked).toBeFalse();
    });

    it('leaves its line when it is unsubscribed, or until emits', () => {
      const lock = new ForeignLock();
      const holder = lock.tryAcquire();
      const record: string[] = [];
      const until = new Subject<void>();
      const left = of('x').pipe(withLock(lock)).subscribe(recorder(record, 'a'));
      of('x').pipe(withLock(lock, { until })).subscribe(recorder(record, 'b'));
      expect(lock.waiting).toBe(2);
      left.unsubscribe();
      until.next();
      expect(lock.waiting).toBe(0);
      holder?.release();
      expect(record).toEqual(['b: TimeoutError']);
      expect(lock.locked).toBeFalse();
    });

    it('skips and fails where it is busy', () => {
      const lock = new ForeignLock();
      const record: string[] = [];
      of('free')
        .pipe(withLock(lock, { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'a'));
      lock.tryAcquire();
      of('x')
        .pipe(withLock(lock, { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'b'));
      of('x')
        .pipe(withLock(lock, { whenBusy: 'error' }))
        .subscribe(recorder(record, 'c'));
      expect(record).toEqual(['a: free', 'a: complete', 'b: complete', 'c: BusyError']);
    });

    it('asks one that answers later, and gives back what comes when nobody wants it any more', () => {
      const answers = [new Subject<Permit | null>(), new Subject<Permit | null>(), new Subject<Permit | null>()];
      let asked = 0;
      const lock: Acquirable = {
        acquire: () => NEVER,
        tryAcquire: () => answers[asked++] ?? NEVER,
      };
      const record: string[] = [];
      for (const name of ['a', 'b']) {
        of('x')
          .pipe(withLock(lock, { whenBusy: 'skip' }))
          .subscribe(recorder(record, name));
      }
      of('x')
        .pipe(withLock(lock, { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'c'))
        .unsubscribe();
      const permits = new Lock();
      const permit = permits.tryAcquire();
      answers[0]?.next(permit);
      answers[1]?.next(null);
      expect(record).toEqual(['a: x', 'a: complete', 'b: complete']);
      expect(permit?.released).toBeTrue();
      expect(answers.map(({ observed }) => observed)).toEqual([false, false, false]);
    });

    it('fails, and runs nothing, where what it gives cannot be released, as the function that another library releases by', () => {
      const record: string[] = [];
      const given: unknown = () => undefined;
      const source = defer(() => of(record.push('runs')));
      for (const [acquirable, options] of [
        [{ acquire: () => of(given) }, {}],
        [{ acquire: () => of(undefined) }, {}],
        [{ acquire: () => NEVER, tryAcquire: () => given }, { whenBusy: 'skip' }],
        [{ acquire: () => NEVER, tryAcquire: () => of(given) }, { whenBusy: 'skip' }],
      ] as const) {
        source.pipe(withLock(acquirable as Acquirable, options)).subscribe({
          error: ({ message }: Error) => record.push(message),
        });
      }
      const message = (what: string): string => `cannot acquire the acquirable: it gave ${what}, which is no permit`;
      const named = 'the function given';
      expect(record).toEqual([named, 'undefined', named, named].map(message));
    });

    it('fails when it errors, emits no permit, or throws, and gives a second permit back at once', () => {
      const record: string[] = [];
      const lockThat = (acquire: () => Observable<Permit>): Acquirable => ({ acquire });
      const enter = (name: string, acquire: () => Observable<Permit>): void => {
        of('x')
          .pipe(withLock(lockThat(acquire)))
          .subscribe(recorder(record, name));
      };
      enter('errors', () => throwError(() => new RangeError('foreign')));
      enter('empty', () => EMPTY);
      enter('throws', () => {
        throw new TypeError('foreign');
      });
      expect(record).toEqual(['errors: RangeError', 'empty: NotAcquiredError', 'throws: TypeError']);
      const semaphore = new Semaphore(2);
      NEVER.pipe(withLock(lockThat(() => concat(semaphore.acquire(), semaphore.acquire())))).subscribe();
      expect(semaphore.available).toBe(1);
    });

    it('fails where its acquire() gives nothing to subscribe to', () => {
      const record: string[] = [];
      const source = new Subject<string>();
      const lock = { acquire: () => Promise.resolve() } as unknown as Acquirable;
      source.pipe(throttleBySemaphore(lock, () => of('x'))).subscribe(recorder(record, 'a'));
      expect(() => {
        source.next('value');
      }).not.toThrow();
      expect(record).toEqual(['a: TypeError']);
    });

    it('says that it is busy, or emitted no permit', () => {
      const messages: string[] = [];
      const hear = { error: ({ message }: Error) => messages.push(message) };
      const lock = new ForeignLock();
      lock.tryAcquire();
      of('x')
        .pipe(withLock(lock, { whenBusy: 'error' }))
        .subscribe(hear);
      of('x')
        .pipe(withLock({ acquire: () => EMPTY }))
        .subscribe(hear);
      expect(messages).toEqual([
        'cannot acquire the acquirable: it is busy',
        'cannot acquire the acquirable: it emitted no permit',
      ]);
    });

    it('takes no notice of what it answers once it has given a permit', () => {
      const permit = new Lock().tryAcquire();
      const record: string[] = [];
      const work = new Subject<string>();
      const answer = new Subject<Permit | null>();
      const lock = { acquire: () => NEVER, tryAcquire: () => answer };
      work.pipe(withLock(lock, { whenBusy: 'skip' })).subscribe(recorder(record, 'a'));
      answer.next(permit);
      expect(() => {
        answer.next(null);
        answer.error(new Error('late'));
      }).not.toThrow();
      work.next('x');
      work.complete();
      expect(record).toEqual(['a: x', 'a: complete']);
      expect(permit?.released).toBeTrue();
    });

    it('never asks for one who is closed when it subscribes (law 6)', () => {
      const acquire = jasmine.createSpy('acquire').and.returnValue(NEVER);
      const tryAcquire = jasmine.createSpy('tryAcquire').and.returnValue(null);
      new Observable<string>((subscriber) => {
        subscriber.unsubscribe();
        of('x').pipe(withLock({ acquire })).subscribe(subscriber);
        of('x')
          .pipe(withLock({ acquire, tryAcquire }, { whenBusy: 'skip' }))
          .subscribe(subscriber);
      }).subscribe();
      expect(acquire).not.toHaveBeenCalled();
      expect(tryAcquire).not.toHaveBeenCalled();
    });

    it('never asks for one who has left', () => {
      const semaphore = new Semaphore(0);
      const stop = new Subject<void>();
      const weight = (): number => {
        stop.next();
        return 1;
      };
      const foreign: Acquirable = { acquire: (units) => semaphore.acquire(units), tryAcquire: () => semaphore.tryAcquire() };
      for (const whenBusy of ['wait', 'skip'] as const) {
        of('x')
          .pipe(
            throttleBySemaphore(foreign, () => of('x'), { weight, whenBusy }),
            takeUntil(stop),
          )
          .subscribe();
      }
      expect(semaphore.waiting).toBe(0);
    });

    it('gives up when until emits, whatever the teardown of its wait throws', async () => {
      const until = new Subject<void>();
      const record: string[] = [];
      await unhandledDuring(() => {
        const acquire = () =>
          new Observable<Permit>(() => () => {
            throw new Error('teardown');
          });
        of('x').pipe(withLock({ acquire }, { until })).subscribe(recorder(record, 'a'));
        expect(() => {
          until.next();
        }).toThrow();
      });
      expect(record).toEqual(['a: TimeoutError']);
    });

    it('stops listening to until as it is unsubscribed, whatever the teardown of its wait throws', () => {
      const until = new Subject<void>();
      const acquire = () =>
        new Observable<Permit>(() => () => {
          throw new Error('teardown');
        });
      const waiting = of('x').pipe(withLock({ acquire }, { until })).subscribe();
      expect(() => {
        waiting.unsubscribe();
      }).toThrow();
      expect(until.observed).toBeFalse();
    });

    it('stands in no line for one who left while it was asked', () => {
      const semaphore = new Semaphore(0);
      const stop = new Subject<void>();
      const until = new Subject<void>();
      const acquire = () => {
        stop.next();
        return semaphore.acquire();
      };
      of('x').pipe(withLock({ acquire }, { until }), takeUntil(stop)).subscribe();
      expect(semaphore.waiting).toBe(0);
      expect(until.observed).toBeFalse();
    });

    it('that hands out our permits keeps the order of law 7', () => {
      const lock = new Lock();
      const wrapped: Acquirable = { acquire: () => lock.acquire().pipe(map((permit) => permit)) };
      const record: string[] = [];
      const source = new Subject<void>();
      source.pipe(withLock(wrapped)).subscribe({ complete: () => record.push('told') });
      of(0)
        .pipe(withLock(wrapped))
        .subscribe(() => record.push('next'));
      source.complete();
      expect(record).toEqual(['told', 'next']);
    });
  });

  describe('refuses at the call', () => {
    it('what cannot be acquired', () => {
      for (const lock of [undefined, null, 'lock', 5] as unknown[]) {
        expect(() => withLock(lock as Lock)).toThrowError(
          TypeError,
          `withLock needs something with an acquire() method, but got ${typeof lock === 'string' ? `"${lock}"` : String(lock)}`,
        );
      }
    });

    it('malformed options', () => {
      const lock = new Lock();
      expect(() => withLock(lock, { weight: 0 })).toThrowError(RangeError, 'weight must be an integer of at least 1, but is 0');
      expect(() => withLock(lock, { priority: NaN })).toThrowError(RangeError, 'priority must be a number, but is NaN');
      expect(() => withLock(lock, { whenBusy: 'never' as 'skip' })).toThrowError(
        TypeError,
        `whenBusy must be 'wait', 'skip' or 'error', but is "never"`,
      );
      expect(() => withLock({ acquire: () => NEVER }, { whenBusy: 'skip' })).toThrowError(
        TypeError,
        "withLock with whenBusy: 'skip' needs something with a tryAcquire() method",
      );
      expect(() => withLock(lock, { until: 5 as unknown as ObservableInput<unknown> })).toThrowError(TypeError);
    });
  });

  it('fails downstream, at subscription, when it asks for more than there ever is', () => {
    const record: string[] = [];
    of('x')
      .pipe(withLock(new BoundedSemaphore(2), { weight: 3 }))
      .subscribe(recorder(record, 'a'));
    expect(record).toEqual(['a: RangeError']);
  });

  describe('with works that yield, by subscribeOn inside the lock,', () => {
    itMarbles(
      'lets others have their turn between two works, in the same order',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const lock = new Lock();
        const first = cold('  (a|)     ');
        const firstSubs = '   --(^!)   ';
        const second = cold('   (b|)   ');
        const secondSubs = '  ----(^!) ';
        const expected1 = '   --(a|)   ';
        const expected2 = '   ----(b|) ';
        const yielding = (source: Observable<string>): Observable<string> =>
          source.pipe(subscribeOn(asyncScheduler, 2), withLock(lock));
        expectObservable(yielding(first)).toBe(expected1);
        expectObservable(yielding(second)).toBe(expected2);
        expectSubscriptions(first.subscriptions).toBe(firstSubs);
        expectSubscriptions(second.subscriptions).toBe(secondSubs);
      },
    );

    itMarbles(
      'holds the lock meanwhile, and passes it on when it is unsubscribed there',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const lock = new Lock();
        const first = cold('  (a|)    ');
        const second = cold('  (b|)   ');
        const secondSubs = '  -(^!)   ';
        const unsub = '       -!      ';
        const expected1 = '   --      ';
        const expected2 = '   -(b|)   ';
        expectObservable(first.pipe(subscribeOn(asyncScheduler, 2), withLock(lock)), unsub).toBe(expected1);
        expectObservable(second.pipe(withLock(lock))).toBe(expected2);
        expectSubscriptions(first.subscriptions).toBe([]);
        expectSubscriptions(second.subscriptions).toBe(secondSubs);
      },
    );

    it('yields after each work by observeOn inside the lock, and only hears later by one outside', () => {
      const [inner, outer] = [new Lock(), new Lock()];
      const record: string[] = [];
      const later = new VirtualTimeScheduler();
      const work = (name: string): Observable<string> => defer(() => of(`${name} runs`)).pipe(tap((word) => record.push(word)));
      for (const name of ['a', 'b']) {
        work(`${name} inside`).pipe(observeOn(later), withLock(inner)).subscribe();
        work(`${name} outside`).pipe(withLock(outer), observeOn(later)).subscribe();
      }
      expect(record).toEqual(['a inside runs', 'a outside runs', 'b outside runs']);
      later.flush();
      expect(record.slice(3)).toEqual(['b inside runs']);
      expect(inner.value).toEqual({ locked: false, waiting: 0 });
    });
  });
});
