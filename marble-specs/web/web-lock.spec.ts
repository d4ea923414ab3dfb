import { concat, defer, EMPTY, lastValueFrom, Observable, of, repeat, retry, timer, type Subscription } from 'rxjs';
import { Lock, LockLostError, type LosablePermit } from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';
import { WebLock, type WebPermit } from 'rxjs-locks/web';

import { unhandledDuring } from '../support/unhandled.js';
import { recorder } from '../support/recorder.js';
import { isNode, itHasWebLocks, replace, turn, uniqueName, until, untilShown } from '../support/web-platform.js';

describe('WebLock', () => {
  itHasWebLocks();

  const record: string[] = [];
  let name: string;
  let lock: WebLock;

  beforeEach(() => {
    name = uniqueName();
    lock = new WebLock(name);
    record.length = 0;
  });

  const recorded = (word: string): Promise<void> => until(() => record.includes(word));

  /** Acquires the lock, and returns its permit when it is granted. */
  async function held(of = lock): Promise<WebPermit> {
    let permit: WebPermit | undefined;
    of.acquire().subscribe((each) => (permit = each));
    await until(() => permit !== undefined);
    return permit as unknown as WebPermit;
  }

  describe('acquire()', () => {
    it('emits a permit and completes', async () => {
      lock.acquire().subscribe(recorder(record, 'a'));
      await recorded('a: complete');

      expect(record).toEqual(['a: permit', 'a: complete']);
    });

    it('asks for nothing before it is subscribed to', async () => {
      lock.acquire();
      lock.tryAcquire();
      lock.steal();
      await turn();
      await untilShown(name, 0, 0);
      expect(record).toEqual([]);
    });

    it('makes a request for each subscription, and grants in the order of subscription', async () => {
      const acquire = lock.acquire();
      for (const word of ['a', 'b', 'c']) {
        acquire.subscribe((permit) => {
          record.push(word);
          permit.release();
        });
      }
      await recorded('c');

      expect(record).toEqual(['a', 'b', 'c']);
    });

    it('lets two objects of one name be one lock', async () => {
      const permit = await held();
      new WebLock(name).acquire().subscribe(() => record.push('other'));
      await untilShown(name, 1, 1);

      expect(record).toEqual([]);
      permit.release();
      await recorded('other');
    });

    it('lets shared holders in together, and a writer alone', async () => {
      const read = new WebLock(name, { mode: 'shared' });
      const [a, b] = [await held(read), await held(read)];
      lock.acquire().subscribe((permit) => {
        record.push('writer');
        permit.release();
      });
      read.acquire().subscribe((permit) => {
        record.push('reader behind the writer');
        permit.release();
      });
      await untilShown(name, 2, 2);
      a.release();
      b.release();
      await recorded('reader behind the writer');

      expect(record).toEqual(['writer', 'reader behind the writer']);
    });

    it('takes the empty name, NUL and lone surrogates for names', async () => {
      for (const each of ['', '\0', '\uD800']) {
        (await held(new WebLock(each))).release();
      }
      expect(true).toBeTrue();
    });
  });

  describe('a permit', () => {
    it('releases once, and only its own tenure', async () => {
      const first = await held();
      first.release();
      first.release();
      const second = await held();
      first.release();
      first[Symbol.dispose]();
      lock.tryAcquire().subscribe(recorder(record, 'while it is held'));
      await recorded('while it is held: complete');

      expect(record).toEqual(['while it is held: null', 'while it is held: complete']);
      expect([first.released, first.lost, second.released, second.lost]).toEqual([true, false, false, false]);
      second[Symbol.dispose]();
    });

    it('completes lost$ when it is released, also for late subscribers', async () => {
      const permit = await held();
      permit.lost$.subscribe(recorder(record, 'early'));
      const cancelled = permit.lost$.subscribe(recorder(record, 'cancelled'));
      cancelled.unsubscribe();
      permit.release();
      permit.lost$.subscribe(recorder(record, 'late'));

      expect(record).toEqual(['early: complete', 'late: complete']);
      expect(permit.signal.aborted).toBeFalse();
    });

    it('shows what granted it, and whether it ended, in logs', async () => {
      const permit = await held();

      // eslint-disable-next-line @typescript-eslint/no-base-to-string -- the interface does not promise it, and a log does it
      expect(String(permit)).toBe(`permit of web lock "${name}"`);
      expect(JSON.stringify(permit)).toBe('{"released":false,"lost":false}');
      permit.release();
      expect(JSON.stringify(permit)).toBe('{"released":true,"lost":false}');
    });
  });

  describe('cancelling', () => {
    it('leaves no trace of a waiter', async () => {
      const permit = await held();
      const waiter = lock.acquire().subscribe(() => record.push('cancelled waiter'));
      lock.acquire().subscribe(() => record.push('next'));
      await untilShown(name, 1, 2);
      waiter.unsubscribe();
      if (!isNode) {
        await untilShown(name, 1, 1);
      }
      permit.release();
      await recorded('next');

      expect(record).toEqual(['next']);
    });

    const ways: Record<string, (of: WebLock) => Observable<unknown>> = {
      acquire: (of) => of.acquire(),
      tryAcquire: (of) => of.tryAcquire(),
      steal: (of) => of.steal(),
    };
    const moments: Record<string, (cancel: () => void) => unknown> = {
      'in the same turn': (cancel) => {
        cancel();
      },
      'a microtask later': (cancel) => Promise.resolve().then(cancel),
      'some microtasks later': async (cancel) => {
        for (let i = 0; i < 5; i++) await Promise.resolve();
        cancel();
      },
      'a turn later': (cancel) => turn().then(cancel),
      'two milliseconds later': (cancel) => turn(2).then(cancel),
    };
    for (const [way, start] of Object.entries(ways)) {
      for (const [moment, at] of Object.entries(moments)) {
        it(`leaks nothing when ${way}() is unsubscribed from ${moment}`, async () => {
          for (let round = 0; round < 5; round++) {
            const permits: WebPermit[] = [];
            const subscription = start(lock).subscribe((permit) => {
              permits.push(permit as WebPermit);
            });
            await at(() => {
              subscription.unsubscribe();
            });
            permits[0]?.release();
          }
          const next = await held();
          next.release();
          await untilShown(name, 0, 0);
          expect(next.lost).toBeFalse();
        });
      }
    }

    it('tears the task down first, and releases then', async () => {
      const task = new Observable<never>(() => {
        record.push('task');
        return () => {
          record.push('torn down');
          lock.tryAcquire().subscribe((permit) => record.push(permit === null ? 'busy' : 'free'));
        };
      });
      const subscription = task.pipe(withLock(lock)).subscribe();
      await recorded('task');
      subscription.unsubscribe();
      await recorded('busy');

      expect(record).toEqual(['task', 'torn down', 'busy']);
    });
  });

  describe('tryAcquire()', () => {
    it('answers null where it would have to wait', async () => {
      const permit = await held();
      lock.tryAcquire().subscribe(recorder(record, 'try'));
      await recorded('try: complete');

      expect(record).toEqual(['try: null', 'try: complete']);
      permit.release();
    });

    it('gets what this page released a moment ago', async () => {
      for (let round = 0; round < 5; round++) {
        (await held()).release();
        let permit: WebPermit | null | undefined;
        lock.tryAcquire().subscribe((each) => (permit = each));
        await until(() => permit !== undefined);

        expect(permit).not.toBeNull();
        permit?.release();
      }
    });

    it('runs each of 25 repetitions of an operator that skips when busy', async () => {
      let runs = 0;
      defer(() => of(++runs))
        .pipe(withLock(lock, { whenBusy: 'skip' }), repeat(25))
        .subscribe({ complete: () => record.push('done') });
      await recorded('done');

      expect(runs).toBe(25);
    });

    it('waits for the releases of this page in linear time', async () => {
      const read = new WebLock(name, { mode: 'shared' });
      const { then } = Promise.prototype; // eslint-disable-line @typescript-eslint/unbound-method -- it is called with its object
      let calls = 0;
      replace(Promise.prototype, 'then', function (this: Promise<unknown>, ...args: Parameters<typeof then>) {
        calls++;
        return then.apply(this, args);
      });
      const callsFor = async (readers: number): Promise<number> => {
        const permits = await Promise.all(Array.from({ length: readers }, () => held(read)));
        calls = 0;
        let answers = 0;
        for (const permit of permits) {
          permit.release();
          read.tryAcquire().subscribe((each) => {
            answers++;
            each?.release();
          });
        }
        await until(() => answers === readers);
        return calls;
      };

      expect(await callsFor(200)).toBeLessThan(5 * (await callsFor(50)));
    });

    it('asks for nothing if it is unsubscribed from while a release is under way', async () => {
      const permit = await held();
      permit.release();
      const cancelled = lock.tryAcquire().subscribe(() => record.push('cancelled'));
      cancelled.unsubscribe();
      lock.tryAcquire().subscribe((each) => record.push(each === null ? 'busy' : 'free'));
      await until(() => record.length > 0);

      expect(record).toEqual(['free']);
    });
  });

  describe('a loss', () => {
    it('ends the section of a robbed holder, and lets the queue keep its places', async () => {
      const task = new Observable<never>(() => () => record.push('torn down'));
      task.pipe(withLock(lock)).subscribe(recorder(record, 'robbed'));
      await untilShown(name, 1, 0);
      lock.acquire().subscribe((permit) => {
        record.push('queue');
        permit.release();
      });
      lock.steal().subscribe((permit) => {
        record.push('thief');
        setTimeout(() => {
          permit.release();
        });
      });
      await recorded('queue');

      expect(record).toEqual(jasmine.arrayWithExactContents(['torn down', 'robbed: LockLostError', 'thief', 'queue']));
      expect(record.indexOf('torn down')).toBeLessThan(record.indexOf('robbed: LockLostError'));
      expect(record.indexOf('thief')).toBeLessThan(record.indexOf('queue'));
    });

    it('is told by lost$, lost, released and the signal, in this order', async () => {
      const permit = await held();
      const { signal } = permit;
      signal.addEventListener('abort', () => record.push(`signal: ${String(permit.lost)} ${String(permit.released)}`));
      permit.lost$.subscribe((reason) => {
        record.push(`lost$: ${reason.message}, ${String(signal.aborted)}`);
        permit.release();
      });
      permit.lost$.subscribe(recorder(record, 'second'));
      lock.steal().subscribe((thief) => {
        thief.release();
      });
      await recorded('second: complete');
      permit.lost$.subscribe(recorder(record, 'late'));

      expect(record).toEqual([
        'signal: true true',
        `lost$: lost web lock "${name}": it was stolen, true`,
        'second: {"name":"LockLostError"}',
        'second: complete',
        'late: {"name":"LockLostError"}',
        'late: complete',
      ]);
      expect(permit.signal.reason).toBeInstanceOf(LockLostError);
      expect((permit.signal.reason as LockLostError).cause).toBeDefined();
    });

    it('aborts a signal that is asked for later', async () => {
      const permit = await held();
      lock.steal().subscribe((thief) => {
        thief.release();
      });
      await until(() => permit.lost);

      expect(permit.signal.aborted).toBeTrue();
      expect(permit.signal).toBe(permit.signal);
    });

    it('is told to all listeners, though one throws', async () => {
      const permit = await held();
      const errors = await unhandledDuring(() => {
        permit.lost$.subscribe(() => {
          throw new Error('thrown by a listener');
        });
        permit.lost$.subscribe(recorder(record, 'second'));
        permit.release();
      });

      expect(record).toEqual(['second: complete']);
      expect(errors).toEqual([]);
    });

    it('ends a robbed section with retry at the end of the queue: one loss in all', async () => {
      const section = (word: string): Subscription =>
        defer(() => {
          record.push(`${word} in`);
          return timer(20);
        })
          .pipe(
            withLock(lock),
            retry({
              delay: (error: unknown) => {
                record.push(`${word}: ${(error as Error).name}`);
                return of(0);
              },
            }),
          )
          .subscribe({ complete: () => record.push(`${word} done`) });
      section('a');
      await recorded('a in');
      section('b');
      lock.steal().subscribe((permit) => {
        permit.release();
      });
      await recorded('a done');
      await recorded('b done');

      expect(record).toEqual(['a in', 'a: LockLostError', 'b in', 'b done', 'a in', 'a done']);
    });

    it('tells run() at once, and the task by its signal', async () => {
      const run = lock.run(async (permit: LosablePermit) => {
        record.push('in');
        await new Promise((resolve) => {
          permit.signal.addEventListener('abort', resolve);
        });
        record.push('stopped');
      });
      await recorded('in');
      lock.steal().subscribe((permit) => {
        permit.release();
      });

      await expectAsync(run).toBeRejectedWithError(LockLostError, `lost web lock "${name}": it was stolen`);
      await recorded('stopped');
    });
  });

  describe('with operators', () => {
    it('runs use(), run() and throttleBySemaphore() one at a time, in order', async () => {
      const during = (word: string): Observable<unknown> =>
        concat(
          defer(() => of(record.push(`${word} in`))),
          timer(2),
          defer(() => of(record.push(`${word} out`))),
        );
      lock.use(() => during('use')).subscribe();
      void lock.run(() => lastValueFrom(during('run')));
      of('first', 'second')
        .pipe(throttleBySemaphore(lock, during))
        .subscribe({ complete: () => record.push('done') });
      await recorded('done');

      const words = ['use', 'run', 'first', 'second'];
      expect(record).toEqual([...words.flatMap((word) => [`${word} in`, `${word} out`]), 'done']);
    });

    it('refuses a priority, which the platform does not know', () => {
      lock.use(() => EMPTY, { priority: 1 }).subscribe(recorder(record, 'use'));

      expect(record).toEqual(['use: RangeError']);
    });
  });

  describe('bad input', () => {
    it('is refused at the call', () => {
      const wrong = (value: unknown): never => value as never;

      expect(() => new WebLock(wrong(1))).toThrowError(TypeError, 'the name of a web lock must be a string, but is 1');
      expect(() => new WebLock('-a')).toThrowError(RangeError, 'the name of a web lock must not start with "-", but is "-a"');
      expect(() => new WebLock('a', wrong({ mode: 'both' }))).toThrowError(
        TypeError,
        'mode must be "exclusive" or "shared", but is "both"',
      );
      expect(() => new WebLock('a', wrong({ fallback: true }))).toThrowError(
        TypeError,
        'fallback must be "none" or "local", but is true',
      );
      for (const timeout of [0, -1, NaN, '1', null]) {
        expect(() => new WebLock('a', wrong({ timeout }))).toThrowError(
          RangeError,
          /^timeout must be a positive number of milliseconds/,
        );
      }
      expect(() => new WebLock('a', wrong({ steal: true }))).toThrowError(
        TypeError,
        'WebLock takes no option steal: it takes mode, timeout, fallback',
      );
      expect(() => new WebLock('a', wrong(1))).toThrowError(TypeError, /must be an object/);
      for (const weight of [0, -1, 0.5, NaN, '1', {}]) {
        expect(() => lock.acquire(wrong(weight))).toThrowError(RangeError, /^weight must be an integer of at least 1/);
        expect(() => lock.tryAcquire(wrong(weight))).toThrowError(RangeError, /^weight must be an integer of at least 1/);
      }
      expect(() => new WebLock('a', { mode: 'shared' }).steal()).toThrowError(
        TypeError,
        'cannot steal web lock "a": only an exclusive lock can be stolen',
      );
    });

    it('is refused downstream, for a weight', () => {
      lock.acquire(2).subscribe({ error: (error: Error) => record.push(error.message) });
      lock.tryAcquire(3).subscribe({ error: (error: Error) => record.push(error.message) });

      expect(record).toEqual([
        `cannot acquire 2 of web lock "${name}": it has no weights`,
        `cannot acquire 3 of web lock "${name}": it has no weights`,
      ]);
    });
  });

  it('has the properties that it was made with', () => {
    const { mode, timeout } = new WebLock('a');
    const shared = new WebLock('b', { mode: 'shared', timeout: Infinity });

    expect([mode, timeout, shared.name, shared.mode, shared.timeout]).toEqual(['exclusive', 30_000, 'b', 'shared', Infinity]);
    expect(String(shared)).toBe('web lock "b"');
  });

  it('grants to a thousand waiters in order, half of which are cancelled', async () => {
    const first = await held();
    const order: number[] = [];
    const waiters = Array.from({ length: 1000 }, (_, index) =>
      lock.acquire().subscribe((permit) => {
        order.push(index);
        permit.release();
      }),
    );
    for (let index = 0; index < 1000; index += 2) {
      waiters[index]?.unsubscribe();
    }
    first.release();
    await until(() => order.length === 500);

    expect(order).toEqual(Array.from({ length: 500 }, (_, index) => 2 * index + 1));
  });

  it('lets a local lock bundle the requests of a tab', async () => {
    const local = new Lock();
    const task = (value: number): Observable<unknown> =>
      defer(() => of(record.push(String(value)))).pipe(withLock(lock), withLock(local));
    task(1).subscribe();
    task(2).subscribe();
    await recorded('2');

    expect(record).toEqual(['1', '2']);
  });
});
