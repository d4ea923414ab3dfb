import { concat, defer, EMPTY, map, NEVER, Observable, of, Subject, takeUntil, throwError } from 'rxjs';
import { Lock, Semaphore, type Acquirable, type Permit } from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { ForeignLock } from '../../support/foreign.js';
import { recorder } from '../../support/recorder.js';
import { unhandledDuring } from '../../support/unhandled.js';

describe('withLock with an Acquirable of other code', () => {
  describe('waits in its queue', () => {
    it('runs one source at a time, and releases', () => {
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

    it('leaves the queue when it is unsubscribed, or when until emits', () => {
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

    it('notifies downstream before the next source runs, if the other code returns permits of this library', () => {
      const lock = new Lock();
      const wrapped: Acquirable = { acquire: () => lock.acquire().pipe(map((permit) => permit)) };
      const record: string[] = [];
      const source = new Subject<void>();
      source.pipe(withLock(wrapped)).subscribe({ complete: () => record.push('downstream') });
      of(0)
        .pipe(withLock(wrapped))
        .subscribe(() => record.push('next'));
      source.complete();
      expect(record).toEqual(['downstream', 'next']);
    });
  });

  describe('with whenBusy', () => {
    it('completes or fails when it is busy', () => {
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

    it('waits for a tryAcquire() that emits its answer later, and releases a permit that arrives after the unsubscription', () => {
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

    it('ignores what tryAcquire() emits after a permit', () => {
      const permit = new Lock().tryAcquire();
      const record: string[] = [];
      const task = new Subject<string>();
      const answer = new Subject<Permit | null>();
      const lock = { acquire: () => NEVER, tryAcquire: () => answer };
      task.pipe(withLock(lock, { whenBusy: 'skip' })).subscribe(recorder(record, 'a'));
      answer.next(permit);
      expect(() => {
        answer.next(null);
        answer.error(new Error('late'));
      }).not.toThrow();
      task.next('x');
      task.complete();
      expect(record).toEqual(['a: x', 'a: complete']);
      expect(permit?.released).toBeTrue();
    });
  });

  describe('when it fails', () => {
    it('fails when acquire() errors, emits no permit, or throws, and releases a second permit immediately', () => {
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

    it('fails, and runs nothing, when it gives an object that is no permit, such as a release function', () => {
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
      const message = (what: string): string => `cannot acquire the acquirable: it gave ${what}, which is not a permit`;
      const named = 'the function given';
      expect(record).toEqual([named, 'undefined', named, named].map(message));
    });

    it('fails when acquire() returns nothing that can be subscribed to', () => {
      const record: string[] = [];
      const source = new Subject<string>();
      const lock = { acquire: () => Promise.resolve() } as unknown as Acquirable;
      source.pipe(throttleBySemaphore(lock, () => of('x'))).subscribe(recorder(record, 'a'));
      expect(() => {
        source.next('value');
      }).not.toThrow();
      expect(record).toEqual(['a: TypeError']);
    });

    it('says in the message that it is busy, or that it emitted no permit', () => {
      const messages: string[] = [];
      const observer = { error: ({ message }: Error) => messages.push(message) };
      const lock = new ForeignLock();
      lock.tryAcquire();
      of('x')
        .pipe(withLock(lock, { whenBusy: 'error' }))
        .subscribe(observer);
      of('x')
        .pipe(withLock({ acquire: () => EMPTY }))
        .subscribe(observer);
      expect(messages).toEqual([
        'cannot acquire the acquirable: it is busy',
        'cannot acquire the acquirable: it emitted no permit',
      ]);
    });
  });

  describe('when it is unsubscribed', () => {
    it('never acquires for a subscriber that is closed when it subscribes', () => {
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

    it('never acquires for a value whose subscriber unsubscribes in weight()', () => {
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

    it('leaves no waiter in the queue when the subscriber unsubscribes during acquire()', () => {
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

    it('fails with a TimeoutError when until emits, although the teardown of its wait throws', async () => {
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

    it('unsubscribes from until when it is unsubscribed, although the teardown of its wait throws', () => {
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
  });
});
