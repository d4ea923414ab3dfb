import { EMPTY, finalize, NEVER, Observable, of, retry, Subject, Subscriber, take, takeUntil, throwError } from 'rxjs';

import { deliveries } from '../../support/deliveries.js';
import { recorder } from '../../support/recorder.js';
import { unhandledDuring } from '../../support/unhandled.js';

import type { ExclusiveCase } from './case.js';

/** How use() runs a task while it holds the permit. */
export function itRunsTasks(create: () => ExclusiveCase): void {
  describe('Ending a task', () => {
    it('tears down, releases, notifies downstream and grants the next waiter, in this order', () => {
      const { primitive } = create();
      const record: string[] = [];
      const source = new Subject<string>();
      const entered = (name: string) => record.push(`${name} entered`);
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
      it(`has released when downstream gets the end of the task, ${where}`, () => {
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

      it(`tears a synchronous task down before it releases, although RxJS learns its teardown late, ${where}`, () => {
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

      it(`releases after the teardown, even if the subscriber unsubscribes inside the teardown, ${where}`, () => {
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

      it(`stops a synchronous task midway when take() unsubscribes, ${where}`, () => {
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

      it(`releases after the teardown of a task that is unsubscribed, ${where}`, () => {
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

      it(`runs a task whose teardown throws to its end, and reports the error, ${where}`, async () => {
        const { primitive } = create();
        const record: string[] = [];
        const errors = await unhandledDuring(() => {
          const task = new Observable<string>((subscriber) => {
            subscriber.next('x');
            subscriber.complete();
            return () => {
              throw new Error('teardown');
            };
          });
          deliver(() => {
            primitive.use(() => task).subscribe(recorder(record, 'a'));
          });
        });
        expect(record).toEqual(['a: x', 'a: complete']);
        expect(errors.length).toBe(1);
        expect(primitive.locked()).toBeFalse();
      });
    }

    it('runs a task anew on each retry and repeat, and grants other waiters in between', () => {
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
  });

  describe('Tasks that fail', () => {
    for (const [where, deliver] of deliveries) {
      it(`releases the permit of a task whose factory throws, ${where}`, () => {
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

      it(`releases the permit of a task whose subscribe throws, as that of an unsubscribed Subject does, ${where}`, () => {
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

      it(`does not subscribe to a task whose factory makes the subscriber unsubscribe, ${where}`, () => {
        const { primitive } = create();
        const stop = new Subject<void>();
        let tasks = 0;
        deliver(() => {
          primitive
            .use(() => {
              stop.next();
              return new Observable(() => {
                tasks++;
              });
            })
            .pipe(takeUntil(stop))
            .subscribe();
        });
        expect(tasks).toBe(0);
        expect(primitive.locked()).toBeFalse();
      });
    }

    it('fails with the error of RxJS if a task is not subscribable', () => {
      const { primitive } = create();
      const messages: string[] = [];
      primitive
        .use(() => undefined as unknown as Observable<never>)
        .subscribe({ error: ({ message }: Error) => messages.push(message) });
      expect(messages.length).toBe(1);
      expect(messages[0]).toContain("You provided 'undefined' where a stream was expected");
      expect(primitive.locked()).toBeFalse();
    });

    it('releases the permit of a task that is not subscribable', () => {
      const { primitive } = create();
      const record: string[] = [];
      primitive.use(() => undefined as unknown as Observable<string>).subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: TypeError']);
      expect(primitive.locked()).toBeFalse();
    });

    it('throws at the call for a task that is not a function', () => {
      const { primitive } = create();
      expect(() => primitive.use(EMPTY as unknown as () => Observable<string>)).toThrowError(TypeError);
    });
  });

  describe('Promises', () => {
    it('holds the permit until a promise has settled, even if the subscriber has unsubscribed', async () => {
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

    it('releases the permit when a promise is rejected', async () => {
      const { primitive } = create();
      const record: string[] = [];
      const promise = Promise.reject(new RangeError('work'));
      primitive.use(() => promise).subscribe(recorder(record, 'a'));
      await promise.catch(() => undefined);
      expect(record).toEqual(['a: RangeError']);
      expect(primitive.locked()).toBeFalse();
    });

    it('releases the permit after a promise even if its subscriber throws out of next', async () => {
      const { primitive } = create();
      class Hard extends Subscriber<number> {
        override next(): void {
          throw new Error('hard');
        }

        override error(): void {
          // Gets the error that `next` threw.
        }
      }
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the subscriber of another library
      primitive.use(() => Promise.resolve(1)).subscribe(new Hard());
      expect(primitive.locked()).toBeTrue();
      await new Promise((resolve) => setTimeout(resolve));
      expect(primitive.locked()).toBeFalse();
    });
  });
}
