import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  map,
  merge,
  NEVER,
  Observable,
  of,
  race,
  skip,
  Subject,
  switchMap,
  takeUntil,
  throwError,
  timer,
} from 'rxjs';
import { Condition, Lock, NotAcquiredError, type Permit } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { itCloses } from '../contracts/closing.js';
import { itIsExclusive } from '../contracts/exclusive.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deliveries, insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';
import { thrownDuring, unhandledDuring } from '../support/unhandled.js';

/** Enters the condition's lock, and waits there; what one hears goes into `record`. */
function sleeper(condition: Condition, record: string[], name: string): { unsubscribe(): void } {
  return condition.use((permit) => condition.wait({ permit })).subscribe(recorder(record, name));
}

/** Enters the condition's lock and does something there. */
function inside(condition: Condition, act: () => void): void {
  condition
    .use(() => {
      act();
      return EMPTY;
    })
    .subscribe();
}

/** A holder by hand. */
function hold(condition: Condition): Permit {
  const permit = condition.tryAcquire();
  if (permit === null) {
    throw new Error('the lock is not free');
  }
  return permit;
}

describe('Condition', () => {
  itIsExclusive('Condition', () => {
    const primitive = new Condition();
    return { primitive, queue: primitive.lock };
  });

  itIsStateful('Condition', () => {
    const primitive = new Condition();
    const leaving = new Subject<void>();
    return {
      primitive,
      change: () => {
        primitive
          .use((permit) => primitive.wait({ permit }))
          .pipe(takeUntil(leaving))
          .subscribe();
      },
      restore: () => {
        leaving.next();
      },
      initial: { waiting: 0 },
      changed: { waiting: 1 },
    };
  });

  itCloses('Condition', (options) => {
    const primitive = new Condition(undefined, { name: 'changed', ...options });
    let ended = false;
    const end = (): boolean => (ended = true);
    primitive.subscribe({ complete: end, error: end });
    return {
      primitive,
      // Each waiter enters first, unless it is closed: then that is what it hears.
      wait: defer(() => {
        if (!ended) {
          primitive.lock.tryAcquire();
        }
        return primitive.wait();
      }),
      grant: () => {
        const permit = hold(primitive);
        primitive.notifyAll();
        permit.release();
      },
      name: 'condition "changed"',
      tried: 'wait for',
    };
  });

  describe('wait', () => {
    itMarbles('goes on when it was notified and the lock is free', ({ cold, expectObservable }) => {
      const condition = new Condition();
      const notify = cold('  ---x-----     ');
      const free = cold('       -----|     ');
      const expected = '     --------(t|)  ';
      notify.subscribe(() => {
        condition
          .use(() => {
            condition.notify();
            return free;
          })
          .subscribe();
      });
      expectObservable(condition.use((permit) => condition.wait({ permit }).pipe(map(() => 't')))).toBe(expected);
    });

    for (const [where, deliver] of deliveries) {
      it(`is in line before it releases the lock, ${where} (law 11)`, () => {
        const condition = new Condition();
        const waiting: number[] = [];
        const permit = hold(condition);
        condition.acquire().subscribe((next) => {
          waiting.push(condition.waiting);
          next.release();
        });
        deliver(() => {
          condition.wait({ permit }).subscribe();
        });
        expect(waiting).toEqual([1]);
        expect(permit.released).toBeFalse();
        expect(condition.locked()).toBeFalse();
      });

      it(`resumes the permit that it suspended, ${where} (law 11)`, () => {
        const condition = new Condition();
        const permit = hold(condition);
        const record: string[] = [];
        condition.wait({ permit }).subscribe(recorder(record, 'a'));
        deliver(() => {
          inside(condition, () => {
            condition.notify();
          });
        });
        expect(record).toEqual(['a: true', 'a: complete']);
        expect(condition.lock.value).toEqual({ locked: true, waiting: 0 });
        permit.release();
        expect(condition.locked()).toBeFalse();
      });

      it(`is woken in the order of waiting, behind those who wait for the lock, ${where} (law 11)`, () => {
        const condition = new Condition();
        const record: string[] = [];
        sleeper(condition, record, 'a');
        sleeper(condition, record, 'b');
        const permit = hold(condition);
        condition.use(() => of('before')).subscribe(recorder(record, 'x'));
        condition.notifyAll();
        condition.use(() => of('after')).subscribe(recorder(record, 'y'));
        expect(condition.lock.waiting).toBe(4);
        deliver(() => {
          permit.release();
        });
        expect(record.filter((word) => !word.endsWith('complete'))).toEqual(['x: before', 'a: true', 'b: true', 'y: after']);
      });

      it(`leaves the line when it is unsubscribed, with its permit spent, ${where} (law 11)`, () => {
        const condition = new Condition();
        const permit = hold(condition);
        const wait = condition.wait({ permit }).subscribe();
        deliver(() => {
          wait.unsubscribe();
          expect(condition.waiting).toBe(0);
          expect(permit.released).toBeTrue();
        });
        expect(condition.locked()).toBeFalse();
        inside(condition, () => {
          condition.notify();
        });
        expect(condition.locked()).toBeFalse();
      });

      it(`passes the notification on when it leaves the lock's line, ${where} (law 11)`, () => {
        const condition = new Condition();
        const record: string[] = [];
        const a = sleeper(condition, record, 'a');
        sleeper(condition, record, 'b');
        const permit = hold(condition);
        condition.notify();
        deliver(() => {
          a.unsubscribe();
          expect(condition.waiting).toBe(0);
          expect(condition.lock.waiting).toBe(1);
        });
        permit.release();
        expect(record).toEqual(['b: true', 'b: complete']);
      });

      it(`passes the notification on when it leaves with the lock already promised, ${where} (gh-112202)`, () => {
        const condition = new Condition();
        const record: string[] = [];
        const a = sleeper(condition, record, 'a');
        sleeper(condition, record, 'b');
        const permit = hold(condition);
        condition.notify();
        // Its grant is under way when it leaves.
        condition.lock.subscribe(({ waiting }) => {
          if (waiting === 0) {
            a.unsubscribe();
          }
        });
        deliver(() => {
          permit.release();
        });
        expect(record).toEqual(['b: true', 'b: complete']);
        expect(condition.locked()).toBeFalse();
      });

      it(`ends when its permit is released, ${where} (law 11)`, () => {
        const condition = new Condition(undefined, { name: 'changed' });
        const permit = hold(condition);
        const messages: string[] = [];
        condition.wait({ permit }).subscribe({ error: (error: Error) => messages.push(`${error.name}: ${error.message}`) });
        deliver(() => {
          permit.release();
          expect(condition.waiting).toBe(0);
        });
        expect(messages).toEqual(['NotAcquiredError: cannot wait for condition "changed": its permit was released']);
        expect(permit.released).toBeTrue();
      });

      it(`ends when its permit is released after it was notified, and passes the notification on, ${where}`, () => {
        const condition = new Condition();
        const record: string[] = [];
        const permit = hold(condition);
        condition.wait({ permit }).subscribe(recorder(record, 'a'));
        sleeper(condition, record, 'b');
        const holder = hold(condition);
        condition.notify();
        deliver(() => {
          permit.release();
        });
        holder.release();
        expect(record).toEqual(['a: NotAcquiredError', 'b: true', 'b: complete']);
      });
    }

    it('suspends whoever holds the lock, without a permit, as asyncio does', () => {
      const condition = new Condition();
      const record: string[] = [];
      const permit = hold(condition);
      condition.wait().subscribe(recorder(record, 'a'));
      inside(condition, () => {
        condition.notify();
      });
      expect(record).toEqual(['a: true', 'a: complete']);
      expect(permit.released).toBeFalse();
    });

    it('needs the lock, and the permit that holds it (law 11)', () => {
      const condition = new Condition(undefined, { name: 'changed' });
      const messages: string[] = [];
      const hear = { error: (error: Error) => messages.push(`${error.name}: ${error.message}`) };
      condition.wait().subscribe(hear);
      const spent = hold(condition);
      spent.release();
      const holder = hold(condition);
      condition.wait({ permit: spent }).subscribe(hear);
      expect(messages).toEqual([
        'NotAcquiredError: cannot wait for condition "changed": it is not locked',
        'NotAcquiredError: cannot wait for condition "changed": the permit does not hold its lock',
      ]);
      expect(holder.released).toBeFalse();
      expect(condition.value).toEqual({ waiting: 0 });
    });

    it('ends when its permit is released after it was promised the lock, and does not go on', () => {
      const condition = new Condition();
      const permit = hold(condition);
      const record: string[] = [];
      condition.wait({ permit }).subscribe(recorder(record, 'a'));
      const other = hold(condition);
      condition.notify();
      insideADelivery(() => {
        other.release();
        permit.release();
      });
      expect(record).toEqual(['a: NotAcquiredError']);
      expect(condition.locked()).toBeFalse();
    });

    it('publishes that the notification was passed on, when one leaves the line of the lock or is sent away from it', () => {
      const condition = new Condition();
      const record: string[] = [];
      const first = sleeper(condition, record, 'first');
      sleeper(condition, record, 'second');
      sleeper(condition, record, 'third');
      const states: number[] = [];
      condition.subscribe(({ waiting }) => states.push(waiting));
      inside(condition, () => {
        condition.notify();
        first.unsubscribe();
        expect(condition.lock.waiting).toBe(1);
        condition.lock.cancelWaiters();
      });
      expect(states).toEqual([3, 2, 1, 0]);
      expect(record).toEqual(['second: CancelledError', 'third: true', 'third: complete']);
    });

    it('looks at no predicate for a subscriber that is closed (law 6)', () => {
      const condition = new Condition();
      const permit = hold(condition);
      const predicate = jasmine.createSpy('predicate').and.returnValue(true);
      new Observable<boolean>((subscriber) => {
        subscriber.unsubscribe();
        condition.waitFor(predicate, { permit }).subscribe(subscriber);
      }).subscribe();
      expect(predicate).not.toHaveBeenCalled();
    });

    it('leaves nothing at its lock once nobody waits', () => {
      const lock = new Lock();
      const condition = new Condition(lock);
      const waiters = [sleeper(condition, [], 'a'), sleeper(condition, [], 'b')];
      waiters[0]?.unsubscribe();
      expect(lock.conditions?.has(condition)).toBeTrue();
      waiters[1]?.unsubscribe();
      expect(lock.conditions?.has(condition)).toBeFalse();
    });

    it('keeps the lock where maxWaiting does not let it wait', () => {
      const condition = new Condition(undefined, { maxWaiting: 0 });
      const permit = hold(condition);
      const record: string[] = [];
      condition.wait({ permit }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: QueueFullError']);
      expect(permit.released).toBeFalse();
      expect(condition.locked()).toBeTrue();
    });

    it('suspends nobody for a subscriber that is closed, or that its own predicate closed (law 6)', () => {
      const condition = new Condition();
      const permit = hold(condition);
      new Observable<boolean>((subscriber) => {
        subscriber.unsubscribe();
        condition.wait({ permit }).subscribe(subscriber);
      }).subscribe();
      const stop = new Subject<void>();
      const predicate = (): boolean => {
        stop.next();
        return false;
      };
      condition.waitFor(predicate, { permit }).pipe(takeUntil(stop)).subscribe();
      expect(condition.waiting).toBe(0);
      expect(permit.released).toBeFalse();
      expect(condition.locked()).toBeTrue();
    });

    it("is reparked though the lock's line is full", () => {
      const condition = new Condition(new Lock({ maxWaiting: 0 }));
      const record: string[] = [];
      sleeper(condition, record, 'a');
      const permit = hold(condition);
      condition.notify();
      expect(condition.lock.waiting).toBe(1);
      permit.release();
      expect(record).toEqual(['a: true', 'a: complete']);
    });

    it('passes the notification on when it left with takeUntil and the release came in its complete handler (law 11)', () => {
      const condition = new Condition();
      const record: string[] = [];
      const stop = new Subject<void>();
      const permit = hold(condition);
      condition
        .wait({ permit })
        .pipe(takeUntil(stop))
        .subscribe({
          next: () => record.push('a'),
          complete: () => {
            holder.release();
          },
        });
      sleeper(condition, record, 'b');
      const holder = hold(condition);
      condition.notify();
      stop.next();
      expect(record).toEqual(['b: true', 'b: complete']);
      expect(permit.released).toBeTrue();
      expect(condition.locked()).toBeFalse();
    });

    it('waits again under the same permit, and the teardown of the first wait leaves the second alone', () => {
      const condition = new Condition();
      const record: string[] = [];
      condition.use((permit) => concat(condition.wait({ permit }), condition.wait({ permit }))).subscribe(recorder(record, 'a'));
      for (let n = 0; n < 2; n++) {
        inside(condition, () => {
          condition.notify();
        });
      }
      expect(record).toEqual(['a: true', 'a: true', 'a: complete']);
      expect(condition.locked()).toBeFalse();
    });
  });

  describe('until', () => {
    itMarbles('makes it go on, without a notification, when it holds the lock again', ({ cold, expectObservable }) => {
      const condition = new Condition();
      const enter = cold('  -x           ');
      const work = cold('    -----|      ');
      const until = cold('  ---x         ');
      const expected = '    ------(f|)   ';
      enter.subscribe(() => condition.use(() => work).subscribe());
      const wait = condition.use((permit) => condition.wait({ permit, until }));
      expectObservable(wait.pipe(map((notified) => (notified ? 't' : 'f')))).toBe(expected);
    });

    it('is not listened to any more when the wait is unsubscribed, though an observer throws as it hears of that (law 9)', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const waiting = condition.use((permit) => condition.wait({ permit, until })).subscribe();
      condition.pipe(skip(1)).subscribe(() => {
        throw new Error('an observer');
      });
      thrownDuring(() => {
        waiting.unsubscribe();
      });
      expect(until.observed).toBeFalse();
    });

    for (const [where, deliver] of deliveries) {
      it(`wakes it at once where the lock is free, ${where}`, () => {
        const condition = new Condition();
        const until = new Subject<void>();
        const record: string[] = [];
        condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'a'));
        deliver(() => {
          until.next();
          expect(condition.waiting).toBe(0);
        });
        expect(record).toEqual(['a: false', 'a: complete']);
        expect(until.observed).toBeFalse();
        expect(condition.locked()).toBeFalse();
      });

      it(`changes nothing for one who was notified before, ${where} (bpo-33638)`, () => {
        const condition = new Condition();
        const until = new Subject<void>();
        const record: string[] = [];
        condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'a'));
        const holder = hold(condition);
        condition.notify();
        deliver(() => {
          until.next();
        });
        expect(condition.waiting).toBe(0);
        expect(condition.lock.waiting).toBe(1);
        holder.release();
        expect(record).toEqual(['a: true', 'a: complete']);
      });
    }

    it('is let go of before downstream hears that the wait is over, or in vain', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      const wait = (permit: Permit): void => {
        condition.wait({ permit, until }).subscribe({
          next: () => record.push(`next, ${until.observed ? 'watched' : 'let go of'}`),
          error: () => record.push(`error, ${until.observed ? 'watched' : 'let go of'}`),
        });
      };
      const notified = hold(condition);
      wait(notified);
      inside(condition, () => {
        condition.notify();
      });
      notified.release();
      wait(hold(condition));
      condition.cancelWaiters();
      expect(record).toEqual(['next, let go of', 'error, let go of']);
    });

    it('is not subscribed to where the wait ends as it begins', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      condition.subscribe(({ waiting }) => {
        if (waiting === 1) {
          condition.cancelWaiters();
        }
      });
      condition.wait({ permit: hold(condition), until }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: CancelledError']);
      expect(until.observed).toBeFalse();
    });

    it('changes nothing for one who was notified before, though it fails', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'a'));
      inside(condition, () => {
        condition.notify();
        until.error(new RangeError('until'));
        expect(record).toEqual([]);
      });
      expect(record).toEqual(['a: true', 'a: complete']);
    });

    for (const [how, end] of [
      [
        'emits',
        (until: Subject<void>) => {
          until.next();
        },
      ],
      [
        'fails',
        (until: Subject<void>) => {
          until.error(new RangeError('until'));
        },
      ],
    ] as const) {
      it(`changes nothing any more when it ${how} while the wait is being given up`, () => {
        const condition = new Condition();
        const until = new Subject<void>();
        const record: string[] = [];
        const wait = condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'a'));
        condition.pipe(skip(1)).subscribe(() => {
          end(until);
        });
        wait.unsubscribe();
        expect(record).toEqual([]);
        expect(condition.waiting).toBe(0);
        expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
      });
    }

    it('is let go of when the wait is over, and when it is given up', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const notified = condition.use((permit) => condition.wait({ permit, until })).subscribe();
      expect(until.observed).toBeTrue();
      inside(condition, () => {
        condition.notify();
      });
      expect(until.observed).toBeFalse();
      expect(notified.closed).toBeTrue();
      const left = condition.use((permit) => condition.wait({ permit, until })).subscribe();
      left.unsubscribe();
      expect(until.observed).toBeFalse();
      condition.use((permit) => condition.wait({ permit, until })).subscribe({ error: () => undefined });
      condition.cancelWaiters();
      expect(until.observed).toBeFalse();
    });

    it('fails the wait with its error, and lets it wait on when it only completes', () => {
      const condition = new Condition();
      const record: string[] = [];
      const failing = throwError(() => new RangeError('until'));
      condition.use((permit) => condition.wait({ permit, until: failing })).subscribe(recorder(record, 'a'));
      condition.use((permit) => condition.wait({ permit, until: EMPTY })).subscribe(recorder(record, 'b'));
      inside(condition, () => {
        condition.notifyAll();
      });
      expect(record).toEqual(['a: RangeError', 'b: true', 'b: complete']);
      expect(condition.locked()).toBeFalse();
    });

    it('makes waitFor give the last value of its predicate, whatever it is', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      let value = 0;
      condition.use((permit) => condition.waitFor(() => value, { permit, until })).subscribe(recorder(record, 'a'));
      inside(condition, () => {
        condition.notify();
      });
      expect(record).toEqual([]);
      until.next();
      expect(record).toEqual(['a: 0', 'a: complete']);
      value = 1;
      expect(condition.locked()).toBeFalse();
    });

    it('does not let waitFor wait once more when it failed while the predicate was looked at', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      let looks = 0;
      const predicate = (): boolean => {
        if (looks++ === 1) {
          until.error(new RangeError('until'));
        }
        return false;
      };
      condition.use((permit) => condition.waitFor(predicate, { permit, until })).subscribe(recorder(record, 'a'));
      inside(condition, () => {
        condition.notify();
      });
      expect(record).toEqual(['a: RangeError']);
      expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it('goes on whatever its teardown throws', async () => {
      const condition = new Condition();
      const record: string[] = [];
      const until = NEVER.pipe(
        finalize(() => {
          throw new Error('teardown');
        }),
      );
      const errors = await unhandledDuring(() => {
        condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'a'));
        inside(condition, () => {
          condition.notify();
        });
        condition.use((permit) => condition.wait({ permit, until })).subscribe(recorder(record, 'b'));
        condition.cancelWaiters();
      });
      expect(record).toEqual(['a: true', 'a: complete', 'b: CancelledError']);
      expect(errors).toEqual([new Error('teardown'), new Error('teardown')].map(() => jasmine.any(Error)));
      expect(condition.locked()).toBeFalse();
    });

    it('bounds waitFor over all of its waits', () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      condition.use((permit) => condition.waitFor(() => false, { permit, until })).subscribe(recorder(record, 'a'));
      const holder = hold(condition);
      condition.notify();
      until.next();
      expect(record).toEqual([]);
      holder.release();
      expect(record).toEqual(['a: false', 'a: complete']);
    });
  });

  describe('waitFor', () => {
    itMarbles('goes on when the predicate is true, with what it returned', ({ cold, expectObservable }) => {
      const condition = new Condition();
      const queue: string[] = [];
      const items = cold('  ---a---b   ');
      const expected = '    -------(2|)';
      items.subscribe((item) => {
        inside(condition, () => {
          queue.push(item);
          condition.notify();
        });
      });
      const size = (): number => (queue.length === 2 ? queue.length : 0);
      const wait = condition.use((permit) => condition.waitFor(size, { permit }));
      expectObservable(wait.pipe(map((value) => String(value)))).toBe(expected);
    });

    for (const [where, deliver] of deliveries) {
      it(`emits inside subscribe where the predicate is true, and lets nobody in, ${where}`, () => {
        const condition = new Condition();
        const record: string[] = [];
        const permit = hold(condition);
        condition.acquire().subscribe(() => record.push('other'));
        deliver(() => {
          condition.waitFor(() => 'yes', { permit }).subscribe(recorder(record, 'a'));
          expect(record).toEqual(['a: yes', 'a: complete']);
        });
        expect(permit.released).toBeFalse();
      });

      it(`holds the lock when the predicate throws, and passes the notification on, ${where} (C8)`, () => {
        const condition = new Condition();
        const record: string[] = [];
        let wrong = false;
        const permit = hold(condition);
        condition
          .waitFor(
            () => {
              if (wrong) {
                throw new RangeError('predicate');
              }
              return false;
            },
            { permit },
          )
          .subscribe(recorder(record, 'a'));
        sleeper(condition, record, 'b');
        wrong = true;
        deliver(() => {
          inside(condition, () => {
            condition.notify();
          });
        });
        expect(record).toEqual(['a: RangeError']);
        expect(permit.released).toBeFalse();
        expect(condition.locked()).toBeTrue();
        permit.release();
        expect(record).toEqual(['a: RangeError', 'b: true', 'b: complete']);
      });
    }

    it('fails when the predicate throws at once, with the lock still held', () => {
      const condition = new Condition();
      const record: string[] = [];
      const permit = hold(condition);
      const predicate = (): never => {
        throw new RangeError('predicate');
      };
      condition.waitFor(predicate, { permit }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: RangeError']);
      expect(permit.released).toBeFalse();
    });

    it('looks again at each notification, and holds the lock while it looks (C7)', () => {
      const condition = new Condition();
      const looks: boolean[] = [];
      const record: string[] = [];
      condition
        .use((permit) => condition.waitFor(() => looks.push(condition.locked()) === 3, { permit }))
        .subscribe(recorder(record, 'a'));
      for (let n = 0; n < 2; n++) {
        inside(condition, () => {
          condition.notify();
        });
      }
      expect(looks).toEqual([true, true, true]);
      expect(record).toEqual(['a: true', 'a: complete']);
    });

    it('gives its lock back when it is unsubscribed inside its own predicate', () => {
      const condition = new Condition();
      const record: string[] = [];
      const leaving = new Subject<void>();
      let looks = 0;
      const permit = hold(condition);
      condition
        .waitFor(
          () => {
            if (++looks === 2) {
              leaving.next();
            }
            return looks === 2;
          },
          { permit },
        )
        .pipe(takeUntil(leaving))
        .subscribe(recorder(record, 'a'));
      sleeper(condition, record, 'b');
      inside(condition, () => {
        condition.notify();
      });
      expect(record).toEqual(['a: complete', 'b: true', 'b: complete']);
      expect(permit.released).toBeTrue();
      expect(condition.locked()).toBeFalse();
    });

    it('has its section fail before the next holder runs, when it is unsubscribed inside its own predicate (law 7)', () => {
      const condition = new Condition();
      const stop = new Subject<void>();
      const record: string[] = [];
      let looks = 0;
      condition
        .use((permit) => {
          const predicate = (): boolean => {
            if (looks++ === 1) {
              stop.next();
            }
            return false;
          };
          const wait = condition.waitFor(predicate, { permit }).pipe(takeUntil(stop));
          return concat(wait, NEVER).pipe(finalize(() => record.push('a torn down')));
        })
        .subscribe(recorder(record, 'a'));
      const holder = hold(condition);
      condition.notify();
      condition.use(() => of('inside')).subscribe(recorder(record, 'b'));
      holder.release();
      expect(record).toEqual(['a torn down', 'a: NotAcquiredError', 'b: inside', 'b: complete']);
    });

    it('leaves a permit alone that another wait has suspended meanwhile', () => {
      const condition = new Condition();
      const stop = new Subject<void>();
      const record: string[] = [];
      const permit = hold(condition);
      let looks = 0;
      const predicate = (): boolean => {
        if (looks++ === 1) {
          condition.wait({ permit }).subscribe(recorder(record, 'second'));
          stop.next();
        }
        return false;
      };
      condition.waitFor(predicate, { permit }).pipe(takeUntil(stop)).subscribe(recorder(record, 'first'));
      inside(condition, () => {
        condition.notify();
      });
      // The first one passes its notification on, which the second one gets.
      expect(record).toEqual(['first: complete', 'second: true', 'second: complete']);
      expect(permit.released).toBeFalse();
      expect(condition.locked()).toBeTrue();
    });

    it('fails when the predicate releases the lock', () => {
      const condition = new Condition();
      const record: string[] = [];
      const permit = hold(condition);
      const predicate = (): boolean => {
        permit.release();
        return false;
      };
      condition.waitFor(predicate, { permit }).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: NotAcquiredError']);
      expect(condition.locked()).toBeFalse();
    });

    it('refuses a predicate that is no function', () => {
      expect(() => new Condition().waitFor(true as unknown as () => boolean)).toThrowError(
        TypeError,
        'the predicate must be a function, but is true',
      );
    });

    it('makes a bounded buffer', () => {
      const changed = new Condition();
      const buffer: number[] = [];
      const record: string[] = [];
      const put = (item: number): Observable<never> =>
        changed.use((permit) =>
          changed
            .waitFor(() => buffer.length < 2, { permit })
            .pipe(
              concatMap(() => {
                buffer.push(item);
                record.push(`put ${String(item)}`);
                changed.notifyAll();
                return EMPTY;
              }),
            ),
        );
      const take = changed.use((permit) =>
        changed
          .waitFor(() => buffer.length > 0, { permit })
          .pipe(
            map(() => {
              record.push(`take ${String(buffer.shift())}`);
              changed.notifyAll();
            }),
          ),
      );
      merge(...[1, 2, 3, 4].map(put)).subscribe();
      for (let n = 0; n < 4; n++) {
        take.subscribe();
      }
      expect(record).toEqual(['put 1', 'put 2', 'take 1', 'put 3', 'take 2', 'put 4', 'take 3', 'take 4']);
      expect(changed.lock.value).toEqual({ locked: false, waiting: 0 });
    });
  });

  describe('a section that goes on though its wait was given up', () => {
    const goingOn: Record<string, (wait: Observable<boolean>, stop: Observable<unknown>) => Observable<unknown>> = {
      switchMap: (wait, stop) => concat(of(1), stop).pipe(switchMap((first) => (first === 1 ? wait : NEVER))),
      takeUntil: (wait, stop) => concat(wait.pipe(takeUntil(stop)), NEVER),
    };
    for (const [operator, goOn] of Object.entries(goingOn)) {
      for (const [where, deliver] of deliveries) {
        it(`by ${operator} fails at once with NotAcquiredError, ${where} (law 11)`, () => {
          const condition = new Condition(undefined, { name: 'changed' });
          const stop = new Subject<number>();
          const messages: string[] = [];
          condition
            .use((permit) => goOn(condition.wait({ permit }), stop))
            .subscribe({ error: (error: Error) => messages.push(`${error.name}: ${error.message}`) });
          deliver(() => {
            stop.next(2);
          });
          expect(messages).toEqual([
            'NotAcquiredError: cannot go on inside lock "changed": the wait that had suspended it was given up, and its permit with it',
          ]);
          expect(stop.observed).toBeFalse();
          expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
        });
      }
    }

    it('by race fails at once with NotAcquiredError', () => {
      const condition = new Condition();
      const other = new Subject<string>();
      const record: string[] = [];
      condition.use((permit) => race(condition.wait({ permit }), other)).subscribe(recorder(record, 'a'));
      other.next('won');
      expect(record).toEqual(['a: NotAcquiredError']);
      expect(other.observed).toBeFalse();
    });

    it('by catching the error of the wait fails too, after that error was told', () => {
      const condition = new Condition();
      const record: string[] = [];
      condition
        .use((permit) =>
          condition.wait({ permit }).pipe(
            catchError((error: Error) => {
              record.push(`caught ${error.name}`);
              return NEVER;
            }),
          ),
        )
        .subscribe(recorder(record, 'a'));
      condition.cancelWaiters();
      expect(record).toEqual(['caught CancelledError', 'a: NotAcquiredError']);
    });

    it('and that ends with its wait just ends', () => {
      const condition = new Condition();
      const record: string[] = [];
      const stop = new Subject<void>();
      condition
        .use((permit) => condition.wait({ permit }))
        .pipe(takeUntil(stop))
        .subscribe(recorder(record, 'a'));
      condition.use((permit) => condition.wait({ permit }).pipe(takeUntil(stop))).subscribe(recorder(record, 'b'));
      stop.next();
      expect(record).toEqual(['a: complete', 'b: complete']);
      expect(condition.waiting).toBe(0);
    });
  });

  describe('notify', () => {
    it('wakes as many as it says, and no more than there are (C10)', () => {
      const condition = new Condition();
      const record: string[] = [];
      ['a', 'b', 'c', 'd'].forEach((name) => sleeper(condition, record, name));
      const told = (): string[] => record.filter((word) => word.endsWith('true'));
      inside(condition, () => {
        condition.notify();
      });
      expect(told()).toEqual(['a: true']);
      inside(condition, () => {
        condition.notify(2);
      });
      expect(told()).toEqual(['a: true', 'b: true', 'c: true']);
      inside(condition, () => {
        condition.notify(5);
      });
      expect(told()).toEqual(['a: true', 'b: true', 'c: true', 'd: true']);
      inside(condition, () => {
        condition.notifyAll();
      });
      const late: string[] = [];
      sleeper(condition, late, 'late');
      expect(late).toEqual([]);
    });

    it('needs the lock to be held, by anyone (C1)', () => {
      const condition = new Condition(undefined, { name: 'changed' });
      const message = 'cannot notify condition "changed": it is not locked';
      expect(() => {
        condition.notify();
      }).toThrowError(NotAcquiredError, message);
      expect(() => {
        condition.notifyAll();
      }).toThrowError(NotAcquiredError, message);
      hold(condition);
      expect(() => {
        condition.notify();
      }).not.toThrow();
    });

    it('fails while the lock is promised to one who has not been told (law 8)', () => {
      const condition = new Condition();
      const permit = hold(condition);
      condition.acquire().subscribe();
      insideADelivery(() => {
        permit.release();
        expect(() => {
          condition.notify();
        }).toThrowError(NotAcquiredError);
      });
    });

    it('refuses counts that are no positive integers', () => {
      const condition = new Condition();
      hold(condition);
      for (const count of [0, -1, 1.5, NaN]) {
        expect(() => {
          condition.notify(count);
        }).toThrowError(RangeError, `n must be an integer of at least 1, but is ${String(count)}`);
      }
    });

    it('publishes the state of the condition, then that of the lock, once each', () => {
      const condition = new Condition();
      const record: string[] = [];
      ['a', 'b', 'c'].forEach((name) => sleeper(condition, [], name));
      const permit = hold(condition);
      condition.subscribe(({ waiting }) => record.push(`condition ${String(waiting)}`));
      condition.lock.subscribe(({ waiting }) => record.push(`lock ${String(waiting)}`));
      condition.notify(2);
      expect(record).toEqual(['condition 3', 'lock 0', 'condition 1', 'lock 2']);
      permit.release();
    });

    heavy(it)('wakes a hundred thousand in order, on a flat stack', () => {
      const condition = new Condition();
      let next = 0;
      let inOrder = true;
      for (let who = 0; who < 100_000; who++) {
        condition
          .use((permit) => condition.wait({ permit }))
          .subscribe(() => {
            inOrder &&= next++ === who;
          });
      }
      inside(condition, () => {
        condition.notifyAll();
      });
      expect(next).toBe(100_000);
      expect(inOrder).toBeTrue();
      expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
    });
  });

  describe('shares its lock', () => {
    it('with another condition, and wakes only its own (bpo-45416)', () => {
      const lock = new Lock();
      const full = new Condition(lock);
      const empty = new Condition(lock);
      const record: string[] = [];
      sleeper(full, record, 'full');
      sleeper(empty, record, 'empty');
      inside(full, () => {
        empty.notifyAll();
      });
      expect(record).toEqual(['empty: true', 'empty: complete']);
      expect(full.waiting).toBe(1);
      expect(empty.lock).toBe(lock);
    });

    it('and takes nothing but a lock', () => {
      expect(() => new Condition('lock' as unknown as Lock)).toThrowError(TypeError, 'a condition needs a Lock, but got "lock"');
    });

    it('and gives its own lock its name', () => {
      const condition = new Condition(undefined, { name: 'changed' });
      expect(() => {
        condition.release();
      }).toThrowError(NotAcquiredError, 'cannot release lock "changed": it is not locked');
    });
  });

  describe('is closed', () => {
    it('with its lock, which fails those suspended in its conditions (law 13)', () => {
      const lock = new Lock();
      const condition = new Condition(lock);
      const record: string[] = [];
      sleeper(condition, record, 'asleep');
      const permit = hold(condition);
      lock.acquire().subscribe(recorder(record, 'in line'));
      lock.complete();
      expect(record).toEqual(['in line: ClosedError', 'asleep: ClosedError']);
      expect(condition.value).toEqual({ waiting: 0 });
      condition.wait({ permit }).subscribe(recorder(record, 'late'));
      expect(record.at(-1)).toBe('late: ClosedError');
      expect(() => {
        condition.notify();
        permit.release();
      }).not.toThrow();
      expect(lock.locked()).toBeFalse();
    });

    it('together with the lock that it made, and without the one it was given (law 13)', () => {
      const own = new Condition();
      own.complete();
      expect(() => own.lock.tryAcquire()).toThrowMatching((error: Error) => error.name === 'ClosedError');
      const lock = new Lock();
      const shared = new Condition(lock);
      shared.complete();
      expect(() => shared.tryAcquire()).toThrowMatching((error: Error) => error.name === 'ClosedError');
      const record: string[] = [];
      shared.acquire().subscribe(recorder(record, 'a'));
      shared.use(() => of(1)).subscribe(recorder(record, 'b'));
      expect(record).toEqual(['a: ClosedError', 'b: ClosedError']);
      expect(lock.tryAcquire()).not.toBeNull();
    });

    it('and says what was tried', () => {
      const closed = new Condition(undefined, { name: 'changed' });
      closed.complete();
      const messages: string[] = [];
      const hear = { error: ({ message }: Error) => messages.push(message) };
      closed.acquire().subscribe(hear);
      of(1)
        .pipe(withLock(closed, { whenBusy: 'skip' }))
        .subscribe(hear);
      closed.wait().subscribe(hear);
      const lock = new Lock({ name: 'shared' });
      const condition = new Condition(lock);
      const permit = hold(condition);
      lock.complete();
      condition.wait({ permit }).subscribe(hear);
      expect(messages).toEqual([
        'cannot acquire condition "changed": it is closed',
        'cannot acquire condition "changed": it is closed',
        'cannot wait for condition "changed": it is closed',
        'cannot wait for lock "shared": it is closed',
      ]);
      expect(() => closed.tryAcquire()).toThrowError('cannot acquire condition "changed": it is closed');
    });

    it('with its lock, whose state is told before those of its conditions', () => {
      const lock = new Lock();
      const condition = new Condition(lock);
      sleeper(condition, [], 'asleep');
      hold(condition);
      lock.acquire().subscribe({ error: () => undefined });
      const record: string[] = [];
      lock.subscribe(({ waiting }) => record.push(`lock ${String(waiting)}`));
      condition.subscribe(({ waiting }) => record.push(`condition ${String(waiting)}`));
      lock.complete();
      expect(record).toEqual(['lock 1', 'condition 1', 'lock 0', 'condition 0']);
    });

    it('and lets those go on who were notified before', () => {
      const lock = new Lock();
      const condition = new Condition(lock);
      const record: string[] = [];
      sleeper(condition, record, 'a');
      sleeper(condition, record, 'b');
      const permit = hold(condition);
      condition.notify();
      condition.complete();
      permit.release();
      expect(record).toEqual(['b: ClosedError', 'a: true', 'a: complete']);
    });

    it('and passes notifications on when its lock sends those in line away', () => {
      const condition = new Condition();
      const record: string[] = [];
      ['a', 'b', 'c'].forEach((name) => sleeper(condition, record, name));
      const permit = hold(condition);
      condition.notify(2);
      condition.lock.cancelWaiters();
      expect(record).toEqual(['a: CancelledError', 'b: CancelledError']);
      expect(condition.lock.waiting).toBe(1);
      permit.release();
      expect(record.slice(2)).toEqual(['c: true', 'c: complete']);
    });
  });

  it('holds the lock in run until the promise has settled, and waits in it', async () => {
    const condition = new Condition();
    const record: string[] = [];
    const waiting = condition.run(
      (permit) =>
        new Promise<string>((resolve, reject) => {
          condition.wait({ permit }).subscribe({
            next: () => {
              record.push('woken');
              resolve('done');
            },
            error: reject,
          });
        }),
    );
    inside(condition, () => {
      condition.notify();
    });
    expect(await waiting).toBe('done');
    expect(record).toEqual(['woken']);
    expect(condition.locked()).toBeFalse();
  });

  itMarbles('waits no longer than a timer says', ({ expectObservable }) => {
    const condition = new Condition();
    const wait = condition.use((permit) => condition.waitFor(() => false, { permit, until: timer(4) }));
    const expected = '----(f|)';
    expectObservable(wait.pipe(map(() => 'f'))).toBe(expected);
    expectObservable(condition.pipe(ignoreElements())).toBe('');
  });
});
