import { defer, finalize, merge, type Observable, of, repeat, retry, Subject, take, tap, throwError } from 'rxjs';
import { Condition } from 'rxjs-locks';
import { withCondition, type Notify } from 'rxjs-locks/operators';

import { deliveries } from '../support/deliveries.js';
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

  describe('waits until the predicate is true', () => {
    itMarbles('and then subscribes to the source', ({ cold, expectObservable, expectSubscriptions }) => {
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
      'runs one source at a time, in the order of their subscriptions',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const condition = new Condition();
        let ready = false;
        const turn = cold('    --x           ');
        const first = cold('     --a|        ');
        const second = cold('       -b-|     ');
        const firstSubs = '    --^--!        ';
        const secondSubs = '   -----^--!     ';
        const expected1 = '    ----a|        ';
        const expected2 = '    ------b-|     ';
        turn.subscribe(() => {
          change(condition, () => (ready = true));
        });
        expectObservable(first.pipe(withCondition(condition, () => ready))).toBe(expected1);
        expectObservable(second.pipe(withCondition(condition, () => ready))).toBe(expected2);
        expectSubscriptions(first.subscriptions).toBe(firstSubs);
        expectSubscriptions(second.subscriptions).toBe(secondSubs);
      },
    );

    itMarbles(
      'lets a source whose predicate is true pass one that still waits',
      ({ cold, expectObservable, expectSubscriptions }) => {
        const condition = new Condition();
        let ready = false;
        const turn = cold('    ------x     ');
        const waits = cold('         -a|  ');
        const runs = cold('    -b|         ');
        const waitsSubs = '    ------^-!   ';
        const runsSubs = '     ^-!         ';
        const expected1 = '    -------a|   ';
        const expected2 = '    -b|         ';
        turn.subscribe(() => {
          change(condition, () => (ready = true));
        });
        expectObservable(waits.pipe(withCondition(condition, () => ready))).toBe(expected1);
        expectObservable(runs.pipe(withCondition(condition, () => true))).toBe(expected2);
        expectSubscriptions(waits.subscriptions).toBe(waitsSubs);
        expectSubscriptions(runs.subscriptions).toBe(runsSubs);
      },
    );

    it('checks the predicate again at each notification, and waits while it is false', () => {
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

    for (const [where, deliver] of deliveries) {
      it(`subscribes immediately when the predicate is true, ${where}`, () => {
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
    }

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

    it('stops a synchronous source midway, and starts again on retry and repeat', () => {
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

    heavy(it)('runs a hundred thousand queued sources on a flat stack', () => {
      const condition = new Condition();
      let ready = false;
      let next = 0;
      let inOrder = true;
      for (let index = 0; index < 100_000; index++) {
        of(index)
          .pipe(withCondition(condition, () => ready, { notify: 'none' }))
          .subscribe((value) => (inOrder &&= value === next++));
      }
      change(condition, () => (ready = true));
      expect(next).toBe(100_000);
      expect(inOrder).toBeTrue();
    });
  });

  describe('notifies other waiters when it ends', () => {
    for (const [where, deliver] of deliveries) {
      it(`after the teardown, and notifies downstream after the release, ${where}`, () => {
        for (const end of ['complete', 'error', 'unsubscribe'] as const) {
          const condition = new Condition();
          const record: string[] = [];
          condition.use((permit) => condition.wait({ permit })).subscribe(() => record.push('notified'));
          const source = new Subject<string>();
          const section = source
            .pipe(
              finalize(() => record.push(`torn down, ${String(condition.waiting)} waiting`)),
              withCondition(condition, () => true),
            )
            .subscribe({
              complete: () => record.push(`downstream, ${String(condition.waiting)} waiting`),
              error: () => record.push(`downstream, ${String(condition.waiting)} waiting`),
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
          expect(record).toEqual([
            'torn down, 1 waiting',
            ...(end === 'unsubscribe' ? [] : ['downstream, 0 waiting']),
            'notified',
          ]);
          expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
        }
      });
    }

    it('one, all, or none', () => {
      for (const [notify, expected] of Object.entries({ one: 1, all: 3, none: 0 }) as [Notify, number][]) {
        const condition = new Condition();
        let notified = 0;
        for (let n = 0; n < 3; n++) {
          condition.use((permit) => condition.wait({ permit })).subscribe(() => notified++);
        }
        of('x')
          .pipe(withCondition(condition, () => true, { notify }))
          .subscribe();
        expect(notified).toBe(expected);
      }
    });

    it('when the predicate throws too', () => {
      const condition = new Condition();
      let notified = 0;
      condition.use((permit) => condition.wait({ permit })).subscribe(() => notified++);
      const record: string[] = [];
      of('x')
        .pipe(
          withCondition(condition, () => {
            throw new RangeError('predicate');
          }),
        )
        .subscribe(recorder(record, 'a'));
      expect(record).toEqual(['a: RangeError']);
      expect(notified).toBe(1);
      expect(condition.lock.value).toEqual({ locked: false, waiting: 0 });
    });

    it('and not while its own source waits', () => {
      const condition = new Condition();
      let notified = 0;
      const inner = condition
        .wait()
        .pipe(withCondition(condition, () => true))
        .subscribe();
      condition.use((permit) => condition.wait({ permit })).subscribe(() => notified++);
      expect(condition.waiting).toBe(2);
      inner.unsubscribe();
      expect(notified).toBe(0);
      expect(condition.waiting).toBe(1);
    });

    it('after a synchronous source too, whether it had to wait or not', () => {
      const condition = new Condition();
      const record: string[] = [];
      let ready = true;
      const enqueue = (name: string): void => {
        condition.use((permit) => condition.wait({ permit })).subscribe(recorder(record, name));
      };
      enqueue('first');
      of('at once')
        .pipe(withCondition(condition, () => ready))
        .subscribe(recorder(record, 'a'));
      ready = false;
      of('woken')
        .pipe(withCondition(condition, () => ready))
        .subscribe(recorder(record, 'b'));
      enqueue('second');
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
  });

  it('throws at the call for an argument that is no condition, no predicate, or no value of notify', () => {
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
