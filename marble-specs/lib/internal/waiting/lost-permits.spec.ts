import {
  catchError,
  concat,
  config,
  defer,
  EMPTY,
  finalize,
  from,
  lastValueFrom,
  map,
  mergeMap,
  NEVER,
  of,
  Subject,
  Subscriber,
  take,
  tap,
  type Observable,
  type ObservableInput,
} from 'rxjs';
import { captureContext, Lock, LockLostError, type Acquirable, type LosablePermit, type Permit } from 'rxjs-locks';
import { concatMapByKey, throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { shown } from '../../../../lib/internal/checks/shown.js';
import { ownAcquirable } from '../../../../lib/internal/tasks/admission.js';
import * as tasks from '../../../../lib/internal/tasks/use.js';
import { itEndsWhenItsPermitIsLost, named } from '../../../contracts/losing.js';
import { ForeignLock } from '../../../support/foreign.js';
import { FakeLease, LosableLock } from '../../../support/losable.js';
import { itMarbles } from '../../../support/marbles.js';
import { recorder } from '../../../support/recorder.js';
import { unhandledDuring } from '../../../support/unhandled.js';

/** The `use()` that an acquirable of other code has, such as a lock over tabs. */
function use<T, P extends Permit>(lock: Acquirable<P>, task: (permit: P) => ObservableInput<T>): Observable<T> {
  return tasks.use(ownAcquirable('use', lock), task as (permit: Permit) => ObservableInput<T>);
}

/** The `run()` that an acquirable of other code has. */
function run<T, P extends Permit>(lock: Acquirable<P>, task: (permit: P) => T | PromiseLike<T>): Promise<T> {
  return tasks.run(ownAcquirable('run', lock), task as (permit: Permit) => T | PromiseLike<T>);
}

itEndsWhenItsPermitIsLost('withLock', (lock, task) => defer(task).pipe(withLock(lock)));
itEndsWhenItsPermitIsLost('throttleBySemaphore', (lock, task) => defer(task).pipe(throttleBySemaphore(lock)));
itEndsWhenItsPermitIsLost('throttleBySemaphore with a project', (lock, task) => of(0).pipe(throttleBySemaphore(lock, task)));
itEndsWhenItsPermitIsLost('concatMapByKey', (lock, task) =>
  of(0).pipe(concatMapByKey(() => 'key', task, { locks: { get: () => lock } })),
);
itEndsWhenItsPermitIsLost('use', (lock, task) => use(lock, task));

describe('A task of promises whose permit is lost', () => {
  let record: string[];
  let lock: LosableLock;

  beforeEach(() => {
    record = [];
    lock = new LosableLock(record);
  });

  /** A promise that is settled by hand. */
  function deferred(): { promise: Promise<string>; resolve: (value: string) => void; reject: (error: unknown) => void } {
    let resolve: (value: string) => void = () => undefined;
    let reject: (error: unknown) => void = () => undefined;
    const promise = new Promise<string>((res, rej) => {
      [resolve, reject] = [res, rej];
    });
    return { promise, resolve, reject };
  }

  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

  const ways: readonly (readonly [string, (task: () => ObservableInput<string>) => Observable<string>])[] = [
    ['use', (task) => use(lock, task)],
    ['throttleBySemaphore', (task) => of(0).pipe(throttleBySemaphore(lock, task))],
    ['concatMapByKey', (task) => of(0).pipe(concatMapByKey(() => 'key', task, { locks: { get: () => lock } }))],
  ];

  for (const [name, way] of ways) {
    for (const end of ['resolve', 'reject'] as const) {
      it(`fails at once and releases once, and ignores that the promise will ${end}: ${name}`, async () => {
        const task = deferred();
        way(() => task.promise).subscribe(recorder(record, 'a'));
        lock.last.lose();
        expect(record).toEqual(['release', 'a: LockLostError']);
        task[end]('late');
        await settled();
        expect(record).toEqual(['release', 'a: LockLostError']);
        expect(lock.last.observed).toBeFalse();
      });
    }

    it(`releases at once if downstream had unsubscribed before: ${name}`, async () => {
      const task = deferred();
      way(() => task.promise)
        .subscribe(recorder(record, 'a'))
        .unsubscribe();
      expect(record).toEqual([]);
      expect(lock.last.observed).toBeTrue();
      lock.last.lose();
      expect(record).toEqual(['release']);
      task.resolve('late');
      await settled();
      expect(record).toEqual(['release']);
    });

    it(`fails at once if the permit is lost while the promise is made: ${name}`, async () => {
      const task = deferred();
      way(() => {
        lock.last.lose();
        record.push('made');
        return task.promise;
      }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['made', 'release', 'a: LockLostError']);
      task.reject(new Error('late'));
      await settled();
      expect(record).toEqual(['made', 'release', 'a: LockLostError']);
    });

    it(`is not subscribed to if the permit is lost while an Observable is made: ${name}`, () => {
      way(() => {
        lock.last.lose();
        return defer(() => of(String(record.push('subscribed'))));
      }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['release', 'a: LockLostError']);
    });

    it(`keeps what the promise gave before: ${name}`, async () => {
      way(() => Promise.resolve('x')).subscribe(recorder(record, 'a'));
      await settled();
      expect(record).toEqual(['a: x', 'release', 'a: complete']);
      lock.last.lose();
      expect(record.length).toBe(3);
    });
  }

  it('stops an async iterable, and does not wait for it', async () => {
    const next = deferred();
    const iterable: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => next.promise.then((value) => ({ done: true, value })),
        return: () => {
          record.push('return()');
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    use(lock, () => iterable).subscribe(recorder(record, 'a'));
    lock.last.lose();
    expect(record).toEqual(['return()', 'release', 'a: LockLostError']);
    next.resolve('late');
    await settled();
    expect(record).toEqual(['return()', 'release', 'a: LockLostError']);
  });

  it('that has failed and waits for return() keeps its own error, and ends at once', async () => {
    const closing = deferred();
    const iterable: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: 'x' }),
        return: () => closing.promise.then(() => ({ done: true, value: undefined })),
      }),
    };
    of(0)
      .pipe(
        throttleBySemaphore(lock, () => iterable),
        tap(() => lock.last.signal),
        map(() => {
          throw new RangeError('downstream');
        }),
      )
      .subscribe(recorder(record, 'a'));
    await settled();
    expect(record).toEqual(['a: RangeError']);
    lock.last.lose();
    expect(record).toEqual(['a: RangeError', 'release']);
    closing.resolve('');
    await settled();
    expect(record).toEqual(['a: RangeError', 'release']);
  });

  it('rejects the promise of run at once, and learns of it by the signal', async () => {
    const task = deferred();
    const running = run(lock, (permit: LosablePermit) => {
      permit.signal.addEventListener('abort', () => {
        record.push(`aborted: ${String(permit.signal.reason)}`);
        task.resolve('stopped');
      });
      return task.promise.then((value) => {
        record.push(value);
      });
    });
    lock.last.lose();
    await running.catch((error: unknown) => record.push(String(error)));
    await settled();
    const message = 'LockLostError: lost lease "orders"';
    expect(record).toEqual([`aborted: ${message}`, 'release', 'stopped', message]);
  });

  it('rejects the promise of run if the permit is lost at the grant, and never calls the task', async () => {
    const losing = new LosableLock(record, (permit) => {
      permit.lose();
    });
    const task = jasmine.createSpy('task');
    await expectAsync(run(losing, task)).toBeRejectedWithError(LockLostError, 'lost lease "orders"');
    expect(task).not.toHaveBeenCalled();
    expect(losing.last.releases).toBe(1);
  });

  describe('ends once, as RxJS sees it:', () => {
    let dropped: string[];

    beforeEach(() => {
      dropped = [];
      config.onStoppedNotification = ({ kind }, { constructor }) => {
        if (constructor !== Subscriber) {
          dropped.push(kind); // an operator sent it downstream: RxJS's own class is that of an inner subscription
        }
      };
    });

    afterEach(() => {
      config.onStoppedNotification = null;
    });

    it('it is lost, and its promise settles later', async () => {
      const task = deferred();
      of(0)
        .pipe(throttleBySemaphore(lock, () => task.promise))
        .subscribe(recorder(record, 'a'));
      lock.last.lose();
      task.resolve('late');
      await settled();
      await settled();
      expect(dropped).toEqual([]);
    });

    it('it is lost at the grant, and both lost and lost$ say so', async () => {
      const losing = new LosableLock(record, (permit) => {
        permit.lose();
      });
      use(losing, () => 'x').subscribe(recorder(record, 'a'));
      await settled();
      expect(record).toEqual(['release', 'a: LockLostError']);
      expect(dropped).toEqual([]);
    });

    it('it calls back at once', async () => {
      const thenable = {
        then: (done: (value: string) => void) => {
          done('x');
        },
      } as unknown as Promise<string>;
      use(lock, () => thenable).subscribe(recorder(record, 'a'));
      await settled();
      expect(record).toEqual(['a: x', 'release', 'a: complete']);
      expect(dropped).toEqual([]);
    });
  });

  it('changes nothing for a thenable that calls back at once', () => {
    const thenable = {
      then: (done: (value: string) => void) => {
        done('x');
      },
    } as unknown as Promise<string>;
    use(lock, () => thenable).subscribe(recorder(record, 'a'));
    expect(record).toEqual(['a: x', 'release', 'a: complete']);
    use(lock, () => thenable)
      .pipe(take(1))
      .subscribe(recorder(record, 'b'));
    expect(record.slice(3)).toEqual(['b: x', 'b: complete', 'release']);
  });
});

describe('A stream of which one permit is lost', () => {
  let record: string[];

  beforeEach(() => {
    record = [];
  });

  const torn = (name: string): Observable<never> =>
    NEVER.pipe(
      finalize(() => {
        record.push(`${name} torn down`);
      }),
    );

  /** An acquirable that grants each time, except to the last value. */
  function permitsFor(names: readonly string[]): { locks: LosableLock[]; get: (name: string) => LosableLock } {
    const locks = names.map((name) => new LosableLock({ push: (word: string) => record.push(`${name} ${word}`) } as string[]));
    return { locks, get: (name) => locks[names.indexOf(name)] ?? new LosableLock() };
  }

  it('lets go of its task, the source, the other tasks and the waiters, and then fails: concatMapByKey', () => {
    const locks = permitsFor(['a', 'b', 'c']);
    locks.get('c').tryAcquire();
    concat(of('a', 'b', 'c'), torn('source'))
      .pipe(concatMapByKey((value) => value, torn, { locks }))
      .subscribe(recorder(record, 'downstream'));
    expect(locks.get('c').waiting).toBe(1);
    locks.get('b').last.lose();
    expect(record).toEqual([
      'b torn down',
      'b release',
      'source torn down',
      'a torn down',
      'a release',
      'downstream: LockLostError',
    ]);
    expect(locks.get('c').waiting).toBe(0);
    expect(locks.locks.map(({ last }) => last.observed)).toEqual([false, false, false]);
  });

  it('lets go of its task, the source, the other tasks and the waiters, and then fails: throttleBySemaphore', () => {
    const permits: FakeLease[] = [];
    const lock = new LosableLock(record);
    const semaphore: Acquirable<FakeLease> = {
      acquire: () =>
        permits.length < 2
          ? defer(() => {
              const permit = new FakeLease(1n, record, () => undefined);
              permits.push(permit);
              return of(permit);
            })
          : lock.acquire(),
    };
    lock.tryAcquire();
    concat(of('a', 'b', 'c'), torn('source'))
      .pipe(throttleBySemaphore(semaphore, torn))
      .subscribe(recorder(record, 'downstream'));
    expect(lock.waiting).toBe(1);
    permits[1]?.lose();
    expect(record).toEqual(['b torn down', 'release', 'source torn down', 'a torn down', 'release', 'downstream: LockLostError']);
    expect(lock.waiting).toBe(0);
    expect(permits.map(({ releases }) => releases)).toEqual([1, 1]);
  });

  itMarbles('fails alone, if each value has a stream of its own', ({ cold, hot, expectObservable }) => {
    const lock = new LosableLock();
    const source = hot('  a---b-----|    ');
    const task = '        --x--x|        ';
    const lost = '        ---x           ';
    const expected = '    --ae--b--b|    ';
    hot(lost).subscribe(() => {
      lock.last.lose();
    });
    const serve = (value: string): Observable<string> =>
      of(value).pipe(
        throttleBySemaphore(lock, () => cold(task).pipe(map(() => value))),
        catchError(() => of('e')),
      );
    expectObservable(source.pipe(mergeMap(serve))).toBe(expected);
  });

  it('fails with the first of two losses', () => {
    const locks = permitsFor(['a', 'b']);
    const errors: unknown[] = [];
    of('a', 'b')
      .pipe(
        concatMapByKey(
          (value) => value,
          (value) =>
            NEVER.pipe(
              finalize(() => {
                if (value === 'a') {
                  locks.get('b').last.lose(new Error('second'));
                }
              }),
            ),
          { locks },
        ),
      )
      .subscribe({ error: (error: Error) => errors.push(error.cause) });
    locks.get('a').last.lose(new Error('first'));
    expect(errors).toEqual([new Error('first')]);
    expect(locks.locks.map(({ last }) => last.releases)).toEqual([1, 1]);
  });
});

describe('The permit that a task gets for a permit of other code', () => {
  let record: string[];
  let lock: LosableLock;
  let permit: FakeLease;

  const ways: readonly (readonly [string, (task: (permit: FakeLease) => ObservableInput<string>) => Observable<string>])[] = [
    ['use', (task) => use(lock, task)],
    ['throttleBySemaphore', (task) => of(0).pipe(throttleBySemaphore(lock, (_value, _index, given) => task(given)))],
    ['run', (task) => defer(() => run(lock, (given: FakeLease) => lastValueFrom(from(task(given)))))],
  ];

  for (const [name, way] of ways) {
    describe(`from ${name}`, () => {
      beforeEach(() => {
        record = [];
        lock = new LosableLock(record);
        way((given) => {
          permit = given;
          return NEVER;
        }).subscribe(recorder(record, 'a'));
      });

      it('shows its loss, its signal, its token and its other members', () => {
        expect([permit.released, permit.lost, permit.token]).toEqual([false, false, 1n]);
        expect('lost$' in permit).toBeTrue();
        expect(permit.signal).toBe(lock.last.signal);
        expect(permit.signal.aborted).toBeFalse();
        expect(permit.renew()).toBe('renewed 1, lost: false');
        expect(permit).toBeInstanceOf(FakeLease);
        const reason = new Error('stolen');
        const reasons: unknown[] = [];
        permit.lost$.subscribe((each) => reasons.push(each));
        lock.last.lose(reason);
        permit.lost$.subscribe((each) => reasons.push(each));
        expect(reasons).toEqual([reason, reason]);
        expect([permit.released, permit.lost, permit.signal.aborted]).toEqual([true, true, true]);
        expect(permit.signal.reason).toBeInstanceOf(LockLostError);
        expect(permit.renew()).toBe('renewed 1, lost: true');
      });

      it('releases the lock once, and lets the task go on', () => {
        permit.release();
        permit.release();
        permit[Symbol.dispose]();
        expect(record).toEqual(['release']);
        expect(permit.released).toBeTrue();
        expect(permit.lost).toBeFalse();
        expect(lock.last.observed).toBeFalse();
      });

      it('does nothing to the other observers of lost$ if it is released while they are told', () => {
        permit.lost$.subscribe(() => {
          permit.release();
        });
        permit.lost$.subscribe(recorder(record, 'other'));
        const reason = new Error('stolen');
        lock.last.lose(reason);
        expect(record.filter((word) => word.startsWith('other'))).toEqual(['other: {}', 'other: complete']);
        expect(lock.last.releases).toBe(1);
      });

      it('shows in a log its acquirable, and whether it was released', () => {
        expect(shown(permit)).toBe('permit of lease "orders"');
        expect(JSON.stringify(permit)).toBe('{"released":false}');
        lock.last.lose();
        expect(JSON.stringify(permit)).toBe('{"released":true}');
      });

      it('works when it is frozen, and leaves the permit of the other code as it is', () => {
        Object.freeze(permit);
        expect(Object.isFrozen(lock.last)).toBeFalse();
        permit.release();
        expect(lock.last.releases).toBe(1);
      });
    });
  }

  it('is released by its own teardown once: release() inside of the teardown that the loss causes', () => {
    record = [];
    lock = new LosableLock(record);
    use(lock, (given: FakeLease) =>
      NEVER.pipe(
        finalize(() => {
          record.push(`released: ${String(given.released)}, lost: ${String(given.lost)}`);
          given.release();
        }),
      ),
    ).subscribe(recorder(record, 'a'));
    lock.last.lose();
    expect(record).toEqual(['released: true, lost: true', 'release', 'a: LockLostError']);
  });

  it('has no lost$ where the other permit has none, and is the permit of the section for a primitive of this library', () => {
    const given: Permit[] = [];
    const project = (_value: number, _index: number, each: Permit): Observable<never> => {
      given.push(each);
      return EMPTY;
    };
    of(0).pipe(throttleBySemaphore(new ForeignLock(), project)).subscribe();
    of(0)
      .pipe(throttleBySemaphore(new Lock({ name: 'orders' }), project))
      .subscribe();
    expect(given.map((each) => 'lost$' in each)).toEqual([false, false]);
    expect(given.map((each) => each.released)).toEqual([true, true]);
    expect(given.map(shown)[1]).toBe('permit of lock "orders"');
  });

  it('is not passed to the project of concatMapByKey', () => {
    const project = jasmine.createSpy<(value: string, index: number) => Observable<never>>('project').and.returnValue(EMPTY);
    of('x')
      .pipe(concatMapByKey(() => 'key', project))
      .subscribe();
    expect(project).toHaveBeenCalledOnceWith('x', 0);
  });
});

describe('The context in which a task is told that its permit is lost', () => {
  let current: string;

  afterEach(() => {
    captureContext(undefined);
  });

  const inContext = (name: string, act: () => void): void => {
    const before = current;
    current = name;
    try {
      act();
    } finally {
      current = before;
    }
  };

  beforeEach(() => {
    current = 'outside';
    captureContext(() => {
      const name = current;
      return (task) => {
        inContext(name, task);
      };
    });
  });

  for (const [how, options] of [
    ['acquire()', {}],
    ['tryAcquire()', { whenBusy: 'skip' }],
  ] as const) {
    it(`is that of its subscriber: ${how}`, () => {
      const lock = new LosableLock();
      const record: string[] = [];
      const here = (what: string) => (): void => {
        record.push(`${what} in ${current}`);
      };
      inContext('subscriber', () => {
        NEVER.pipe(finalize(here('teardown')), withLock(lock, options)).subscribe({ error: here('error') });
      });
      inContext('lock manager', () => {
        lock.last.lose();
      });
      expect(record).toEqual(['teardown in subscriber', 'error in subscriber']);
    });
  }

  it('is that in which a value arrived', () => {
    const lock = new LosableLock();
    const record: string[] = [];
    const source = new Subject<string>();
    const holder = lock.tryAcquire();
    source.pipe(throttleBySemaphore(lock, () => NEVER)).subscribe({ error: () => record.push(current) });
    inContext('value', () => {
      source.next('x');
    });
    holder?.release();
    lock.last.lose();
    expect(record).toEqual(['value']);
  });

  it('that throws is reported, and the task is told without it', async () => {
    const lock = new LosableLock();
    const record: string[] = [];
    let broken = false;
    captureContext(() => (task) => {
      if (broken) {
        throw new RangeError('this context is gone');
      }
      task();
    });
    const errors = await unhandledDuring(() => {
      NEVER.pipe(withLock(lock)).subscribe(recorder(record, 'a'));
      broken = true;
      lock.last.lose();
    });
    expect(record).toEqual(['a: LockLostError']);
    expect(errors).toEqual([new RangeError('this context is gone')]);
  });

  it('cannot be captured: the task never begins, and no permit is taken', () => {
    captureContext(() => {
      throw new RangeError('capture');
    });
    const lock = new LosableLock();
    const record: string[] = [];
    of('x').pipe(withLock(lock)).subscribe(recorder(record, 'a'));
    of('x')
      .pipe(withLock(lock, { whenBusy: 'skip' }))
      .subscribe(recorder(record, 'b'));
    expect(record).toEqual(['a: RangeError', 'b: RangeError']);
    expect(lock.permits).toEqual([]);
  });
});

describe('Messages about an acquirable of other code', () => {
  const busy = (acquirable: object): string => {
    const messages: string[] = [];
    of('x')
      .pipe(withLock({ acquire: () => NEVER, tryAcquire: () => null, ...acquirable }, { whenBusy: 'error' }))
      .subscribe({ error: ({ message }: Error) => messages.push(message) });
    return messages.join();
  };

  it('name it by its own toString()', () => {
    expect(busy({ toString: () => 'web lock "token"' })).toBe('cannot acquire web lock "token": it is busy');
    const messages: string[] = [];
    of('x')
      .pipe(withLock(named('web lock "token"', { acquire: () => EMPTY })))
      .subscribe({ error: ({ message }: Error) => messages.push(message) });
    expect(messages).toEqual(['cannot acquire web lock "token": it emitted no permit']);
  });

  it('call it the acquirable if it has none, or has one that fails', () => {
    const fails = (): string => {
      throw new Error('no name');
    };
    for (const acquirable of [{}, { [Symbol.toStringTag]: 'Thing' }, { toString: undefined }, { toString: fails }]) {
      expect(busy(acquirable)).toBe('cannot acquire the acquirable: it is busy');
    }
  });
});
