import { filter, finalize, map, merge, NEVER, of, Subject, takeUntil, tap, type Observable } from 'rxjs';
import { NotAcquiredError, ReadWriteLock, type Permit, type Side, type WritePermit } from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deepFreeze } from '../support/deep-freeze.js';
import { deliveries, insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';
import { thrownDuring } from '../support/unhandled.js';

describe('ReadWriteLock', () => {
  itIsExclusive('ReadWriteLock.write', () => {
    const line = new ReadWriteLock();
    return { primitive: line.write, line };
  });

  itIsStateful('ReadWriteLock, read', () => {
    const primitive = new ReadWriteLock();
    const leaving = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.read
          .use(() => NEVER)
          .pipe(takeUntil(leaving))
          .subscribe();
      },
      restore: () => {
        leaving.next();
      },
      initial: { readers: 0, writing: false, waiting: 0 },
      changed: { readers: 1, writing: false, waiting: 0 },
    };
  });

  itIsStateful('ReadWriteLock, written', () => {
    const primitive = new ReadWriteLock();
    const leaving = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.write
          .use(() => NEVER)
          .pipe(takeUntil(leaving))
          .subscribe();
      },
      restore: () => {
        leaving.next();
      },
      initial: { readers: 0, writing: false, waiting: 0 },
      changed: { readers: 0, writing: true, waiting: 0 },
    };
  });

  itIsStateful('ReadWriteLock, waited for', () => {
    const primitive = new ReadWriteLock();
    primitive.write.tryAcquire();
    const leaving = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive.read.acquire().pipe(takeUntil(leaving)).subscribe();
      },
      restore: () => {
        leaving.next();
      },
      initial: { readers: 0, writing: true, waiting: 0 },
      changed: { readers: 0, writing: true, waiting: 1 },
    };
  });

  for (const [side, other] of [
    ['read', 'write'],
    ['write', 'read'],
  ] as const) {
    itCloses(`ReadWriteLock, of which one waits to ${side},`, (options) => {
      const primitive = new ReadWriteLock({ name: 'settings', ...options });
      const holder = primitive[other].tryAcquire();
      return {
        primitive,
        wait: primitive[side].acquire(),
        letGo: () => {
          holder?.release();
        },
        name: 'read-write lock "settings"',
        tried: 'acquire',
      };
    });
  }

  /** Acquires by hand; writes down who went in, and keeps the permits. */
  class Visitors {
    readonly record: string[] = [];
    readonly permits = new Map<string, Permit>();

    constructor(private readonly lock: ReadWriteLock) {}

    read(who: string): { unsubscribe(): void } {
      return this.enter(who, this.lock.read);
    }

    write(who: string): { unsubscribe(): void } {
      return this.enter(who, this.lock.write);
    }

    release(who: string): void {
      this.permits.get(who)?.release();
    }

    downgrade(who: string): void {
      (this.permits.get(who) as WritePermit).downgrade();
    }

    private enter(who: string, side: Side): { unsubscribe(): void } {
      return side.acquire().subscribe((permit) => {
        this.record.push(who);
        this.permits.set(who, permit);
      });
    }
  }

  const granted = map(() => 'p');

  function releasing(when: Observable<unknown>): <T extends Permit>(source: Observable<T>) => Observable<T> {
    return (source) =>
      source.pipe(
        tap((permit) =>
          when.subscribe(() => {
            permit.release();
          }),
        ),
      );
  }

  itMarbles('lets readers in together, and a reader wait behind a waiting writer', ({ cold, expectObservable }) => {
    const lock = new ReadWriteLock();
    const a = cold('      ---x     ');
    const b = cold('      -----x   ');
    const c = cold('           --x ');
    const expectedA = '   (p|)     ';
    const expectedB = '   (p|)     ';
    const expectedC = '   -----(p|)';
    const expectedD = '   -------(p|)';
    expectObservable(lock.read.acquire().pipe(releasing(a), granted)).toBe(expectedA);
    expectObservable(lock.read.acquire().pipe(releasing(b), granted)).toBe(expectedB);
    expectObservable(lock.write.acquire().pipe(releasing(c), granted)).toBe(expectedC);
    expectObservable(lock.read.acquire().pipe(granted)).toBe(expectedD);
  });

  itMarbles('lets a writer become a reader, and nobody write in between', ({ cold, expectObservable }) => {
    const lock = new ReadWriteLock();
    const downgrade = cold('---x       ');
    const a = cold('        ------x    ');
    const b = cold('           -----x  ');
    const expectedA = '     (p|)       ';
    const expectedB = '     ---(p|)    ';
    const expectedC = '     --------(p|)';
    const downgrading = tap((permit: WritePermit) =>
      downgrade.subscribe(() => {
        permit.downgrade();
      }),
    );
    expectObservable(lock.write.acquire().pipe(downgrading, releasing(a), granted)).toBe(expectedA);
    expectObservable(lock.read.acquire().pipe(releasing(b), granted)).toBe(expectedB);
    expectObservable(lock.write.acquire().pipe(granted)).toBe(expectedC);
  });

  itMarbles(
    'runs the works of readers side by side, and that of a writer by itself',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const lock = new ReadWriteLock();
      const first = cold('    --a--|         ');
      const second = cold('   ----b--|       ');
      const third = cold('           --c|    ');
      const fourth = cold('             -d|  ');
      const firstSubs = '     ^----!         ';
      const secondSubs = '    ^------!       ';
      const thirdSubs = '     -------^--!    ';
      const fourthSubs = '    ----------^-!  ';
      const expected = '      --a-b----c-d|  ';
      expectObservable(
        merge(
          lock.read.use(() => first),
          lock.read.use(() => second),
          lock.write.use(() => third),
          lock.read.use(() => fourth),
        ),
      ).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(second.subscriptions).toBe(secondSubs);
      expectSubscriptions(third.subscriptions).toBe(thirdSubs);
      expectSubscriptions(fourth.subscriptions).toBe(fourthSubs);
    },
  );

  itMarbles('shows who is inside and how many wait', ({ cold, expectObservable }) => {
    const lock = new ReadWriteLock();
    const reading = cold('   ------|        ');
    const writing = cold('         ---|     ');
    const visits = cold('    -abc           ');
    const expected = '       zabc---d--e-----f';
    visits.subscribe((visit) => {
      (visit === 'b' ? lock.write.use(() => writing) : lock.read.use(() => reading)).subscribe();
    });
    expectObservable(lock).toBe(expected, {
      z: { readers: 0, writing: false, waiting: 0 },
      a: { readers: 1, writing: false, waiting: 0 },
      b: { readers: 1, writing: false, waiting: 1 },
      c: { readers: 1, writing: false, waiting: 2 },
      d: { readers: 0, writing: true, waiting: 1 },
      e: { readers: 1, writing: false, waiting: 0 },
      f: { readers: 0, writing: false, waiting: 0 },
    });
  });

  it('is locked on a side on which one would have to wait, and gives no permit there', () => {
    const lock = new ReadWriteLock();
    const looks = (): string => [lock.read, lock.write].map((side) => (side.locked() ? 'locked' : 'free')).join(' ');
    const tries = (): string => {
      const permits = [lock.read, lock.write].map((side) => {
        const permit = side.tryAcquire();
        permit?.release();
        return permit === null ? 'locked' : 'free';
      });
      return permits.join(' ');
    };
    expect([looks(), tries()]).toEqual(['free free', 'free free']);
    const reader = lock.read.tryAcquire();
    expect([looks(), tries()]).toEqual(['free locked', 'free locked']);
    const waiting = lock.write.acquire().subscribe();
    expect([looks(), tries()]).toEqual(['locked locked', 'locked locked']);
    waiting.unsubscribe();
    expect([looks(), tries()]).toEqual(['free locked', 'free locked']);
    reader?.release();
    lock.write.tryAcquire();
    expect([looks(), tries()]).toEqual(['locked locked', 'locked locked']);
  });

  it('gives a reader its permit inside subscribe, and cold, each subscription anew (laws 1 and 2)', () => {
    const lock = new ReadWriteLock();
    const read = lock.read.acquire();
    expect(lock.value.readers).toBe(0);
    const record: string[] = [];
    read.subscribe(recorder(record, 'a'));
    read.subscribe(recorder(record, 'b'));
    expect(record).toEqual(['a: permit', 'a: complete', 'b: permit', 'b: complete']);
    expect(lock.value.readers).toBe(2);
  });

  for (const [where, deliver] of deliveries) {
    it(`lets neighboring readers in with one release, up to the next writer, ${where} (law 3)`, () => {
      const lock = new ReadWriteLock();
      const visitors = new Visitors(lock);
      visitors.write('a');
      visitors.read('b');
      visitors.read('c');
      visitors.write('d');
      visitors.read('e');
      deliver(() => {
        visitors.release('a');
        expect(lock.value).toEqual({ readers: 2, writing: false, waiting: 2 });
        expect(lock.read.tryAcquire()).toBeNull();
      });
      expect(visitors.record).toEqual(['a', 'b', 'c']);
      visitors.release('c');
      expect(visitors.record.length).toBe(3);
      deliver(() => {
        visitors.release('b');
        expect(lock.value).toEqual({ readers: 0, writing: true, waiting: 1 });
      });
      expect(visitors.record).toEqual(['a', 'b', 'c', 'd']);
    });

    it(`lets no stream of readers shut a writer out, ${where} (law 3)`, () => {
      const lock = new ReadWriteLock();
      const visitors = new Visitors(lock);
      visitors.read('a');
      visitors.write('b');
      deliver(() => {
        visitors.read('c');
        visitors.release('a');
      });
      expect(visitors.record).toEqual(['a', 'b']);
      visitors.release('b');
      expect(visitors.record).toEqual(['a', 'b', 'c']);
    });

    it(`lets the readers behind a writer go in when it leaves the line, ${where} (law 4)`, () => {
      const lock = new ReadWriteLock();
      const visitors = new Visitors(lock);
      visitors.read('a');
      const writer = visitors.write('b');
      visitors.read('c');
      visitors.read('d');
      visitors.write('e');
      visitors.read('f');
      deliver(() => {
        writer.unsubscribe();
        expect(lock.value).toEqual({ readers: 3, writing: false, waiting: 2 });
      });
      expect(visitors.record).toEqual(['a', 'c', 'd']);
    });

    it(`forgets who leaves in the middle of the line, ${where} (law 4)`, () => {
      const lock = new ReadWriteLock();
      const visitors = new Visitors(lock);
      visitors.read('a');
      visitors.write('b');
      const [reader, writer] = [visitors.read('c'), visitors.write('d')];
      visitors.read('e');
      deliver(() => {
        reader.unsubscribe();
        writer.unsubscribe();
        expect(lock.waiting).toBe(2);
      });
      visitors.release('a');
      visitors.release('b');
      expect(visitors.record).toEqual(['a', 'b', 'e']);
    });

    it(`passes on what was promised to a writer that leaves, to all readers behind it, ${where} (law 6)`, () => {
      const lock = new ReadWriteLock();
      const visitors = new Visitors(lock);
      const holder = lock.read.tryAcquire();
      // The state that lets the writer in makes it leave, before it is told.
      const entered = lock.pipe(filter(({ writing }) => writing));
      lock.write.acquire().pipe(takeUntil(entered)).subscribe(recorder(visitors.record, 'writer'));
      visitors.read('a');
      visitors.read('b');
      deliver(() => {
        holder?.release();
      });
      expect(visitors.record).toEqual(['writer: complete', 'a', 'b']);
      expect(lock.value).toEqual({ readers: 2, writing: false, waiting: 0 });
    });

    it(`passes on what was promised to a reader that leaves, ${where} (law 6)`, () => {
      const lock = new ReadWriteLock();
      const visitors = new Visitors(lock);
      const holder = lock.write.tryAcquire();
      lock.read.acquire().subscribe((permit) => {
        reader.unsubscribe();
        permit.release();
      });
      const reader = visitors.read('a');
      visitors.write('b');
      deliver(() => {
        holder?.release();
      });
      expect(visitors.record).toEqual(['b']);
      expect(lock.value).toEqual({ readers: 0, writing: true, waiting: 0 });
    });

    it(`releases when a reader's work is unsubscribed, once it was torn down, ${where} (law 7)`, () => {
      const lock = new ReadWriteLock();
      const record: string[] = [];
      const reading = lock.read
        .use(() => NEVER.pipe(finalize(() => record.push(`torn down, ${JSON.stringify(lock.value)}`))))
        .subscribe();
      lock.write.use(() => of('x')).subscribe(recorder(record, 'writer'));
      deliver(() => {
        reading.unsubscribe();
      });
      expect(record).toEqual(['torn down, {"readers":1,"writing":false,"waiting":1}', 'writer: x', 'writer: complete']);
    });

    it(`counts each reader once, however often it releases, ${where} (law 8)`, () => {
      const lock = new ReadWriteLock();
      const [first] = [lock.read.tryAcquire(), lock.read.tryAcquire()];
      deliver(() => {
        first?.release();
        first?.release();
        first?.[Symbol.dispose]();
      });
      expect(first?.released).toBeTrue();
      expect(lock.value.readers).toBe(1);
      expect(lock.write.tryAcquire()).toBeNull();
    });

    describe(`${where}, downgrade()`, () => {
      it('lets the readers in who are next in line, and leaves the writer behind them there (law 3)', () => {
        const lock = new ReadWriteLock();
        const visitors = new Visitors(lock);
        visitors.write('a');
        visitors.read('b');
        visitors.read('c');
        visitors.write('d');
        visitors.read('e');
        deliver(() => {
          visitors.downgrade('a');
          expect(lock.value).toEqual({ readers: 3, writing: false, waiting: 2 });
        });
        expect(visitors.record).toEqual(['a', 'b', 'c']);
        ['a', 'b', 'c'].forEach((who) => {
          visitors.release(who);
        });
        expect(visitors.record).toEqual(['a', 'b', 'c', 'd']);
      });

      it('works though a store has frozen the permit (law 8)', () => {
        const lock = new ReadWriteLock();
        const permit = lock.write.tryAcquire();
        deepFreeze(permit);
        deliver(() => {
          permit?.downgrade();
          expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 0 });
          permit?.release();
        });
        expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
      });

      it('lets nobody overtake a writer who is next in line (law 3)', () => {
        const lock = new ReadWriteLock();
        const visitors = new Visitors(lock);
        visitors.write('a');
        visitors.write('b');
        visitors.read('c');
        deliver(() => {
          visitors.downgrade('a');
          expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 2 });
          expect(lock.read.tryAcquire()).toBeNull();
          visitors.release('a');
        });
        expect(visitors.record).toEqual(['a', 'b']);
      });

      it('does nothing from the second time on, and the permit is released as a reader', () => {
        const lock = new ReadWriteLock();
        const permit = lock.write.tryAcquire();
        deliver(() => {
          permit?.downgrade();
          permit?.downgrade();
          expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 0 });
          expect(permit?.released).toBeFalse();
          lock.read.tryAcquire();
          permit?.release();
          permit?.release();
        });
        expect(permit?.released).toBeTrue();
        expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 0 });
      });

      it('refuses a permit that was released, downgraded before or not, and changes nothing (law 8)', () => {
        for (const before of ['release', 'downgrade'] as const) {
          const lock = new ReadWriteLock({ name: 'settings' });
          const permit = lock.write.tryAcquire();
          permit?.[before]();
          permit?.release();
          const next = lock.write.tryAcquire();
          const states: unknown[] = [];
          lock.subscribe((state) => states.push(state));
          deliver(() => {
            expect(() => permit?.downgrade()).toThrowError(
              NotAcquiredError,
              'cannot downgrade the permit of read-write lock "settings": it was released',
            );
          });
          expect(next?.released).toBeFalse();
          expect(states).toEqual([{ readers: 0, writing: true, waiting: 0 }]);
        }
      });

      it('works of a lock that is closed too: who holds finishes in peace (law 13)', () => {
        const lock = new ReadWriteLock();
        const permit = lock.write.tryAcquire();
        lock.complete();
        deliver(() => {
          permit?.downgrade();
          expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 0 });
          permit?.release();
        });
        expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
      });
    });
  }

  it('publishes one state for a release that wakes several, before they are told (law 5)', () => {
    const lock = new ReadWriteLock();
    const record: string[] = [];
    const holder = lock.write.tryAcquire();
    lock.read.acquire().subscribe(() => record.push('a'));
    lock.read.acquire().subscribe(() => record.push('b'));
    lock.subscribe(({ readers, waiting }) => record.push(`${String(readers)} read, ${String(waiting)} wait`));
    holder?.release();
    expect(record).toEqual(['0 read, 2 wait', '2 read, 0 wait', 'a', 'b']);
  });

  it('publishes one state for a downgrade, before those are told who go in with it (law 5)', () => {
    const lock = new ReadWriteLock();
    const record: string[] = [];
    const holder = lock.write.tryAcquire();
    lock.read.acquire().subscribe(() => record.push('a'));
    lock.subscribe((state) => record.push(JSON.stringify(state)));
    holder?.downgrade();
    record.push('downgraded');
    expect(record).toEqual([
      '{"readers":0,"writing":true,"waiting":1}',
      '{"readers":2,"writing":false,"waiting":0}',
      'a',
      'downgraded',
    ]);
  });

  it('returns from a downgrade before the readers run, inside a delivery (law 5)', () => {
    const lock = new ReadWriteLock();
    const record: string[] = [];
    lock.write.acquire().subscribe((permit) => {
      lock.read.acquire().subscribe(() => record.push('reader'));
      permit.downgrade();
      record.push('downgraded');
    });
    expect(record).toEqual(['downgraded', 'reader']);
  });

  it('shows every observer every state in order, though one downgrades and releases on what it sees (law 5)', () => {
    const lock = new ReadWriteLock();
    const seen: string[] = [];
    const permit = lock.write.tryAcquire();
    lock.subscribe(({ readers, waiting }) => {
      if (waiting === 1 && readers === 0) {
        permit?.downgrade();
      } else if (readers === 1) {
        permit?.release();
      }
    });
    lock.subscribe(({ readers, writing, waiting }) => seen.push(`${String(readers)} ${String(writing)} ${String(waiting)}`));
    lock.write.acquire().subscribe(() => seen.push('next'));
    expect(seen).toEqual(['0 true 0', '0 true 1', '1 false 1', '0 true 0', 'next']);
  });

  it('lets one who has just been told release, acquire and cancel (laws 3 and 5)', () => {
    const lock = new ReadWriteLock();
    const visitors = new Visitors(lock);
    const holder = lock.write.tryAcquire();
    lock.read.acquire().subscribe((permit) => {
      visitors.record.push('a');
      last.unsubscribe();
      visitors.write('again');
      permit.release();
    });
    visitors.read('b');
    const last = visitors.write('c');
    visitors.read('d');
    holder?.release();
    // It let d go in, and stands behind it.
    expect(visitors.record).toEqual(['a', 'b', 'd']);
    expect(lock.value).toEqual({ readers: 2, writing: false, waiting: 1 });
    visitors.release('b');
    visitors.release('d');
    expect(visitors.record).toEqual(['a', 'b', 'd', 'again']);
  });

  it('lets a reader wait for itself that wants to write: there is no upgrade', () => {
    const lock = new ReadWriteLock();
    let wrote = false;
    const section = lock.read.use(() => lock.write.use(() => of((wrote = true)))).subscribe();
    expect(wrote).toBeFalse();
    section.unsubscribe();
    expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
  });

  it('gives readers nothing that they could downgrade', () => {
    const lock = new ReadWriteLock();
    expect(lock.read.tryAcquire()).not.toEqual(jasmine.objectContaining({ downgrade: jasmine.anything() }));
  });

  it('keeps no permit of a tryAcquire that an observer of its state made fail (law 9)', () => {
    for (const side of ['read', 'write'] as const) {
      const lock = new ReadWriteLock();
      lock.subscribe(({ readers, writing }) => {
        if (writing || readers > 0) {
          throw new Error('observer');
        }
      });
      const errors = thrownDuring(() => {
        lock[side].tryAcquire();
      });
      expect(errors).toEqual([new Error('observer')]);
      expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
    }
  });

  it('calls its sides by what one does there', () => {
    const lock = new ReadWriteLock({ name: 'settings' });
    expect(String(lock)).toBe('read-write lock "settings"');
    expect(String(lock.read)).toBe('read-write lock "settings" for reading');
    expect(String(lock.write)).toBe('read-write lock "settings" for writing');
  });

  it('fails one who asks for a weight: each reads or writes once', () => {
    const lock = new ReadWriteLock();
    const messages: string[] = [];
    for (const side of [lock.read, lock.write]) {
      side.use(() => of(1), { weight: 2 }).subscribe({ error: ({ message }: RangeError) => messages.push(message) });
      of(1)
        .pipe(withLock(side, { weight: 2 }))
        .subscribe({ error: (error) => messages.push((error as Error).name) });
      expect(() => side.use(() => of(1), { weight: 0 })).toThrowError(RangeError);
    }
    expect(messages).toEqual([
      'cannot acquire 2 of read-write lock for reading: it knows no weights',
      'RangeError',
      'cannot acquire 2 of read-write lock for writing: it knows no weights',
      'RangeError',
    ]);
    expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
  });

  it('throws from tryAcquire what it was closed with', () => {
    const lock = new ReadWriteLock({ name: 'settings' });
    lock.error(new TypeError('closed'));
    expect(() => lock.read.tryAcquire()).toThrowError(TypeError, 'closed');
    expect(() => lock.write.tryAcquire()).toThrowError(TypeError, 'closed');
  });

  describe('in a pipe', () => {
    it('holds with withLock, and stands in one line with those who acquire by hand', () => {
      const lock = new ReadWriteLock();
      const record: string[] = [];
      const [first, second] = [new Subject<string>(), new Subject<string>()];
      first.pipe(withLock(lock.read)).subscribe(recorder(record, 'first'));
      second.pipe(withLock(lock.read)).subscribe(recorder(record, 'second'));
      of('x').pipe(withLock(lock.write)).subscribe(recorder(record, 'writer'));
      expect(lock.value).toEqual({ readers: 2, writing: false, waiting: 1 });
      second.next('b');
      second.complete();
      first.complete();
      expect(record).toEqual(['second: b', 'second: complete', 'first: complete', 'writer: x', 'writer: complete']);
      expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
    });

    it('does not wait where whenBusy says so', () => {
      const lock = new ReadWriteLock({ name: 'settings' });
      const record: string[] = [];
      lock.read.tryAcquire();
      of('x')
        .pipe(withLock(lock.write, { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'skip'));
      of('x')
        .pipe(withLock(lock.write, { whenBusy: 'error' }))
        .subscribe({ error: ({ message }: Error) => record.push(message) });
      of('x')
        .pipe(withLock(lock.read, { whenBusy: 'error' }))
        .subscribe(recorder(record, 'reader'));
      expect(record).toEqual([
        'skip: complete',
        'cannot acquire read-write lock "settings" for writing: it is busy',
        'reader: x',
        'reader: complete',
      ]);
    });

    it('gives up the place in line when until emits, and lets the readers behind it go in', () => {
      const lock = new ReadWriteLock();
      const record: string[] = [];
      const until = new Subject<void>();
      lock.read.tryAcquire();
      of('x').pipe(withLock(lock.write, { until })).subscribe(recorder(record, 'writer'));
      of('x').pipe(withLock(lock.read)).subscribe(recorder(record, 'reader'));
      expect(record).toEqual([]);
      until.next();
      expect(record).toEqual(['writer: TimeoutError', 'reader: x', 'reader: complete']);
    });

    it('runs the works of a throttle side by side where they read, and one by one where they write', () => {
      for (const [side, most] of [
        ['read', 3],
        ['write', 1],
      ] as const) {
        const lock = new ReadWriteLock();
        const works = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
        const record: string[] = [];
        of(...works)
          .pipe(throttleBySemaphore(lock[side], (work) => work))
          .subscribe(recorder(record, 'works'));
        expect(works.filter(({ observed }) => observed).length).toBe(most);
        works.forEach((work) => {
          work.complete();
        });
        expect(record).toEqual(['works: complete']);
        expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
      }
    });
  });

  it('lets the work of use and of run downgrade, and gives back a reader when it ends', async () => {
    const lock = new ReadWriteLock();
    const gate = new Subject<void>();
    const record: string[] = [];
    lock.write
      .use((permit) => {
        permit.downgrade();
        return gate;
      })
      .subscribe(recorder(record, 'writer'));
    lock.read.use(() => of('x')).subscribe(recorder(record, 'reader'));
    expect(lock.value.readers).toBe(1);
    gate.complete();
    expect(record).toEqual(['reader: x', 'reader: complete', 'writer: complete']);
    expect(lock.value.readers).toBe(0);
    const running = lock.write.run(async (permit) => {
      const before = lock.value.writing;
      permit.downgrade();
      await Promise.resolve();
      return [before, lock.value.readers];
    });
    expect(await Promise.all([running, lock.read.run(() => lock.value.readers)])).toEqual([[true, 1], 2]);
    expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
  });

  it('refuses works that are none, at the call of use, and by the promise of run', async () => {
    const lock = new ReadWriteLock();
    expect(() => lock.read.use('work' as unknown as () => Observable<string>)).toThrowError(TypeError);
    await expectAsync(lock.write.run('work' as unknown as () => string)).toBeRejectedWithError(TypeError);
    expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
  });

  heavy(it)('lets a hundred thousand readers in with one release, in order, and then a writer', () => {
    const lock = new ReadWriteLock();
    const holder = lock.write.tryAcquire();
    let entered = 0;
    let inOrder = true;
    for (let who = 0; who < 100_000; who++) {
      lock.read.acquire().subscribe((permit) => {
        inOrder &&= entered++ === who && lock.waiting === 1;
        permit.release();
      });
    }
    let wrote = false;
    lock.write.acquire().subscribe(() => {
      wrote = entered === 100_000;
    });
    holder?.release();
    expect(inOrder).toBeTrue();
    expect(wrote).toBeTrue();
  });

  heavy(it)(
    'lets a hundred thousand who read and write in turn go, each of whom releases inside next, on a flat stack (law 5)',
    () => {
      const lock = new ReadWriteLock();
      const holder = lock.write.tryAcquire();
      let entered = 0;
      let [depth, deepest] = [0, 0];
      let inOrder = true;
      for (let who = 0; who < 100_000; who++) {
        (who % 2 === 0 ? lock.read : lock.write).acquire().subscribe((permit) => {
          deepest = Math.max(deepest, ++depth);
          inOrder &&= entered++ === who;
          permit.release();
          depth--;
        });
      }
      holder?.release();
      expect([entered, deepest, inOrder]).toEqual([100_000, 1, true]);
      expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
    },
  );

  heavy(it)('lets a hundred thousand readers leave the line', () => {
    const lock = new ReadWriteLock();
    lock.read.tryAcquire();
    lock.write.acquire().subscribe();
    const readers = Array.from({ length: 100_000 }, () => lock.read.acquire().subscribe());
    readers.reverse().forEach((reader) => {
      reader.unsubscribe();
    });
    expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 1 });
  });

  it('tells readers whom a downgrade lets in after what was appended before, and once (law 5)', () => {
    const lock = new ReadWriteLock();
    const visitors = new Visitors(lock);
    const permit = lock.write.tryAcquire();
    visitors.read('a');
    insideADelivery(() => {
      permit?.downgrade();
      permit?.release();
      expect(visitors.record).toEqual([]);
      expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 0 });
    });
    expect(visitors.record).toEqual(['a']);
  });
});
