import {
  concat,
  defer,
  EMPTY,
  finalize,
  from,
  map,
  merge,
  mergeMap,
  NEVER,
  Observable,
  of,
  range,
  repeat,
  retry,
  Subject,
  take,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import { BoundedSemaphore, Condition, Lock, Semaphore, type Acquirable, type Permit } from 'rxjs-locks';
import { throttleBySemaphore } from 'rxjs-locks/operators';

import { deliveries, insideADelivery } from '../support/deliveries.js';
import { ForeignLock } from '../support/foreign.js';
import { itTellsTheFirstFailure } from '../contracts/first-failure.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';
import { thrownDuring, unhandledDuring } from '../support/unhandled.js';

describe('throttleBySemaphore', () => {
  itTellsTheFirstFailure((project) => throttleBySemaphore(new Semaphore(5), project));

  for (const option of ['weight', 'priority', 'label'] as const) {
    it(`runs the value whose ${option} makes the source complete, or everyone leave`, () => {
      const record: string[] = [];
      const source = new Subject<string>();
      const of1 = { weight: () => 1, priority: () => 1, label: () => 'label' }[option];
      let act = (): void => {
        source.complete();
      };
      const ask = (): number | string => {
        act();
        return of1();
      };
      const operator = throttleBySemaphore(new Semaphore(), (value: string) => of(value), { [option]: ask });
      source.pipe(operator).subscribe(recorder(record, 'a'));
      source.next('x');
      expect(record).toEqual(['a: x', 'a: complete']);
      const other = new Subject<string>();
      const subscription = other.pipe(operator).subscribe(recorder(record, 'b'));
      act = () => {
        subscription.unsubscribe();
      };
      other.next('y');
      expect(record.length).toBe(2);
    });
  }

  describe('without a project', () => {
    itMarbles('lets as many sources run as there are units', ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(2);
      const first = cold('  ---a|       ');
      const second = cold(' -----b|     ');
      const third = cold('      --c|    ');
      const thirdSubs = '   ----^--!    ';
      const expected1 = '   ---a|       ';
      const expected2 = '   -----b|     ';
      const expected3 = '   ------c|    ';
      const throttled = throttleBySemaphore<string>(semaphore);
      expectObservable(first.pipe(throttled)).toBe(expected1);
      expectObservable(second.pipe(throttled)).toBe(expected2);
      expectObservable(third.pipe(throttled)).toBe(expected3);
      expectSubscriptions(third.subscriptions).toBe(thirdSubs);
    });

    it('takes the options of withLock', () => {
      const semaphore = new Semaphore(2);
      const record: string[] = [];
      NEVER.pipe(throttleBySemaphore(semaphore, { weight: 2 })).subscribe();
      of('x')
        .pipe(throttleBySemaphore(semaphore, { whenBusy: 'skip' }))
        .subscribe(recorder(record, 'skip'));
      of('x')
        .pipe(throttleBySemaphore(semaphore, { until: of(0) }))
        .subscribe(recorder(record, 'until'));
      expect(record).toEqual(['skip: complete', 'until: TimeoutError']);
    });
  });

  itMarbles(
    'runs as many works as there are units, in the order of the values',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const semaphore = new Semaphore(2);
      const source = cold('  --a-b-c------------|');
      const work = cold('      x---x|            ');
      const subs = [
        '                    --^----!            ',
        '                    ----^----!          ',
        '                    -------^----!       ',
      ];
      const expected = '     --a-b-acb--c-------|';
      expectObservable(source.pipe(throttleBySemaphore(semaphore, (value) => work.pipe(map(() => value))))).toBe(expected);
      expectSubscriptions(work.subscriptions).toBe(subs);
    },
  );

  itMarbles('hands on in the order of the values, with ordered', ({ cold, expectObservable, expectSubscriptions }) => {
    const semaphore = new Semaphore(2);
    const source = cold('  --a-b-c------------|');
    const work = cold('      x---x|            ');
    const subs = [
      '                    --^----!            ',
      '                    ----^----!          ',
      '                    -------^----!       ',
    ];
    const expected = '     --a---abbc-c-------|';
    const project = (value: string) => work.pipe(map(() => value));
    expectObservable(source.pipe(throttleBySemaphore(semaphore, project, { ordered: true }))).toBe(expected);
    expectSubscriptions(work.subscriptions).toBe(subs);
  });

  itMarbles('shares its units between streams, first come, first served', ({ cold, expectObservable }) => {
    const semaphore = new Semaphore(1);
    const first = cold('   a-c|       ');
    const second = cold('  -b-|       ');
    const work = cold('    --x|       ');
    const expected1 = '    --a-----c| ';
    const expected2 = '    -----b|    ';
    const throttled = throttleBySemaphore(semaphore, (value: string) => work.pipe(map(() => value)));
    expectObservable(first.pipe(throttled)).toBe(expected1);
    expectObservable(second.pipe(throttled)).toBe(expected2);
  });

  itMarbles('fails when a work fails, and lets go of everything', ({ cold, expectObservable, expectSubscriptions }) => {
    const semaphore = new Semaphore(2);
    const source = cold('  abc---------');
    const sourceSubs = '   ^----!      ';
    const good = cold('    -----------x');
    const goodSubs = '     ^----!      ';
    const bad = cold('      ----#      ');
    const expected = '     -----#      ';
    const throttled = throttleBySemaphore(semaphore, (value: string) => (value === 'b' ? bad : good));
    expectObservable(
      source.pipe(
        throttled,
        finalize(() => {
          expect(semaphore.value).toEqual({ available: 2, waiting: 0 });
        }),
      ),
    ).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    expectSubscriptions(good.subscriptions).toBe(goodSubs);
  });

  itMarbles('fails when the source fails, and lets go of everything', ({ cold, expectObservable, expectSubscriptions }) => {
    const semaphore = new Semaphore(1);
    const source = cold('  ab---#      ');
    const work = cold('    -----------x');
    const workSubs = '     ^----!      ';
    const expected = '     -----#      ';
    expectObservable(source.pipe(throttleBySemaphore(semaphore, () => work))).toBe(expected);
    expectSubscriptions(work.subscriptions).toBe(workSubs);
  });

  itMarbles('lets go of everything when it is unsubscribed', ({ cold, expectObservable, expectSubscriptions }) => {
    const semaphore = new Semaphore(1);
    const source = cold('  ab----------');
    const unsub = '        -----!      ';
    const work = cold('    --x--------x');
    const workSubs = '     ^----!      ';
    const expected = '     --x---      ';
    const later = cold('   --c|        ');
    const other = cold('   o|          ');
    const otherSubs = '    -----^!     ';
    const expected2 = '    -----o|     ';
    expectObservable(source.pipe(throttleBySemaphore(semaphore, () => work)), unsub).toBe(expected);
    expectObservable(later.pipe(throttleBySemaphore(semaphore, () => other))).toBe(expected2);
    expectSubscriptions(work.subscriptions).toBe(workSubs);
    expectSubscriptions(other.subscriptions).toBe(otherSubs);
  });

  itMarbles('completes with the last work, when the source has completed before', ({ cold, expectObservable }) => {
    const semaphore = new Semaphore(2);
    const source = cold('  ab|     ');
    const work = cold('    ----x|  ');
    const expected = '     ----xx| ';
    expectObservable(source.pipe(throttleBySemaphore(semaphore, () => work))).toBe(expected);
  });

  it('calls project with value and index, and with nothing before its turn', () => {
    const semaphore = new Semaphore(1);
    const calls: string[] = [];
    const gate = new Subject<void>();
    from('abc')
      .pipe(
        throttleBySemaphore(semaphore, (value, index) => {
          calls.push(value + String(index));
          return gate;
        }),
      )
      .subscribe();
    expect(calls).toEqual(['a0']);
    gate.complete();
    expect(calls).toEqual(['a0', 'b1', 'c2']);
  });

  it('takes whatever from takes', async () => {
    const semaphore = new Semaphore(1);
    const all = of(0, 1, 2, 3).pipe(
      throttleBySemaphore(semaphore, (value) =>
        value === 0 ? [1, 2] : value === 1 ? Promise.resolve(3) : value === 2 ? new Set([4]) : of(5),
      ),
      toArray(),
    );
    const values = await new Promise((resolve) => all.subscribe(resolve));
    expect(values).toEqual([1, 2, 3, 4, 5]);
    expect(semaphore.available).toBe(1);
  });

  it('hands on in the order of the values, with ordered, though a weight makes the source emit the next value', () => {
    const source = new Subject<number>();
    const record: string[] = [];
    const weight = (value: number): number => {
      if (value === 1) {
        source.next(2);
      }
      return 1;
    };
    source
      .pipe(throttleBySemaphore(new Semaphore(2), (value) => of(value), { weight, ordered: true }))
      .subscribe(recorder(record, 'a'));
    source.next(1);
    expect(record).toEqual(['a: 1', 'a: 2']);
  });

  for (const ordered of [false, true]) {
    describe(ordered ? 'ordered' : 'unordered', () => {
      heavy(it)('runs a hundred thousand synchronous works through one permit, and completes, on a flat stack', () => {
        const semaphore = new Semaphore(1);
        const held = semaphore.tryAcquire();
        let next = 0;
        let inOrder = true;
        let completed = false;
        range(0, 100_000)
          .pipe(throttleBySemaphore(semaphore, (value) => of(value), { ordered }))
          .subscribe({
            next: (value) => (inOrder &&= value === next++),
            complete: () => (completed = true),
          });
        expect(semaphore.waiting).toBe(100_000);
        held?.release();
        expect(next).toBe(100_000);
        expect(inOrder).toBeTrue();
        expect(completed).toBeTrue();
        expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
      });

      for (const [where, deliver] of deliveries) {
        it(`stops source and works midway with take, ${where}`, () => {
          const semaphore = new Semaphore(2);
          const record: string[] = [];
          let produced = 0;
          deliver(() => {
            range(0, 10)
              .pipe(
                tap(() => produced++),
                throttleBySemaphore(semaphore, (value) => [value, value], { ordered }),
                take(3),
              )
              .subscribe(recorder(record, 'a'));
          });
          expect(record).toEqual(['a: 0', 'a: 0', 'a: 1', 'a: complete']);
          expect(produced).toBe(2);
          expect(semaphore.value).toEqual({ available: 2, waiting: 0 });
        });

        it(`lets go of the source first, then of the works, then of the places in line, ${where} (law 7)`, () => {
          const semaphore = new Semaphore(1);
          const record: string[] = [];
          const section = concat(of(0, 1), NEVER)
            .pipe(
              finalize(() => record.push(`source, ${String(semaphore.available)} free, ${String(semaphore.waiting)} waiting`)),
              throttleBySemaphore(
                semaphore,
                () =>
                  NEVER.pipe(
                    finalize(() =>
                      record.push(`work, ${String(semaphore.available)} free, ${String(semaphore.waiting)} waiting`),
                    ),
                  ),
                { ordered },
              ),
            )
            .subscribe();
          semaphore.use(() => of('other')).subscribe(recorder(record, 'other'));
          deliver(() => {
            section.unsubscribe();
          });
          expect(record).toEqual(['source, 0 free, 2 waiting', 'work, 0 free, 2 waiting', 'other: other', 'other: complete']);
          expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
        });
      }

      it('starts anew on repeat and retry', () => {
        const semaphore = new Semaphore(1);
        const record: string[] = [];
        of(1, 2)
          .pipe(
            throttleBySemaphore(semaphore, (value, index) => of(value * 10 + index), { ordered }),
            repeat(2),
          )
          .subscribe(recorder(record, 'a'));
        let attempt = 0;
        of(1)
          .pipe(
            throttleBySemaphore(semaphore, () => (attempt++ === 0 ? throwError(() => new Error('once')) : of('again')), {
              ordered,
            }),
            retry(1),
          )
          .subscribe(recorder(record, 'b'));
        expect(record).toEqual(['a: 10', 'a: 21', 'a: 10', 'a: 21', 'a: complete', 'b: again', 'b: complete']);
        expect(semaphore.available).toBe(1);
      });

      it('fails when project throws, and gives everything back', () => {
        const semaphore = new Semaphore(2);
        const record: string[] = [];
        concat(of(0, 1), NEVER)
          .pipe(
            throttleBySemaphore(
              semaphore,
              (value) => {
                if (value === 1) {
                  throw new RangeError('project');
                }
                return NEVER;
              },
              { ordered },
            ),
          )
          .subscribe(recorder(record, 'a'));
        expect(record).toEqual(['a: RangeError']);
        expect(semaphore.value).toEqual({ available: 2, waiting: 0 });
      });

      it('fails though the teardown of one work completes the last one', () => {
        const semaphore = new Semaphore(3);
        const last = new Subject<string>();
        const bad = new Subject<string>();
        const works = [
          new Observable<string>(() => () => {
            last.complete();
          }),
          last,
          bad,
        ];
        const record: string[] = [];
        from(works)
          .pipe(throttleBySemaphore(semaphore, (work) => work, { ordered }))
          .subscribe(recorder(record, 'a'));
        bad.error(new RangeError('bad'));
        expect(record).toEqual(['a: RangeError']);
        expect(semaphore.value).toEqual({ available: 3, waiting: 0 });
      });

      it('drops a value whose work would have to wait, with skip, and goes on', () => {
        const semaphore = new Semaphore(1);
        const source = new Subject<number>();
        const gates = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
        const record: string[] = [];
        source
          .pipe(throttleBySemaphore(semaphore, (_value, index) => gates[index] ?? EMPTY, { whenBusy: 'skip', ordered }))
          .subscribe(recorder(record, 'a'));
        source.next(0);
        source.next(1);
        gates[0]?.next('first');
        gates[0]?.complete();
        source.next(2);
        source.complete();
        gates[2]?.next('third');
        gates[2]?.complete();
        expect(gates[1]?.observed).toBeFalse();
        expect(record).toEqual(['a: first', 'a: third', 'a: complete']);
      });

      it('fails where a work would have to wait, with error', () => {
        const semaphore = new Semaphore(1, { name: 'slots' });
        const messages: string[] = [];
        concat(of(0, 1), NEVER)
          .pipe(throttleBySemaphore(semaphore, () => NEVER, { whenBusy: 'error', ordered }))
          .subscribe({ error: (error: Error) => messages.push(`${error.name}: ${error.message}`) });
        expect(messages).toEqual(['BusyError: cannot acquire semaphore "slots": it is busy']);
        expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
      });

      it('waits in the line of somebody else’s lock too', () => {
        const lock = new ForeignLock();
        const gates = [new Subject<string>(), new Subject<string>()];
        const record: string[] = [];
        of(0, 1)
          .pipe(throttleBySemaphore(lock, (value) => gates[value] ?? EMPTY, { ordered }))
          .subscribe(recorder(record, 'a'));
        expect(lock.waiting).toBe(1);
        gates[0]?.next('first');
        gates[0]?.complete();
        gates[1]?.next('second');
        gates[1]?.complete();
        expect(record).toEqual(['a: first', 'a: second', 'a: complete']);
        expect(lock.locked).toBeFalse();
        const left = of(0, 1)
          .pipe(throttleBySemaphore(lock, () => NEVER, { ordered }))
          .subscribe();
        left.unsubscribe();
        expect(lock.waiting).toBe(0);
        expect(lock.locked).toBeFalse();
      });
    });
  }

  it('hands a kept value on before what its work emits while it is handed on', () => {
    const semaphore = new Semaphore(3);
    const gates = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
    const record: string[] = [];
    let late = false;
    of(0, 1, 2)
      .pipe(throttleBySemaphore(semaphore, (value) => gates[value] ?? EMPTY, { ordered: true }))
      .subscribe({
        next: (value) => {
          record.push(value);
          if (!late) {
            late = true;
            gates[1]?.next('b3');
            gates[2]?.complete();
            gates[1]?.complete();
          }
        },
        complete: () => record.push('complete'),
      });
    gates[1]?.next('b1');
    gates[1]?.next('b2');
    gates[2]?.next('c1');
    gates[0]?.complete();
    expect(record).toEqual(['b1', 'b2', 'b3', 'c1', 'complete']);
  });

  it('holds the weight that the value asks for', () => {
    const semaphore = new BoundedSemaphore(5);
    const weights: number[] = [];
    const source = new Subject<number>();
    source
      .pipe(
        throttleBySemaphore(semaphore, () => NEVER, {
          weight: (value, index) => {
            weights.push(value, index);
            return value;
          },
        }),
      )
      .subscribe({ error: () => undefined });
    source.next(2);
    source.next(3);
    source.next(1);
    expect(weights).toEqual([2, 0, 3, 1, 1, 2]);
    expect(semaphore.value).toEqual({ available: 0, waiting: 1 });
  });

  it('fails downstream for a weight that is malformed, above the bound, or throws', () => {
    const failing: Record<string, (value: number) => number> = {
      malformed: () => 0.5,
      'above the bound': () => 6,
      throws: () => {
        throw new TypeError('weight');
      },
    };
    const record: string[] = [];
    for (const [name, weight] of Object.entries(failing)) {
      const semaphore = new BoundedSemaphore(5);
      concat(of(1), NEVER)
        .pipe(throttleBySemaphore(semaphore, () => NEVER, { weight }))
        .subscribe(recorder(record, name));
      expect(semaphore.value).toEqual({ available: 5, waiting: 0 });
    }
    expect(record).toEqual(['malformed: RangeError', 'above the bound: RangeError', 'throws: TypeError']);
  });

  it('lets the works of a higher priority run first', () => {
    const semaphore = new Semaphore(1);
    const holder = semaphore.tryAcquire();
    const record: string[] = [];
    of('low', 'high', 'low too')
      .pipe(
        throttleBySemaphore(semaphore, (value) => of(value), {
          priority: (value, index) => (value === 'high' ? 1 : -index),
        }),
      )
      .subscribe((value) => record.push(value));
    of('highest')
      .pipe(throttleBySemaphore(semaphore, { priority: 2 }))
      .subscribe((value) => record.push(value));
    of('as high')
      .pipe(throttleBySemaphore(semaphore, (value) => of(value), { priority: 1 }))
      .subscribe((value) => record.push(value));
    holder?.release();
    expect(record).toEqual(['highest', 'high', 'as high', 'low', 'low too']);
  });

  it('fails downstream for a priority that is malformed or throws, and where there are none', () => {
    const record: string[] = [];
    const run = (name: string, acquirable: Acquirable, priority: () => number): void => {
      of(1)
        .pipe(throttleBySemaphore(acquirable, () => of(1), { priority }))
        .subscribe({
          error: (error: Error) => record.push(`${name}: ${error.name}: ${error.message}`),
        });
    };
    run('malformed', new Semaphore(), () => NaN);
    run('throws', new Semaphore(), () => {
      throw new TypeError('priority');
    });
    run('a lock', new Lock(), () => 1);
    expect(record).toEqual([
      'malformed: RangeError: priority must be a number, but is NaN',
      'throws: TypeError: priority',
      'a lock: RangeError: cannot acquire lock with a priority: it knows no priorities',
    ]);
    expect(() => throttleBySemaphore(new Semaphore(), () => of(1), { priority: NaN })).toThrowError(
      RangeError,
      'priority must be a number, but is NaN',
    );
  });

  it('says what is malformed about a weight', () => {
    const messages: string[] = [];
    of(1)
      .pipe(throttleBySemaphore(new Semaphore(1), () => NEVER, { weight: () => 0.5 }))
      .subscribe({ error: ({ message }: Error) => messages.push(message) });
    expect(messages).toEqual(['weight must be an integer of at least 1, but is 0.5']);
  });

  it('fails downstream, and throws nothing at the source, when the semaphore was closed before', async () => {
    const semaphore = new Semaphore(1);
    semaphore.complete();
    const source = new Subject<number>();
    const record: string[] = [];
    const errors = await unhandledDuring(() => {
      source.pipe(throttleBySemaphore(semaphore, () => NEVER)).subscribe(recorder(record, 'a'));
      source.next(1);
    });
    expect(errors).toEqual([]);
    expect(record).toEqual(['a: ClosedError']);
  });

  it('lets go of everything before downstream hears of an error (law 7)', () => {
    const semaphore = new Semaphore(2);
    const works = [new Subject<number>(), new Subject<number>()];
    const record: number[] = [];
    from(works)
      .pipe(throttleBySemaphore(semaphore, (work) => work))
      .subscribe({ error: () => record.push(semaphore.available) });
    works[0]?.error(new RangeError('work'));
    expect(record).toEqual([2]);
  });

  it('goes on when a work ends with the wait that had suspended it', () => {
    const condition = new Condition();
    const record: string[] = [];
    const source = new Subject<number>();
    let giveUp: () => void = () => undefined;
    const sleeping = new Observable<number>((subscriber) => {
      const waiting = condition.wait().subscribe();
      giveUp = () => {
        waiting.unsubscribe();
        subscriber.complete();
      };
    });
    source.pipe(throttleBySemaphore(condition, (value) => (value === 0 ? sleeping : of(value)))).subscribe(recorder(record, 'a'));
    source.next(0);
    insideADelivery(() => {
      giveUp();
    });
    source.next(1);
    expect(record).toEqual(['a: 1']);
    expect(condition.locked()).toBeFalse();
  });

  it('lets go of the works that run, whichever of them was over first', () => {
    const semaphore = new Semaphore(5);
    const works = Array.from({ length: 5 }, () => new Subject<number>());
    const subscription = concat(from(works), NEVER)
      .pipe(throttleBySemaphore(semaphore, (work) => work))
      .subscribe();
    works[1]?.complete();
    works[3]?.complete();
    expect(works.map(({ observed }) => observed)).toEqual([true, false, true, false, true]);
    subscription.unsubscribe();
    expect(works.map(({ observed }) => observed)).toEqual([false, false, false, false, false]);
    expect(semaphore.available).toBe(5);
  });

  it('lets go of the works before the places in line, though somebody else’s line lets newer ones go first (law 7)', () => {
    const record: string[] = [];
    const line: Subject<Permit>[] = [];
    const acquire = () =>
      defer(() => {
        const place = new Subject<Permit>();
        const name = String(line.push(place));
        return place.pipe(finalize(() => record.push(`place ${name}`)));
      });
    const subscription = concat(of(1, 2, 3), NEVER)
      .pipe(throttleBySemaphore({ acquire }, (value) => NEVER.pipe(finalize(() => record.push(`work ${String(value)}`)))))
      .subscribe();
    const permit = new Lock().tryAcquire();
    if (permit !== null) {
      line[2]?.next(permit);
    }
    subscription.unsubscribe();
    expect(record).toEqual(['work 3', 'place 3', 'place 1', 'place 2']);
  });

  it('lets go of the works before what is promised and not told yet (law 7)', () => {
    const semaphore = new Semaphore(2);
    const holder = semaphore.tryAcquire(2);
    const source = new Subject<number>();
    const free: number[] = [];
    const subscription = source
      .pipe(throttleBySemaphore(semaphore, () => NEVER.pipe(finalize(() => free.push(semaphore.available)))))
      .subscribe();
    source.next(1);
    insideADelivery(() => {
      holder?.release();
      source.next(2);
      subscription.unsubscribe();
    });
    expect(free).toEqual([0]);
    expect(semaphore.available).toBe(2);
  });

  it('fails when the semaphore is closed, and gives everything back', () => {
    const semaphore = new Semaphore(1);
    const record: string[] = [];
    concat(of(0, 1), NEVER)
      .pipe(throttleBySemaphore(semaphore, () => NEVER))
      .subscribe(recorder(record, 'a'));
    semaphore.complete();
    expect(record).toEqual(['a: ClosedError']);
    expect(semaphore.value).toEqual({ available: 1, waiting: 0 });
  });

  it('holds the permit of a work that is a promise until it has settled (law 7)', async () => {
    const semaphore = new Semaphore(1);
    let settle: (value: number) => void = () => undefined;
    const promise = new Promise<number>((resolve) => {
      settle = resolve;
    });
    of(0)
      .pipe(throttleBySemaphore(semaphore, () => promise))
      .subscribe()
      .unsubscribe();
    expect(semaphore.available).toBe(0);
    settle(1);
    await promise;
    expect(semaphore.available).toBe(1);
  });

  it('lets the next work run after downstream was told of the value before (law 7)', () => {
    const semaphore = new Semaphore(1);
    const record: string[] = [];
    const gate = new Subject<string>();
    of(0, 1)
      .pipe(
        throttleBySemaphore(semaphore, (value) => {
          record.push(`work ${String(value)}`);
          return value === 0 ? gate : EMPTY;
        }),
      )
      .subscribe({ next: () => record.push('told') });
    gate.next('x');
    gate.complete();
    expect(record).toEqual(['work 0', 'told', 'work 1']);
  });

  it('gives a permit that comes for a closed subscriber back (law 6)', () => {
    const semaphore = new Semaphore(1);
    let subscribed = false;
    new Observable((subscriber) => {
      subscriber.unsubscribe();
      new Observable(() => {
        subscribed = true;
      })
        .pipe(throttleBySemaphore(semaphore, () => NEVER))
        .subscribe(subscriber);
    }).subscribe();
    expect(subscribed).toBeFalse();
    expect(semaphore.available).toBe(1);
  });

  it('replaces mergeMap(f, 1) where works are synchronous: RxJS 7.8 stops short in silence', async () => {
    const gate = new Subject<number>();
    let merged = 0;
    merge(gate, range(1, 10_000))
      .pipe(mergeMap((value) => (value === 1 ? gate : of(value)), 1))
      .subscribe({ next: () => merged++, error: () => undefined });
    // What it swallows, the overflow of the stack, it sometimes reports after all.
    await unhandledDuring(() => {
      gate.complete();
    });
    // When this number changes, RxJS has changed, and the README's sentence on it goes.
    expect(merged).toBeLessThan(9_999);

    const semaphore = new Semaphore(1);
    let throttled = 0;
    const ownGate = new Subject<number>();
    range(1, 10_000)
      .pipe(throttleBySemaphore(semaphore, (value) => (value === 1 ? ownGate : of(value))))
      .subscribe(() => throttled++);
    ownGate.complete();
    expect(throttled).toBe(9_999);
  });

  describe('refuses at the call', () => {
    it('what cannot be acquired', () => {
      expect(() => throttleBySemaphore(undefined as unknown as Semaphore)).toThrowError(
        TypeError,
        'throttleBySemaphore needs something with an acquire() method, but got undefined',
      );
    });

    it('a second argument that is neither a function nor options', () => {
      for (const second of [null, 5, 'x']) {
        expect(() => throttleBySemaphore(new Semaphore(), second as unknown as () => Observable<never>)).toThrowError(
          TypeError,
          `the second argument of throttleBySemaphore, unless it is a function, must be an object, but is ${typeof second === 'string' ? `"${second}"` : String(second)}`,
        );
      }
    });

    it('malformed options', () => {
      const semaphore = new Semaphore();
      expect(() => throttleBySemaphore(semaphore, () => EMPTY, { weight: -1 })).toThrowError(RangeError);
      expect(() => throttleBySemaphore(semaphore, { weight: 1.5 })).toThrowError(RangeError);
      const mute = { acquire: () => NEVER };
      const reason = "throttleBySemaphore with whenBusy: 'skip' needs something with a tryAcquire() method";
      expect(() => throttleBySemaphore(mute, () => EMPTY, { whenBusy: 'skip' })).toThrowError(TypeError, reason);
      expect(() => throttleBySemaphore(mute, { whenBusy: 'skip' })).toThrowError(TypeError, reason);
      const until = { until: NEVER } as object;
      expect(() => throttleBySemaphore(semaphore, () => EMPTY, until)).toThrowError(
        TypeError,
        'throttleBySemaphore with a project takes no option until: it takes weight, priority, label, whenBusy, ordered',
      );
    });
  });

  it('leaves a work in line though an observer of the state throws, with synchronous error handling (law 9)', () => {
    const semaphore = new Semaphore(1);
    const holder = semaphore.tryAcquire();
    // A producer of its own, which RxJS shields from no error, as a Subject would be.
    let produce: (value: string) => void = () => undefined;
    const source = new Observable<string>((subscriber) => {
      produce = (value) => {
        subscriber.next(value);
      };
    });
    const record: string[] = [];
    source.pipe(throttleBySemaphore(semaphore, (value) => of(value))).subscribe(recorder(record, 'a'));
    semaphore.subscribe(({ waiting }) => {
      if (waiting === 1) {
        throw new Error('observer');
      }
    });
    const errors = thrownDuring(() => {
      produce('x');
    });
    expect(errors).toEqual([new Error('observer')]);
    expect(semaphore.waiting).toBe(1);
    holder?.release();
    expect(record).toEqual(['a: x']);
  });

  it('takes a lock, of which one work at a time can run', () => {
    const lock = new Lock();
    const permits: Permit[] = [];
    lock.acquire().subscribe((permit) => permits.push(permit));
    const record: string[] = [];
    of(1, 2)
      .pipe(throttleBySemaphore(lock, (value) => of(value)))
      .subscribe(recorder(record, 'a'));
    expect(lock.waiting).toBe(2);
    permits[0]?.release();
    expect(record).toEqual(['a: 1', 'a: 2', 'a: complete']);
  });
});
