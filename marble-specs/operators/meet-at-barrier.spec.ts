import { concat, NEVER, of, range, Subject, take } from 'rxjs';
import { Barrier } from 'rxjs-locks';
import { meetAtBarrier } from 'rxjs-locks/operators';

import { deliveries } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

describe('meetAtBarrier', () => {
  itMarbles('lets streams go step by step', ({ cold, expectObservable, expectSubscriptions }) => {
    const barrier = new Barrier(2);
    const fast = cold('   -a-b--------|');
    const slow = cold('   ----c----d--|');
    const subs = '        ^-----------!';
    const expected1 = '   ----a----b--|';
    const expected2 = '   ----c----d--|';
    expectObservable(fast.pipe(meetAtBarrier(barrier))).toBe(expected1);
    expectObservable(slow.pipe(meetAtBarrier(barrier))).toBe(expected2);
    expectSubscriptions(fast.subscriptions).toBe(subs);
    expectSubscriptions(slow.subscriptions).toBe(subs);
  });

  itMarbles('keeps what comes while one waits, and completes when all of it has passed', ({ cold, expectObservable }) => {
    const barrier = new Barrier(2);
    const fast = cold('   (abc|)      ');
    const slow = cold('   ---d--e-f|  ');
    const expected1 = '   ---a--b-(c|)';
    const expected2 = '   ---d--e-f|  ';
    expectObservable(fast.pipe(meetAtBarrier(barrier))).toBe(expected1);
    expectObservable(slow.pipe(meetAtBarrier(barrier))).toBe(expected2);
  });

  itMarbles(
    'leaves the barrier when it is unsubscribed, and lets go of its source',
    ({ cold, expectObservable, expectSubscriptions }) => {
      const barrier = new Barrier(2);
      const first = cold('  -a------');
      const firstUnsub = '  --!     ';
      const firstSubs = '   ^-!     ';
      const second = cold(' ---b--- ');
      const third = cold('  ----c-- ');
      const expected2 = '   ----b-- ';
      const expected3 = '   ----c-- ';
      expectObservable(first.pipe(meetAtBarrier(barrier)), firstUnsub).toBe('--------');
      expectObservable(second.pipe(meetAtBarrier(barrier))).toBe(expected2);
      expectObservable(third.pipe(meetAtBarrier(barrier))).toBe(expected3);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
    },
  );

  for (const [where, deliver] of deliveries) {
    it(`lets a round pass in the order of arrival, ${where}`, () => {
      const barrier = new Barrier(3);
      const record: string[] = [];
      for (const name of ['a', 'b']) {
        concat(of(`${name}1`, `${name}2`), NEVER)
          .pipe(meetAtBarrier(barrier))
          .subscribe((value) => record.push(value));
      }
      deliver(() => {
        of('c1')
          .pipe(meetAtBarrier(barrier))
          .subscribe((value) => record.push(value));
      });
      expect(record).toEqual(['a1', 'b1', 'c1']);
      expect(barrier.waiting).toBe(2);
    });

    it(`fails with what breaks the barrier, and lets go of its source, ${where}`, () => {
      const barrier = new Barrier(2);
      const source = new Subject<string>();
      const record: string[] = [];
      source.pipe(meetAtBarrier(barrier)).subscribe(recorder(record, 'a'));
      source.next('1');
      deliver(() => {
        barrier.abort();
      });
      expect(record).toEqual(['a: BrokenBarrierError']);
      expect(source.observed).toBeFalse();
    });

    it(`leaves the barrier before downstream hears of an error of the source, ${where} (law 7)`, () => {
      const barrier = new Barrier(2);
      const source = new Subject<string>();
      const record: string[] = [];
      source.pipe(meetAtBarrier(barrier)).subscribe({
        error: (error: Error) => record.push(`${error.name}, ${String(barrier.waiting)} wait`),
      });
      source.next('1');
      deliver(() => {
        source.error(new RangeError('source'));
      });
      expect(record).toEqual(['RangeError, 0 wait']);
    });

    it(`stops a synchronous source in the middle, ${where}`, () => {
      const barrier = new Barrier(1);
      const record: string[] = [];
      deliver(() => {
        range(1, 1_000_000_000).pipe(meetAtBarrier(barrier), take(2)).subscribe(recorder(record, 'a'));
      });
      expect(record).toEqual(['a: 1', 'a: 2', 'a: complete']);
      expect(barrier.waiting).toBe(0);
    });
  }

  heavy(it)('lets a hundred thousand pass one after another that came while the first was handed on', () => {
    const barrier = new Barrier(1);
    const source = new Subject<number>();
    let passed = 0;
    source.pipe(meetAtBarrier(barrier)).subscribe((value) => {
      if (value === 0) {
        range(1, 100_000).subscribe((next) => {
          source.next(next);
        });
      }
      passed += value === passed ? 1 : 0;
    });
    source.next(0);
    expect(passed).toBe(100_001);
  });

  heavy(it)('takes a hundred thousand steps', () => {
    const barrier = new Barrier(2);
    const steps = 100_000;
    const counts = [0, 0];
    [0, 1].forEach((stream) => {
      range(0, steps)
        .pipe(meetAtBarrier(barrier))
        .subscribe((value) => {
          counts[stream] = value + 1;
        });
    });
    expect(counts).toEqual([steps, steps]);
    expect(barrier.waiting).toBe(0);
  });

  it('refuses at the call what is no barrier', () => {
    for (const wrong of [undefined, null, 3] as readonly unknown[]) {
      expect(() => meetAtBarrier(wrong as Barrier)).toThrow(
        new TypeError(`meetAtBarrier needs a Barrier, but got ${String(wrong)}`),
      );
    }
  });
});
