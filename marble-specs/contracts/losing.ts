import { EMPTY, finalize, NEVER, Observable, of, retry, Subject, throwError, type ObservableInput } from 'rxjs';
import { LockLostError, type Acquirable, type Permit } from 'rxjs-locks';

import { LosableLock } from '../support/losable.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';
import { thrownDuring, unhandledDuring } from '../support/unhandled.js';

/** Runs one task while it holds the lock. */
export type RunsTask = (lock: Acquirable, task: () => ObservableInput<string>) => Observable<string>;

/** The promise of law 15, for a way to run a task while holding a permit of other code. */
export function itEndsWhenItsPermitIsLost(name: string, run: RunsTask): void {
  describe(`${name}, when its permit is lost`, () => {
    let record: string[];
    let lock: LosableLock;

    beforeEach(() => {
      record = [];
      lock = new LosableLock(record);
    });

    /** A task that never ends. It records its teardown, and whether its permit was released by then. */
    const task = (): Observable<string> =>
      NEVER.pipe(
        finalize(() => {
          record.push(`torn down, released: ${String(lock.last.released)}`);
        }),
      );

    /** Records an error as name, message and cause. */
    const shows = (error: unknown): void => {
      record.push(error instanceof LockLostError ? `${error.name}: ${error.message}: ${String(error.cause)}` : String(error));
    };

    describe('fails', () => {
      itMarbles('in the frame of the loss', ({ cold, expectObservable, expectSubscriptions, flush }) => {
        const source = cold('  --a--b--c--d--|', undefined);
        const sub = '          ^-------!      ';
        const lost = '         --------x      ';
        const expected = '     --a--b--#      ';
        cold(lost).subscribe(() => {
          lock.last.lose();
        });
        const error = new LockLostError('lost lease "orders"', { cause: new Error('stolen') });
        expectObservable(run(lock, () => source)).toBe(expected, undefined, error);
        expectSubscriptions(source.subscriptions).toBe(sub);
        flush();
        expect(lock.last.releases).toBe(1);
      });

      it('after the source was torn down and the permit released once', () => {
        run(lock, task).subscribe(recorder(record, 'downstream'));
        lock.last.lose();
        expect(record).toEqual(['torn down, released: true', 'release', 'downstream: LockLostError']);
        expect(lock.last.observed).toBeFalse();
      });

      it('with a LockLostError that names the lock and has the reason as its cause', () => {
        run(lock, () => NEVER).subscribe({ error: shows });
        lock.last.lose();
        expect(record).toEqual(['release', 'LockLostError: lost lease "orders": Error: stolen']);
      });

      it('with the reason itself, if that is a LockLostError', () => {
        const reason = new LockLostError('the page was frozen');
        const errors: unknown[] = [];
        run(lock, () => NEVER).subscribe({ error: (error) => errors.push(error) });
        lock.last.lose(reason);
        expect(errors[0]).toBe(reason);
      });

      it('with an error of lost$ as the cause', () => {
        run(lock, task).subscribe({ error: shows });
        lock.last.fail(new RangeError('connection closed'));
        expect(record.slice(1)).toEqual(['release', 'LockLostError: lost lease "orders": RangeError: connection closed']);
      });

      it('once, if the permit is lost twice', () => {
        const lost$ = new Subject<Error>();
        const permit: Permit = { ...plain(record), lost$ };
        run(named('lease "orders"', { acquire: () => of(permit) }), () => NEVER).subscribe({ error: shows });
        lost$.next(new Error('first'));
        lost$.next(new Error('second'));
        lost$.error(new Error('third'));
        expect(record).toEqual(['release', 'LockLostError: lost lease "orders": Error: first']);
        expect(lost$.observed).toBeFalse();
      });

      it('if it was granted the permit later, or by tryAcquire()', () => {
        const holder = lock.tryAcquire();
        run(lock, task).subscribe(recorder(record, 'downstream'));
        holder?.release();
        lock.last.lose();
        expect(record).toEqual(['release', 'torn down, released: true', 'release', 'downstream: LockLostError']);
      });
    });

    describe('lets the lock go on', () => {
      it('grants the next waiter, and a retry waits behind it', () => {
        const tasks = [NEVER, of('second'), of('first again')];
        const next = (): Observable<string> => tasks.shift() ?? EMPTY;
        run(lock, next).pipe(retry(1)).subscribe(recorder(record, 'a'));
        run(lock, next).subscribe(recorder(record, 'b'));
        lock.last.lose();
        const values = record.filter((word) => !/release|complete/.test(word));
        expect(values).toEqual(['b: second', 'a: first again']);
        expect(record).toContain('a: complete');
        expect(lock.permits.map(({ releases }) => releases)).toEqual([1, 1, 1]);
        expect(lock.locked).toBeFalse();
      });

      it('does not touch the holder who took it', () => {
        run(lock, () => NEVER).subscribe(recorder(record, 'a'));
        lock.steal();
        expect(record).toEqual(['release', 'a: LockLostError']);
        expect(lock.permits.map(({ released }) => released)).toEqual([true, false]);
        expect(lock.locked).toBeTrue();
      });
    });

    describe('before its task began', () => {
      for (const [what, prepare] of [
        [
          'lost$ emits at once',
          (permit) => {
            permit.lose();
          },
        ],
        [
          'lost$ fails at once',
          (permit) => {
            permit.fail(new Error('stolen'));
          },
        ],
      ] as const satisfies [string, (permit: LosableLock['last']) => void][]) {
        it(`never begins it, releases once and fails: ${what}`, () => {
          const losing = new LosableLock(record, prepare);
          run(losing, () => {
            record.push('begins');
            return NEVER;
          }).subscribe({ error: shows });
          expect(record).toEqual(['release', 'LockLostError: lost lease "orders": Error: stolen']);
          expect(losing.last.releases).toBe(1);
          expect(losing.last.observed).toBeFalse();
        });
      }

      it('never begins it if lost is true, although lost$ has not emitted yet', () => {
        const losing = new LosableLock(record, (permit) => {
          permit.loseSilently();
        });
        run(losing, () => {
          record.push('begins');
          return NEVER;
        }).subscribe({ error: shows });
        expect(record).toEqual(['release', 'LockLostError: lost lease "orders": undefined']);
        losing.last.lose();
        expect(record.length).toBe(2);
        expect(losing.last.observed).toBeFalse();
      });

      it('never begins it if lost$ throws when it is subscribed to', () => {
        const lost$ = {
          subscribe: () => {
            throw new Error('broken');
          },
        } as unknown as Observable<Error>;
        run({ acquire: () => of({ ...plain(record), lost$ }) }, () => {
          record.push('begins');
          return NEVER;
        }).subscribe({ error: shows });
        expect(record).toEqual(['release', 'LockLostError: lost the acquirable: Error: broken']);
      });
    });

    describe('while its task is being subscribed to', () => {
      it('stops it midway, and fails when subscribe has returned', () => {
        const source = new Observable<string>((subscriber) => {
          subscriber.next('a');
          lock.last.lose();
          record.push(`closed: ${String(subscriber.closed)}`);
          subscriber.next('b');
          return () => record.push('torn down');
        });
        run(lock, () => source).subscribe(recorder(record, 'downstream'));
        expect(record).toEqual(['downstream: a', 'closed: true', 'torn down', 'release', 'downstream: LockLostError']);
      });

      it('ignores the loss if the task had completed by then', () => {
        const source = new Observable<string>((subscriber) => {
          subscriber.complete();
          lock.last.lose();
        });
        run(lock, () => source).subscribe(recorder(record, 'downstream'));
        expect(record).toEqual(['release', 'downstream: complete']);
      });
    });

    describe('after its task has ended', () => {
      for (const [what, end, word] of [
        [
          'completed',
          (source) => {
            source.complete();
          },
          'a: complete',
        ],
        [
          'failed',
          (source) => {
            source.error(new RangeError('own'));
          },
          'a: RangeError',
        ],
      ] as const satisfies [string, (source: Subject<string>) => void, string][]) {
        it(`hears nothing, and has let go of lost$: the task has ${what}`, () => {
          const source = new Subject<string>();
          run(lock, () => source).subscribe(recorder(record, 'a'));
          expect(lock.last.observed).toBeTrue();
          end(source);
          expect(lock.last.observed).toBeFalse();
          lock.last.lose();
          expect(record).toEqual(['release', word]);
        });
      }

      it('hears nothing, and has let go of lost$: downstream has unsubscribed', () => {
        run(lock, task).subscribe(recorder(record, 'a')).unsubscribe();
        expect(lock.last.observed).toBeFalse();
        lock.last.lose();
        expect(record).toEqual(['torn down, released: false', 'release']);
      });

      it('ignores a loss during the teardown', () => {
        for (const end of ['unsubscribe', 'complete'] as const) {
          record.length = 0;
          const source = new Subject<string>();
          const torn = source.pipe(
            finalize(() => {
              lock.last.lose();
            }),
          );
          const running = run(lock, () => torn).subscribe(recorder(record, 'a'));
          (end === 'complete'
            ? source
            : {
                complete: () => {
                  running.unsubscribe();
                },
              }
          ).complete();
          expect(record).toEqual(end === 'complete' ? ['release', 'a: complete'] : ['release']);
        }
      });

      it('ignores a loss that its release reports', () => {
        const lost$ = new Subject<Error>();
        const permit = plain(record, () => {
          lost$.next(new Error('had been lost before'));
        });
        run({ acquire: () => of({ ...permit, lost$ }) }, () => of('x')).subscribe(recorder(record, 'a'));
        expect(record).toEqual(['a: x', 'release', 'a: complete']);
      });
    });

    describe('that cannot be, or is not lost', () => {
      it('goes on when lost$ completes without a value', () => {
        const source = new Subject<string>();
        run({ acquire: () => of({ ...plain(record), lost$: EMPTY }) }, () => source).subscribe(recorder(record, 'a'));
        source.next('x');
        source.complete();
        expect(record).toEqual(['a: x', 'release', 'a: complete']);
      });

      it('goes on without a lost$', () => {
        run({ acquire: () => of(plain(record)) }, () => of('x')).subscribe(recorder(record, 'a'));
        expect(record).toEqual(['a: x', 'release', 'a: complete']);
      });

      it('subscribes to lost$ once, before the task begins', () => {
        const lost$ = new Observable<Error>(() => {
          record.push('watches');
          return () => record.push('lets go');
        });
        run({ acquire: () => of({ ...plain(record), lost$ }) }, () => of('x')).subscribe(recorder(record, 'a'));
        expect(record).toEqual(['watches', 'a: x', 'lets go', 'release', 'a: complete']);
      });
    });

    describe('and foreign code throws or acts', () => {
      it('reports what the teardown throws, releases, fails, and tells the other observers of lost$', async () => {
        const errors = await unhandledDuring(() => {
          run(lock, () =>
            NEVER.pipe(
              finalize(() => {
                throw new Error('teardown');
              }),
            ),
          ).subscribe(recorder(record, 'a'));
          lock.last.lost$.subscribe(() => record.push('another observer'));
          expect(() => {
            lock.last.lose();
          }).not.toThrow();
        });
        expect(record).toEqual(['release', 'a: LockLostError', 'another observer']);
        expect(String(errors[0])).toContain('teardown');
        expect(lock.locked).toBeFalse();
      });

      it('is not disturbed by another observer of lost$ that throws', async () => {
        const early = new LosableLock(record, (permit) => {
          permit.lost$.subscribe(() => {
            throw new Error('observer');
          });
        });
        const errors = await unhandledDuring(() => {
          run(early, () => NEVER).subscribe(recorder(record, 'a'));
          early.last.lose();
        });
        expect(record).toEqual(['release', 'a: LockLostError']);
        expect(errors).toEqual([new Error('observer')]);
      });

      it('fails although release() throws, which is reported', async () => {
        const lost$ = new Subject<Error>();
        const permit = plain(record, () => {
          throw new Error('release');
        });
        const errors = await unhandledDuring(() => {
          run({ acquire: () => of({ ...permit, lost$ }) }, () => NEVER).subscribe(recorder(record, 'a'));
          lost$.next(new Error('stolen'));
        });
        expect(record).toEqual(['release', 'a: LockLostError']);
        expect(errors).toEqual([new Error('release')]);
        expect(lost$.observed).toBeFalse();
      });

      it('releases although letting go of lost$ throws', async () => {
        const lost$ = new Observable<Error>(() => () => {
          throw new Error('lost$');
        });
        await unhandledDuring(() => {
          run({ acquire: () => of({ ...plain(record), lost$ }) }, () => of('x')).subscribe(recorder(record, 'a'));
        });
        expect(record).toContain('release');
      });

      it('is safe with useDeprecatedSynchronousErrorHandling: the others hear, and then the error is thrown', () => {
        const errors = thrownDuring(() => {
          run(lock, () => NEVER).subscribe({
            error: () => {
              throw new Error('downstream');
            },
          });
          lock.last.lost$.subscribe(() => record.push('another observer'));
          lock.last.lose();
        });
        expect(record).toEqual(['release', 'another observer']);
        expect(errors).toEqual([new Error('downstream')]);
      });

      it('releases once if downstream unsubscribes, or the permit is released, during the teardown', () => {
        for (const act of ['unsubscribe', 'release'] as const) {
          const running = run(lock, () =>
            NEVER.pipe(
              finalize(() => {
                if (act === 'unsubscribe') {
                  running.unsubscribe();
                }
              }),
            ),
          ).subscribe({ error: () => undefined });
          lock.last.lose();
          expect(lock.last.releases).toBe(1);
        }
      });

      it('runs inside a delivery as outside of one', () => {
        const other = new LosableLock(record);
        run(lock, task).subscribe(recorder(record, 'downstream'));
        run(other, () => of('go')).subscribe(() => {
          lock.last.lose();
          record.push('after');
        });
        expect(record).toEqual(['torn down, released: true', 'release', 'downstream: LockLostError', 'after', 'release']);
      });
    });

    it('passes on an error of the wait as it is', () => {
      run({ acquire: () => throwError(() => new RangeError('no')) }, () => NEVER).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: RangeError']);
    });
  });
}

/** Gives an acquirable a name for messages. */
export function named(name: string, acquirable: Acquirable): Acquirable {
  return Object.assign(acquirable, { toString: () => name });
}

/** A permit of other code that is no class, and does what an acquirable must do alone. */
function plain(record: string[], onRelease: () => void = () => undefined): Permit {
  const release = (): void => {
    record.push('release');
    onRelease();
  };
  return { released: false, release, [Symbol.dispose]: release };
}
