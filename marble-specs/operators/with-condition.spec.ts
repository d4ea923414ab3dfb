import {
  concat,
  config,
  defer,
  finalize,
  merge,
  NEVER,
  type Observable,
  of,
  repeat,
  retry,
  Subject,
  take,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { Condition, Lock } from 'rxjs-locks';
import { withCondition, type Notify } from 'rxjs-locks/operators';

import { deliveries, insideADelivery } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

describe('withCondition', () => {
  /** Changes something inside the lock, and notifies. */
  function change(condition: Condition, act: () => void): void {
    condition
      .use(() => {
        act();
        condition.notifyAll();
        return [];
      })
      .subscribe();
  }

  itMarbles('runs the source when the predicate is true', ({ cold, expectObservable, expectSubscriptions }) => {
    const condition = new Condition();
    let ready = false;
    const turn = cold('    --------x       ');
    const source = cold('          --a--b--|');
    const subs = '         --------^-------!';
    const expected = '     ----------a--b--|';
    turn.subscribe(() => {
      change(condition, () => (ready = true));
    });
    expectObservable(source.pipe(withCondition(condition, () => ready))).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe(subs);
  });

  itMarbles(
    'gives up when until emits, waiting for the lock or for the predicate, and not later',
    ({ cold, expectObservable }) => {
      const condition = new Condition();
      const timedOut = jasmine.objectContaining({ name: 'TimeoutError' });
      const work = cold('    -----x|  ');
      const expected1 = '    -----x|  ';
      const expected2 = '    ---#     ';
      const expected3 = '    --------#';
      const until = (frames: number) => ({ until: timer(frames) });
      expectObservable(work.pipe(withCondition(condition, () => true, until(2)))).toBe(expected1);
      expectObservable(work.pipe(withCondition(condition, () => true, until(3)))).toBe(expected2, undefined, timedOut);
      expectObservable(work.pipe(withCondition(condition, () => false, until(8)))).toBe(expected3, undefined, timedOut);
    },
  );

  for (const [where, deliver] of deliveries) {
    it(`runs at once where the predicate is true, ${where}`, () => {
      const condition = new Condition();
      const record: string[] = [];
      deliver(() => {
        of('a')
          .pipe(withCondition(condition, () => true))
          .subscribe(recorder(record, 'x'));
      });
      expect(record).toEqual(['x: a', 'x: complete']);
      expect(condition.locked()).toBeFalse();
    });

    it(`tears down, notifies, releases, and tells, in this order, ${where} (law 7)`, () => {
      for (const end of ['complete', 'error', 'unsubscribe'] as const) {
        const condition = new Condition();
        const record: string[] = [];
        condition.use((permit) => condition.wait({ permit })).subscribe(() => record.push('notified'));
        const source = new Subject<string>();
        const section = source
          .pipe(
            finalize(() => record.push(`torn down, ${String(condition.waiting)} asleep`)),
            withCondition(condition, () => true),
          )
          .subscribe({
            complete: () => record.push(`told, ${String(condition.waiting)} asleep`),
            error: () => record.push(`told, ${String(condition.waiting)} asleep`),
          });
        deliver(() => {
          if (end === 'complete') {
            source.complete();
          } else if (end === 'error') {
            source.error(new Error('source'));
          } else {
            section.unsubscribe();
          }
        });
        expect(record).toEqual(['torn down, 1 asleep', ...(end === 'unsubscribe' ? [] : ['told, 0 asleep']), 'notified']);
        expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
      }
    });

    it(`leaves no trace when it is unsubscribed while it waits, for the lock or for the predicate, ${where}`, () => {
      const condition = new Condition();
      const record: string[] = [];
      const asleep = of('x')
        .pipe(withCondition(condition, () => false))
        .subscribe();
      const holder = condition.tryAcquire();
      const inLine = of('x')
        .pipe(withCondition(condition, () => true))
        .subscribe(recorder(record, 'a'));
      condition.subscribe(({ waiting }) => record.push(`${String(waiting)} asleep`));
      deliver(() => {
        inLine.unsubscribe();
        asleep.unsubscribe();
        expect(condition.value).toEqual({ waiting: 0 });
        expect(condition.lock.value).toEqual({ locked: true, waiting: 0 });
      });
      holder?.release();
      expect(record).toEqual(['1 asleep', '0 asleep']);
      expect(condition.locked()).toBeFalse();
    });

    it(`passes the notification on that it ate before until emitted, ${where} (law 11)`, () => {
      const condition = new Condition();
      const until = new Subject<void>();
      const record: string[] = [];
      let ready = false;
      of('x')
        .pipe(withCondition(condition, () => ready, { until }))
        .subscribe(recorder(record, 'a'));
      condition.use((permit) => condition.wait({ permit })).subscribe(recorder(record, 'b'));
      const holder = condition.tryAcquire();
      ready = true;
      condition.notify();
      deliver(() => {
        until.next();
      });
      holder?.release();
      expect(record).toEqual(['a: TimeoutError', 'b: true', 'b: complete']);
      expect(until.observed).toBeFalse();
    });
  }

  it('gives up, though it was promised the lock already, when until emits before its predicate was looked at', () => {
    const condition = new Condition();
    const until = new Subject<void>();
    const record: string[] = [];
    const holder = condition.tryAcquire();
    of('x')
      .pipe(withCondition(condition, () => false, { until }))
      .subscribe(recorder(record, 'a'));
    insideADelivery(() => {
      holder?.release();
      until.next();
    });
    expect(record).toEqual(['a: TimeoutError']);
    expect(condition.value).toEqual({ waiting: 0 });
    expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
  });

  for (const [where, deliver] of deliveries) {
    it(`gets the reason for which it was sent away, though until emits before it hears, ${where} (law 13)`, () => {
      for (const asleep of [false, true]) {
        const condition = new Condition();
        const until = new Subject<void>();
        const record: string[] = [];
        const holder = asleep ? null : condition.tryAcquire();
        of('x')
          .pipe(withCondition(condition, () => false, { until }))
          .subscribe(recorder(record, 'a'));
        deliver(() => {
          (asleep ? condition : condition.lock).cancelWaiters();
          until.next();
        });
        holder?.release();
        expect(record).toEqual(['a: CancelledError']);
        expect(condition.locked()).toBeFalse();
      }
    });
  }

  it('tells nothing more to one who has left, or has heard already', async () => {
    const condition = new Condition();
    const late: unknown[] = [];
    config.onStoppedNotification = (notification) => late.push(notification);
    try {
      const until = new Subject<void>();
      of('x')
        .pipe(withCondition(condition, () => false))
        .subscribe()
        .unsubscribe();
      of('x')
        .pipe(withCondition(condition, () => false, { until }))
        .subscribe({ error: () => undefined });
      until.next();
      await new Promise((resolve) => setTimeout(resolve));
    } finally {
      config.onStoppedNotification = null;
    }
    expect(late).toEqual([]);
  });

  it('leaves the line of the lock before it tells that until has emitted', () => {
    const condition = new Condition();
    condition.tryAcquire();
    const until = new Subject<void>();
    const record: string[] = [];
    of('x')
      .pipe(withCondition(condition, () => true, { until }))
      .subscribe(recorder(record, 'a'));
    condition.lock.subscribe(({ waiting }) => record.push(`${String(waiting)} waiting`));
    until.next();
    expect(record).toEqual(['1 waiting', '0 waiting', 'a: TimeoutError']);
  });

  it('notifies one, all, or none', () => {
    for (const [notify, expected] of Object.entries({ one: 1, all: 3, none: 0 }) as [Notify, number][]) {
      const condition = new Condition();
      let told = 0;
      for (let n = 0; n < 3; n++) {
        condition.use((permit) => condition.wait({ permit })).subscribe(() => told++);
      }
      of('x')
        .pipe(withCondition(condition, () => true, { notify }))
        .subscribe();
      expect(told).toBe(expected);
    }
  });

  it('notifies too where the predicate throws, since it leaves the lock', () => {
    const condition = new Condition();
    let told = 0;
    condition.use((permit) => condition.wait({ permit })).subscribe(() => told++);
    const record: string[] = [];
    of('x')
      .pipe(
        withCondition(condition, () => {
          throw new RangeError('predicate');
        }),
      )
      .subscribe(recorder(record, 'a'));
    expect(record).toEqual(['a: RangeError']);
    expect(told).toBe(1);
    expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
  });

  it('notifies nobody while its own source sleeps', () => {
    const condition = new Condition();
    let told = 0;
    const inner = condition
      .wait()
      .pipe(withCondition(condition, () => true))
      .subscribe();
    condition.use((permit) => condition.wait({ permit })).subscribe(() => told++);
    expect(condition.waiting).toBe(2);
    inner.unsubscribe();
    expect(told).toBe(0);
    expect(condition.waiting).toBe(1);
  });

  it('notifies after a synchronous source too, at once or after it was woken', () => {
    const condition = new Condition();
    const record: string[] = [];
    let ready = true;
    const sleep = (name: string): void => {
      condition.use((permit) => condition.wait({ permit })).subscribe(recorder(record, name));
    };
    sleep('first');
    of('at once')
      .pipe(withCondition(condition, () => ready))
      .subscribe(recorder(record, 'a'));
    ready = false;
    of('woken')
      .pipe(withCondition(condition, () => ready))
      .subscribe(recorder(record, 'b'));
    sleep('second');
    const holder = condition.tryAcquire();
    ready = true;
    condition.notify();
    holder?.release();
    expect(record.filter((word) => !word.endsWith('complete'))).toEqual([
      'a: at once',
      'first: true',
      'b: woken',
      'second: true',
    ]);
  });

  it('looks at the predicate again at each notification, and sleeps on while it is false', () => {
    const condition = new Condition();
    const record: string[] = [];
    let size = 0;
    of('x')
      .pipe(withCondition(condition, () => size >= 2))
      .subscribe(recorder(record, 'a'));
    for (let n = 0; n < 2; n++) {
      expect(record).toEqual([]);
      change(condition, () => size++);
    }
    expect(record).toEqual(['a: x', 'a: complete']);
  });

  it('makes a bounded buffer of two short pipelines', () => {
    const changed = new Condition();
    const buffer: number[] = [];
    const record: string[] = [];
    const put = (item: number): Observable<number> =>
      defer(() => of(buffer.push(item))).pipe(
        tap(() => record.push(`put ${String(item)}`)),
        withCondition(changed, () => buffer.length < 2),
      );
    const takeOne = defer(() => of(buffer.shift())).pipe(
      tap((item) => record.push(`take ${String(item)}`)),
      withCondition(changed, () => buffer.length > 0),
    );
    merge(...[1, 2, 3, 4].map(put)).subscribe();
    for (let n = 0; n < 4; n++) {
      takeOne.subscribe();
    }
    expect(record).toEqual(['put 1', 'put 2', 'take 1', 'put 3', 'take 2', 'put 4', 'take 3', 'take 4']);
    expect(changed.lock.value).toEqual({ locked: false, waiting: 0 });
  });

  it('stops a synchronous source midway, and starts anew on retry and repeat', () => {
    const condition = new Condition();
    const record: string[] = [];
    let produced = 0;
    of(1, 2, 3)
      .pipe(
        tap(() => produced++),
        withCondition(condition, () => true),
        take(1),
        repeat(2),
      )
      .subscribe(recorder(record, 'a'));
    let attempt = 0;
    defer(() => (attempt++ === 0 ? throwError(() => new Error('once')) : of('again')))
      .pipe(
        withCondition(condition, () => true),
        retry(1),
      )
      .subscribe(recorder(record, 'b'));
    expect(record).toEqual(['a: 1', 'a: 1', 'a: complete', 'b: again', 'b: complete']);
    expect(produced).toBe(2);
    expect(condition.locked()).toBeFalse();
  });

  heavy(it)('runs a hundred thousand in line on a flat stack', () => {
    const condition = new Condition();
    let ready = false;
    let next = 0;
    let inOrder = true;
    for (let who = 0; who < 100_000; who++) {
      of(who)
        .pipe(withCondition(condition, () => ready, { notify: 'none' }))
        .subscribe((value) => (inOrder &&= value === next++));
    }
    change(condition, () => (ready = true));
    expect(next).toBe(100_000);
    expect(inOrder).toBeTrue();
  });

  it('fails when the condition or its lock is closed, and when its wait is sent away', () => {
    const record: string[] = [];
    const asleep = (condition: Condition, name: string): void => {
      of('x')
        .pipe(withCondition(condition, () => false))
        .subscribe(recorder(record, name));
    };
    const first = new Condition();
    asleep(first, 'closed');
    first.complete();
    asleep(first, 'late');
    const lock = new Lock();
    asleep(new Condition(lock), 'lock closed');
    lock.complete();
    const third = new Condition();
    asleep(third, 'sent away');
    third.cancelWaiters();
    expect(record).toEqual(['closed: ClosedError', 'late: ClosedError', 'lock closed: ClosedError', 'sent away: CancelledError']);
    expect(third.lock.value).toEqual({ locked: false, waiting: 0 });
  });

  it('lets go of until when it has entered, and when it is left', () => {
    const condition = new Condition();
    const until = new Subject<void>();
    let ready = false;
    const enters = concat(of('x'), NEVER)
      .pipe(withCondition(condition, () => ready, { until }))
      .subscribe();
    expect(until.observed).toBeTrue();
    change(condition, () => (ready = true));
    expect(until.observed).toBeFalse();
    enters.unsubscribe();
    ready = false;
    const leaves = of('x')
      .pipe(withCondition(condition, () => ready, { until }))
      .subscribe();
    leaves.unsubscribe();
    expect(until.observed).toBeFalse();
    expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
  });

  it('refuses what is no condition, no predicate, and nobody to notify', () => {
    const condition = new Condition();
    expect(() => withCondition('lock' as unknown as Condition, () => true)).toThrowError(
      TypeError,
      'withCondition needs a Condition, but got "lock"',
    );
    expect(() => withCondition(condition, true as unknown as () => boolean)).toThrowError(
      TypeError,
      'the predicate must be a function, but is true',
    );
    expect(() => withCondition(condition, () => true, { notify: 'some' as Notify })).toThrowError(
      TypeError,
      `notify must be 'one', 'all' or 'none', but is "some"`,
    );
  });
});
