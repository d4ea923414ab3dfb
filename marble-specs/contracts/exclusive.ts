import {
  concat,
  concatMap,
  defer,
  delay,
  EMPTY,
  filter,
  finalize,
  NEVER,
  Observable,
  of,
  repeat,
  retry,
  Subject,
  Subscriber,
  take,
  takeUntil,
  tap,
  throwError,
  timeout,
  TimeoutError,
  type ObservableInput,
} from 'rxjs';
import type { Acquirable, Permit } from 'rxjs-locks';

import { deepFreeze } from '../support/deep-freeze.js';
import { deliveries, insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { reachable } from '../support/reachable.js';
import { recorder } from '../support/recorder.js';
import { thrownDuring, unhandledDuring } from '../support/unhandled.js';

/** A primitive that lets one in at a time, as the contract sees it. */
interface Exclusive extends Acquirable {
  acquire(): Observable<Permit>;
  tryAcquire(): Permit | null;
  use<T>(work: (permit: Permit) => ObservableInput<T>, options?: { until?: ObservableInput<unknown> }): Observable<T>;
  locked(): boolean;
}

/** The primitive, and whose line one waits in: for a condition, that is its lock. */
export interface ExclusiveCase {
  readonly primitive: Exclusive;
  readonly line: Observable<{ readonly waiting: number }> & { readonly waiting: number; complete(): void };
}

/** What everything promises that lets one in at a time. */
export function itIsExclusive(name: string, create: () => ExclusiveCase): void {
  describe(`${name} is exclusive: it`, () => {
    it('does not lead through its queue, so that a test that compares it reports no waiters', () => {
      const { primitive, line } = create();
      const permit = primitive.tryAcquire();
      const enter = (): void => {
        primitive.acquire().subscribe();
      };
      enter();
      const near = reachable(primitive, line, permit);
      Array.from({ length: 200 }, enter);
      expect(line.waiting).toBe(201);
      expect(reachable(primitive, line, permit)).toBe(near);
    });

    describe('gives permits', () => {
      it('cold: nothing happens before one subscribes (law 1)', () => {
        const { primitive } = create();
        primitive.acquire();
        primitive.use(() => EMPTY);
        expect(primitive.locked()).toBeFalse();
      });

      it('to each subscription anew, so that concat and repeat work (law 1)', () => {
        const { primitive } = create();
        const record: string[] = [];
        const turn = primitive.acquire().pipe(
          tap((permit) => {
            record.push(String(primitive.locked()));
            permit.release();
          }),
        );
        concat(turn, turn.pipe(repeat(2))).subscribe();
        expect(record).toEqual(['true', 'true', 'true']);
        expect(primitive.locked()).toBeFalse();
      });

      it('that say in a log of what they are and whether they were released', () => {
        const { primitive, line } = create();
        const permits: Permit[] = [];
        primitive.acquire().subscribe((permit) => permits.push(permit));
        primitive.use((permit) => [permits.push(permit)]).subscribe();
        permits[0]?.release();
        for (const permit of permits) {
          // eslint-disable-next-line @typescript-eslint/no-base-to-string -- `Permit` does not promise it, since others have permits too
          expect(String(permit)).toMatch(new RegExp(`^permit of .*${String(line)}`));
          expect(JSON.stringify(permit)).toBe('{"released":true}');
        }
        expect(JSON.stringify(primitive.tryAcquire())).toBe('{"released":false}');
      });

      for (const [where, deliver] of deliveries) {
        it(`inside subscribe where it is free, ${where} (law 2)`, () => {
          const { primitive } = create();
          deliver(() => {
            const record: string[] = [];
            primitive.acquire().subscribe({
              next: (permit) => record.push(permit.released ? 'released' : 'permit'),
              complete: () => record.push('complete'),
            });
            expect(record).toEqual(['permit', 'complete']);
            expect(primitive.locked()).toBeTrue();
          });
        });

        it(`first come, first served, ${where} (law 3)`, () => {
          const { primitive, line } = create();
          const record: string[] = [];
          const permits: Permit[] = [];
          const enter = (who: string): void => {
            primitive.acquire().subscribe((permit) => {
              record.push(who);
              permits.push(permit);
            });
          };
          ['a', 'b', 'c', 'd'].forEach(enter);
          expect(line.waiting).toBe(3);
          for (let turn = 0; turn < 4; turn++) {
            deliver(() => {
              permits[turn]?.release();
            });
          }
          expect(record).toEqual(['a', 'b', 'c', 'd']);
          expect(primitive.locked()).toBeFalse();
        });

        it(`that hand over directly: nobody finds it free in between, ${where} (law 3)`, () => {
          const { primitive } = create();
          const holder = primitive.tryAcquire();
          const record: string[] = [];
          primitive.acquire().subscribe(() => record.push('next'));
          deliver(() => {
            holder?.release();
            expect(primitive.locked()).toBeTrue();
            expect(primitive.tryAcquire()).toBeNull();
          });
          expect(record).toEqual(['next']);
        });

        it(`back when they are released, once and for their own tenure only, ${where} (law 8)`, () => {
          const { primitive } = create();
          const first = primitive.tryAcquire();
          deliver(() => {
            first?.release();
          });
          expect(first?.released).toBeTrue();
          const second = primitive.tryAcquire();
          deliver(() => {
            first?.release();
            first?.[Symbol.dispose]();
          });
          expect(second?.released).toBeFalse();
          expect(primitive.locked()).toBeTrue();
        });

        it(`back when they are released, though a store has frozen them, ${where} (law 8)`, () => {
          const { primitive } = create();
          const record: string[] = [];
          const ways: Observable<Permit | null>[] = [
            primitive.acquire(),
            defer(() => [primitive.tryAcquire()]),
            primitive.use((permit) => concat([permit], NEVER)),
          ];
          for (const way of ways) {
            let held: Permit | null | undefined;
            way.subscribe((permit) => {
              held = permit;
            });
            primitive.acquire().subscribe((permit) => {
              record.push('next');
              permit.release();
            });
            deepFreeze(held);
            deliver(() => {
              held?.release();
            });
            expect(held?.released).toBeTrue();
          }
          expect(record).toEqual(['next', 'next', 'next']);
          expect(primitive.locked()).toBeFalse();
        });

        it(`to the next one when a waiting one leaves, ${where} (law 4)`, () => {
          const { primitive, line } = create();
          const holder = primitive.tryAcquire();
          const record: string[] = [];
          const enter = (who: string) => primitive.acquire().subscribe(() => record.push(who));
          enter('a');
          const b = enter('b');
          enter('c');
          deliver(() => {
            b.unsubscribe();
            expect(line.waiting).toBe(2);
          });
          holder?.release();
          expect(record).toEqual(['a']);
          expect(line.waiting).toBe(1);
        });
      }

      it('that are given back at the end of a using block too', () => {
        const { primitive } = create();
        const permit = primitive.tryAcquire();
        permit?.[Symbol.dispose]();
        expect(permit?.released).toBeTrue();
        expect(primitive.locked()).toBeFalse();
      });

      it('never to a subscriber that is closed already (law 6)', () => {
        const { primitive, line } = create();
        const works: string[] = [];
        const states: unknown[] = [];
        line.subscribe((state) => states.push(state));
        new Observable((subscriber) => {
          subscriber.unsubscribe();
          primitive.acquire().subscribe(subscriber);
          primitive.use(() => works).subscribe(subscriber);
        }).subscribe();
        expect(primitive.locked()).toBeFalse();
        expect(states.length).toBe(1);
      });

      it('on, when a grant finds its subscriber gone (law 6)', () => {
        const { primitive } = create();
        const record: string[] = [];
        const holder = primitive.tryAcquire();
        // The first waiter makes the second leave while the second's grant is already under way.
        primitive.acquire().subscribe((permit) => {
          record.push('a');
          permit.release();
          b.unsubscribe();
        });
        const b = primitive.acquire().subscribe(() => record.push('b'));
        primitive.acquire().subscribe(() => record.push('c'));
        holder?.release();
        expect(record).toEqual(['a', 'c']);
      });

      itMarbles('in the frame in which they become free', ({ cold, expectObservable }) => {
        const { primitive } = create();
        const first = cold('   --a--b--|     ');
        const second = cold('         --c--|');
        const expected1 = '    --a--b--|     ';
        const expected2 = '    ----------c--|';
        expectObservable(primitive.use(() => first)).toBe(expected1);
        expectObservable(primitive.use(() => second)).toBe(expected2);
      });

      itMarbles('not to one whose time to wait is over', ({ cold, expectObservable }) => {
        const { primitive, line } = create();
        const work = cold('    -----a|      ');
        const expected1 = '    -----a|      ';
        const expected2 = '    ---#         ';
        const expected3 = '    -----------a|';
        expectObservable(primitive.use(() => work)).toBe(expected1);
        expectObservable(primitive.acquire().pipe(timeout(3))).toBe(expected2, undefined, jasmine.any(TimeoutError));
        expectObservable(primitive.use(() => work)).toBe(expected3);
        expectObservable(defer(() => of(line.waiting)).pipe(delay(0))).toBe('(a|)', { a: 2 });
        expectObservable(
          of(0).pipe(
            delay(4),
            concatMap(() => of(line.waiting)),
          ),
        ).toBe('----(a|)', { a: 1 });
      });

      heavy(it)('in order to a hundred thousand, each of whom releases inside next, on a flat stack (law 5)', () => {
        const { primitive, line } = create();
        const holder = primitive.tryAcquire();
        let entered = 0;
        let depth = 0;
        let deepest = 0;
        for (let who = 0; who < 100_000; who++) {
          primitive.acquire().subscribe((permit) => {
            deepest = Math.max(deepest, ++depth);
            expect(entered++).toBe(who);
            permit.release();
            depth--;
          });
        }
        holder?.release();
        expect(entered).toBe(100_000);
        expect(deepest).toBe(1);
        expect(line.waiting).toBe(0);
        expect(primitive.locked()).toBeFalse();
      });
    });

    describe('keeps no permit', () => {
      it('of one who leaves with takeUntil and releases in its complete handler (law 6)', () => {
        const { primitive } = create();
        const holder = primitive.tryAcquire();
        const record: string[] = [];
        const stop = new Subject<void>();
        primitive
          .acquire()
          .pipe(takeUntil(stop))
          .subscribe({ next: () => record.push('permit'), complete: () => holder?.release() });
        stop.next();
        expect(record).toEqual([]);
        expect(primitive.locked()).toBeFalse();
      });

      it('of a work that was never to be subscribed to, for the same reason (law 6)', () => {
        const { primitive } = create();
        const holder = primitive.tryAcquire();
        const stop = new Subject<void>();
        let works = 0;
        primitive
          .use(() => of(++works))
          .pipe(takeUntil(stop))
          .subscribe({ complete: () => holder?.release() });
        stop.next();
        expect(works).toBe(0);
        expect(primitive.locked()).toBeFalse();
      });

      for (const [what, act] of [
        [
          'is granted',
          (until: Subject<void>, release: () => void) => {
            release();
            until.next();
          },
        ],
        [
          'times out',
          (until: Subject<void>, release: () => void) => {
            until.next();
            release();
          },
        ],
      ] as const) {
        it(`of one whose until throws in its teardown, when it ${what} (law 9)`, async () => {
          const { primitive, line } = create();
          const record: string[] = [];
          const errors = await unhandledDuring(() => {
            const holder = primitive.tryAcquire();
            const emits = new Subject<void>();
            const until = emits.pipe(
              finalize(() => {
                throw new Error('teardown');
              }),
            );
            primitive.use(() => of('x'), { until }).subscribe(recorder(record, 'a'));
            try {
              act(emits, () => holder?.release());
            } catch (error) {
              expect(error).toBeInstanceOf(Error);
              holder?.release();
            }
          });
          expect(errors.length).toBeLessThan(2);
          expect(record).toEqual(what === 'is granted' ? ['a: x', 'a: complete'] : ['a: TimeoutError']);
          expect(line.waiting).toBe(0);
          expect(primitive.locked()).toBeFalse();
        });
      }

      it('of a promise whose subscriber throws hard (law 9)', async () => {
        const { primitive } = create();
        class Hard extends Subscriber<number> {
          override next(): void {
            throw new Error('hard');
          }

          override error(): void {
            // It hears what it threw.
          }
        }
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- a subscriber of somebody else's making
        primitive.use(() => Promise.resolve(1)).subscribe(new Hard());
        expect(primitive.locked()).toBeTrue();
        await new Promise((resolve) => setTimeout(resolve));
        expect(primitive.locked()).toBeFalse();
      });
    });

    describe('delivers', () => {
      it('the next holder before release() returns, outside of a delivery (law 5)', () => {
        const { primitive } = create();
        const record: string[] = [];
        const holder = primitive.tryAcquire();
        primitive.acquire().subscribe(() => record.push('next holder'));
        holder?.release();
        record.push('released');
        expect(record).toEqual(['next holder', 'released']);
      });

      it('the next holder after release() has returned, inside a delivery (law 5)', () => {
        const { primitive } = create();
        const record: string[] = [];
        const holder = primitive.tryAcquire();
        primitive.acquire().subscribe(() => record.push('next holder'));
        insideADelivery(() => {
          holder?.release();
          record.push('released');
        });
        expect(record).toEqual(['released', 'next holder']);
      });

      it('what an immediate grant wakes after its next has returned (law 5)', () => {
        const { primitive } = create();
        const record: string[] = [];
        primitive.acquire().subscribe((permit) => {
          primitive.acquire().subscribe(() => record.push('second'));
          permit.release();
          record.push('first is done');
        });
        expect(record).toEqual(['first is done', 'second']);
      });

      it('to everyone else, though one throws in its handler (law 9)', async () => {
        const { primitive } = create();
        const record: string[] = [];
        const errors = await unhandledDuring(() => {
          const holder = primitive.tryAcquire();
          primitive.acquire().subscribe((permit) => {
            permit.release();
            throw new Error('handler');
          });
          primitive.acquire().subscribe(() => record.push('next'));
          holder?.release();
        });
        expect(record).toEqual(['next']);
        expect(errors).toEqual([new Error('handler')]);
      });

      it('to everyone else with synchronous error handling too, and leaks no permit (law 9)', () => {
        const { primitive } = create();
        const record: string[] = [];
        const holder = primitive.tryAcquire();
        primitive
          .use(() => of('x'))
          .subscribe(() => {
            throw new Error('handler');
          });
        primitive.use(() => of('next')).subscribe(recorder(record, 'b'));
        thrownDuring(() => holder?.release());
        expect(record).toEqual(['b: next', 'b: complete']);
        expect(primitive.locked()).toBeFalse();
        const errors = thrownDuring(() => {
          primitive
            .use(() => of('x'))
            .subscribe(() => {
              throw new Error('handler');
            });
        });
        expect(errors).toEqual([new Error('handler')]);
        expect(primitive.locked()).toBeFalse();
      });
    });

    describe('runs a work', () => {
      it('and leaves in order: teardown, release, told, next (law 7)', () => {
        const { primitive } = create();
        const record: string[] = [];
        const source = new Subject<string>();
        const entered = (who: string) => record.push(`${who} entered`);
        primitive
          .use(() =>
            source.pipe(
              finalize(() => {
                record.push(`torn down, ${primitive.locked() ? 'locked' : 'free'}`);
              }),
            ),
          )
          .subscribe({ complete: () => record.push('told') });
        primitive
          .use(() => {
            entered('second');
            return EMPTY;
          })
          .subscribe();
        source.complete();
        expect(record).toEqual(['torn down, locked', 'told', 'second entered']);
        expect(primitive.locked()).toBeFalse();
      });

      for (const [where, deliver] of deliveries) {
        it(`and has released it when downstream hears of its end, ${where} (law 7)`, () => {
          for (const end of [EMPTY, throwError(() => new Error('work'))]) {
            const { primitive } = create();
            let freeWhenTold: boolean | undefined;
            deliver(() => {
              primitive
                .use(() => end)
                .subscribe({
                  complete: () => (freeWhenTold = !primitive.locked()),
                  error: () => (freeWhenTold = !primitive.locked()),
                });
            });
            expect(freeWhenTold).toBeTrue();
          }
        });

        it(`and tears a synchronous one down before it releases, though RxJS knows its teardown late, ${where} (law 7)`, () => {
          for (const end of [of('x'), throwError(() => new RangeError('work')), of('x', 'y').pipe(take(1))]) {
            const { primitive } = create();
            const record: string[] = [];
            deliver(() => {
              primitive
                .use(() => end.pipe(finalize(() => record.push(primitive.locked() ? 'locked' : 'free'))))
                .subscribe({ complete: () => record.push('told'), error: () => record.push('told') });
            });
            expect(record).toEqual(['locked', 'told']);
            expect(primitive.locked()).toBeFalse();
          }
        });

        it(`and releases after its teardown, though everyone leaves in the middle of it, ${where} (law 7)`, () => {
          const { primitive } = create();
          const source = new Subject<string>();
          const record: string[] = [];
          const see = (): number => record.push(primitive.locked() ? 'locked' : 'free');
          const section = primitive
            .use(() =>
              source.pipe(
                finalize(() => {
                  section.unsubscribe();
                  see();
                }),
              ),
            )
            .subscribe();
          deliver(() => {
            source.complete();
            see();
          });
          expect(record).toEqual(['locked', 'free']);
        });

        it(`and stops a synchronous one midway, ${where} (law 7)`, () => {
          const { primitive } = create();
          const produced: number[] = [];
          const numbers = new Observable<number>((subscriber) => {
            for (let n = 1; n <= 5 && !subscriber.closed; n++) {
              produced.push(n);
              subscriber.next(n);
            }
          });
          const record: string[] = [];
          deliver(() => {
            primitive
              .use(() => numbers)
              .pipe(take(2))
              .subscribe(recorder(record, 'a'));
          });
          expect(produced).toEqual([1, 2]);
          expect(record).toEqual(['a: 1', 'a: 2', 'a: complete']);
          expect(primitive.locked()).toBeFalse();
        });

        it(`and returns the permit of a factory that throws, ${where}`, () => {
          const { primitive } = create();
          const record: string[] = [];
          deliver(() => {
            primitive
              .use(() => {
                throw new RangeError('factory');
              })
              .subscribe(recorder(record, 'a'));
          });
          expect(record).toEqual(['a: RangeError']);
          expect(primitive.locked()).toBeFalse();
        });

        it(`and releases when it is unsubscribed, after the work was torn down, ${where} (law 7)`, () => {
          const { primitive } = create();
          const record: string[] = [];
          const section = primitive
            .use(() => NEVER.pipe(finalize(() => record.push(`torn down, ${primitive.locked() ? 'locked' : 'free'}`))))
            .subscribe();
          primitive.use(() => of('b')).subscribe(recorder(record, 'b'));
          deliver(() => {
            section.unsubscribe();
          });
          expect(record).toEqual(['torn down, locked', 'b: b', 'b: complete']);
          expect(primitive.locked()).toBeFalse();
        });

        it(`not at all when it is unsubscribed while it waits, ${where} (law 4)`, () => {
          const { primitive, line } = create();
          const holder = primitive.tryAcquire();
          let ran = false;
          const section = primitive
            .use(() => {
              ran = true;
              return EMPTY;
            })
            .subscribe();
          deliver(() => {
            section.unsubscribe();
            expect(line.waiting).toBe(0);
          });
          holder?.release();
          expect(ran).toBeFalse();
          expect(primitive.locked()).toBeFalse();
        });

        it(`and gives the place in line up when until emits, ${where}`, () => {
          const { primitive, line } = create();
          const holder = primitive.tryAcquire();
          const record: string[] = [];
          const until = new Subject<void>();
          primitive.use(() => of('never'), { until }).subscribe(recorder(record, 'a'));
          primitive.use(() => of('b')).subscribe(recorder(record, 'b'));
          deliver(() => {
            until.next();
            expect(line.waiting).toBe(1);
          });
          expect(until.observed).toBeFalse();
          holder?.release();
          expect(record).toEqual(['a: TimeoutError', 'b: b', 'b: complete']);
        });
      }

      it('whatever until does once it is inside', () => {
        const { primitive } = create();
        const holder = primitive.tryAcquire();
        const until = new Subject<void>();
        const record: string[] = [];
        const work = new Subject<string>();
        primitive.use(() => work, { until }).subscribe(recorder(record, 'a'));
        holder?.release();
        expect(until.observed).toBeFalse();
        work.next('x');
        work.complete();
        expect(record).toEqual(['a: x', 'a: complete']);
      });

      it('and does not subscribe to until where it need not wait', () => {
        const { primitive } = create();
        const record: string[] = [];
        const until = defer(() => {
          record.push('until');
          return NEVER;
        });
        primitive.use(() => of('work'), { until }).subscribe(recorder(record, 'a'));
        primitive.use(() => NEVER, { until }).subscribe();
        expect(record).toEqual(['a: work', 'a: complete']);
      });

      it('and does not subscribe to until where it fails at once', () => {
        const { primitive, line } = create();
        line.complete();
        const record: string[] = [];
        const until = defer(() => {
          record.push('until');
          return NEVER;
        });
        primitive.use(() => of('work'), { until }).subscribe(recorder(record, 'a'));
        expect(record).toEqual(['a: ClosedError']);
      });

      it('and does not subscribe to until where it fails one who is completing', () => {
        const { primitive, line } = create();
        line.complete();
        const stop = new Subject<void>();
        const until = new Subject<void>();
        let stopped: Subscriber<unknown> | undefined;
        new Observable((subscriber) => {
          stopped = subscriber;
        })
          .pipe(takeUntil(stop))
          .subscribe({
            complete: () => {
              primitive.use(() => EMPTY, { until }).subscribe(stopped);
              expect(until.observed).toBeFalse();
            },
          });
        stop.next();
        expect(stopped?.closed).toBeTrue();
      });

      it('and lets go of until as soon as it emits, though it is told later', () => {
        const { primitive } = create();
        primitive.tryAcquire();
        const until = new Subject<void>();
        const record: string[] = [];
        primitive.use(() => EMPTY, { until }).subscribe(recorder(record, 'a'));
        insideADelivery(() => {
          until.next();
          expect(until.observed).toBeFalse();
          expect(record).toEqual([]);
        });
        expect(record).toEqual(['a: TimeoutError']);
      });

      it('and never begins where until emits before it is told, though it was promised the permit, which passes on', () => {
        const { primitive } = create();
        const holder = primitive.tryAcquire();
        const until = new Subject<void>();
        const record: string[] = [];
        primitive.use(() => of('work'), { until }).subscribe(recorder(record, 'a'));
        primitive.use(() => of('work')).subscribe(recorder(record, 'b'));
        insideADelivery(() => {
          holder?.release();
          until.next();
        });
        expect(record).toEqual(['a: TimeoutError', 'b: work', 'b: complete']);
        expect(primitive.locked()).toBeFalse();
      });

      it('and fails as RxJS does where it returns nothing to subscribe to', () => {
        const { primitive } = create();
        const messages: string[] = [];
        primitive
          .use(() => undefined as unknown as Observable<never>)
          .subscribe({ error: ({ message }: Error) => messages.push(message) });
        expect(messages.length).toBe(1);
        expect(messages[0]).toContain("You provided 'undefined' where a stream was expected");
        expect(primitive.locked()).toBeFalse();
      });

      it('and passes the error of until on, and ignores its completion', () => {
        const { primitive } = create();
        const holder = primitive.tryAcquire();
        const record: string[] = [];
        primitive.use(() => of('x'), { until: throwError(() => new RangeError('until')) }).subscribe(recorder(record, 'a'));
        primitive.use(() => of('x'), { until: EMPTY }).subscribe(recorder(record, 'b'));
        holder?.release();
        expect(record).toEqual(['a: RangeError', 'b: x', 'b: complete']);
      });

      it('anew on retry and repeat, and lets others in in between', () => {
        const { primitive } = create();
        const record: string[] = [];
        let attempt = 0;
        const other = new Subject<void>();
        primitive
          .use(() => {
            record.push(`attempt ${String(++attempt)}`);
            if (attempt === 1) {
              primitive
                .use(() => {
                  record.push('other');
                  return EMPTY;
                })
                .subscribe();
              return throwError(() => new Error('once'));
            }
            return of('done');
          })
          .pipe(retry(1), takeUntil(other))
          .subscribe(recorder(record, 'a'));
        expect(record).toEqual(['attempt 1', 'other', 'attempt 2', 'a: done', 'a: complete']);
      });

      it('that is a promise, and holds until it has settled though everyone left (law 7)', async () => {
        const { primitive } = create();
        let settle: (value: string) => void = () => undefined;
        const promise = new Promise<string>((resolve) => {
          settle = resolve;
        });
        const section = primitive.use(() => promise).subscribe();
        section.unsubscribe();
        expect(primitive.locked()).toBeTrue();
        settle('late');
        await promise;
        expect(primitive.locked()).toBeFalse();
      });

      it('that is a promise, and releases when it is rejected', async () => {
        const { primitive } = create();
        const record: string[] = [];
        const promise = Promise.reject(new RangeError('work'));
        primitive.use(() => promise).subscribe(recorder(record, 'a'));
        await promise.catch(() => undefined);
        expect(record).toEqual(['a: RangeError']);
        expect(primitive.locked()).toBeFalse();
      });

      for (const [where, deliver] of deliveries) {
        it(`whose subscribe throws, as that of an unsubscribed Subject does, and gives the permit back, ${where} (law 9)`, () => {
          const { primitive } = create();
          const record: string[] = [];
          const dead = new Subject<string>();
          dead.unsubscribe();
          deliver(() => {
            primitive.use(() => dead).subscribe(recorder(record, 'a'));
          });
          expect(record).toEqual(['a: ObjectUnsubscribedError']);
          expect(primitive.locked()).toBeFalse();
        });

        it(`not at all where its factory made downstream leave, ${where} (law 6)`, () => {
          const { primitive } = create();
          const stop = new Subject<void>();
          let works = 0;
          deliver(() => {
            primitive
              .use(() => {
                stop.next();
                return new Observable(() => {
                  works++;
                });
              })
              .pipe(takeUntil(stop))
              .subscribe();
          });
          expect(works).toBe(0);
          expect(primitive.locked()).toBeFalse();
        });

        it(`whose teardown throws, to its end, and reports it, ${where} (law 9)`, async () => {
          const { primitive } = create();
          const record: string[] = [];
          const errors = await unhandledDuring(() => {
            const work = new Observable<string>((subscriber) => {
              subscriber.next('x');
              subscriber.complete();
              return () => {
                throw new Error('teardown');
              };
            });
            deliver(() => {
              primitive.use(() => work).subscribe(recorder(record, 'a'));
            });
          });
          expect(record).toEqual(['a: x', 'a: complete']);
          expect(errors.length).toBe(1);
          expect(primitive.locked()).toBeFalse();
        });
      }

      it('and takes a result that cannot be subscribed to for an error', () => {
        const { primitive } = create();
        const record: string[] = [];
        primitive.use(() => undefined as unknown as Observable<string>).subscribe(recorder(record, 'a'));
        expect(record).toEqual(['a: TypeError']);
        expect(primitive.locked()).toBeFalse();
      });

      it('and refuses a work that is no function', () => {
        const { primitive } = create();
        expect(() => primitive.use(EMPTY as unknown as () => Observable<string>)).toThrowError(TypeError);
      });
    });

    describe('publishes', () => {
      it('a state that makes the one leave whom it lets in at once, and takes nothing for it (law 6)', () => {
        const { primitive, line } = create();
        const record: string[] = [];
        const entered = line.pipe(filter(() => primitive.locked()));
        primitive.acquire().pipe(takeUntil(entered)).subscribe(recorder(record, 'a'));
        expect(primitive.locked()).toBeFalse();
        primitive
          .use(() => {
            record.push('work');
            return NEVER;
          })
          .pipe(takeUntil(entered))
          .subscribe(recorder(record, 'b'));
        expect(record).toEqual(['a: complete', 'b: complete']);
        expect(primitive.locked()).toBeFalse();
      });

      it('a state that makes its own waiter leave, and goes on without it (law 6)', () => {
        const { primitive, line } = create();
        const holder = primitive.tryAcquire();
        const record: string[] = [];
        const left = line.pipe(filter(({ waiting }) => waiting === 1));
        primitive.acquire().pipe(takeUntil(left)).subscribe(recorder(record, 'a'));
        expect(line.waiting).toBe(0);
        holder?.release();
        expect(record).toEqual(['a: complete']);
        expect(primitive.locked()).toBeFalse();
      });
    });
  });
}
