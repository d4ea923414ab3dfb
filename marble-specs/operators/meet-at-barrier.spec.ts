import { concat, NEVER, of, range, Subject, take } from 'rxjs';
import { Barrier } from 'rxjs-locks';
import { meetAtBarrier } from 'rxjs-locks/operators';

import { deliveries } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

describe('meetAtBarrier', () => {
  describe('emits one value of each stream in each round', () => {
    itMarbles('emits when all parties have a value', ({ cold, expectObservable, expectSubscriptions }) => {
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

    itMarbles('queues the values that arrive meanwhile, and completes after the last of them', ({ cold, expectObservable }) => {
      const barrier = new Barrier(2);
      const fast = cold('   (abc|)      ');
      const slow = cold('   ---d--e-f|  ');
      const expected1 = '   ---a--b-(c|)';
      const expected2 = '   ---d--e-f|  ';
      expectObservable(fast.pipe(meetAtBarrier(barrier))).toBe(expected1);
      expectObservable(slow.pipe(meetAtBarrier(barrier))).toBe(expected2);
    });

    itMarbles('emits without a wait when the barrier has one party', ({ cold, expectObservable }) => {
      const barrier = new Barrier(1);
      const source = cold('  -a-b(cd|)');
      const expected = '     -a-b(cd|)';
      expectObservable(source.pipe(meetAtBarrier(barrier))).toBe(expected);
    });

    for (const [where, deliver] of deliveries) {
      it(`emits the values of a round in the order of their arrival, ${where}`, () => {
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
    }

    heavy(it)('takes a hundred thousand rounds', () => {
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

    heavy(it)('emits a hundred thousand values in order that arrived while the first one was emitted', () => {
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
  });

  describe('when it ends', () => {
    itMarbles(
      'leaves the barrier when it is unsubscribed, and tears its source down',
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

    itMarbles('fails with the source immediately, and leaves the barrier', ({ cold, expectObservable }) => {
      const barrier = new Barrier(2);
      const first = cold('   -a-#        ');
      const second = cold('  -----b----- ');
      const third = cold('   -------c--- ');
      const expected1 = '    ---#        ';
      const expected2 = '    -------b--- ';
      const expected3 = '    -------c--- ';
      expectObservable(first.pipe(meetAtBarrier(barrier))).toBe(expected1);
      expectObservable(second.pipe(meetAtBarrier(barrier))).toBe(expected2);
      expectObservable(third.pipe(meetAtBarrier(barrier))).toBe(expected3);
    });

    itMarbles('fails in all streams that wait when the barrier is aborted', ({ cold, expectObservable, expectSubscriptions }) => {
      const barrier = new Barrier(3);
      const abort = cold('   ---x   ');
      const first = cold('   -a-----');
      const second = cold('  --b----');
      const subs = '         ^--!   ';
      const expected1 = '    ---#   ';
      const expected2 = '    ---#   ';
      const broken = jasmine.objectContaining({ name: 'BrokenBarrierError' });
      abort.subscribe(() => {
        barrier.abort();
      });
      expectObservable(first.pipe(meetAtBarrier(barrier))).toBe(expected1, undefined, broken);
      expectObservable(second.pipe(meetAtBarrier(barrier))).toBe(expected2, undefined, broken);
      expectSubscriptions(first.subscriptions).toBe(subs);
      expectSubscriptions(second.subscriptions).toBe(subs);
    });

    for (const [where, deliver] of deliveries) {
      it(`fails when the barrier breaks, and tears its source down, ${where}`, () => {
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

      it(`leaves the barrier before downstream receives an error of the source, ${where}`, () => {
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

      it(`stops a synchronous source midway, ${where}`, () => {
        const barrier = new Barrier(1);
        const record: string[] = [];
        deliver(() => {
          range(1, 1_000_000_000).pipe(meetAtBarrier(barrier), take(2)).subscribe(recorder(record, 'a'));
        });
        expect(record).toEqual(['a: 1', 'a: 2', 'a: complete']);
        expect(barrier.waiting).toBe(0);
      });
    }
  });

  it('throws at the call for an argument that is no barrier', () => {
    for (const wrong of [undefined, null, 3] as readonly unknown[]) {
      expect(() => meetAtBarrier(wrong as Barrier)).toThrow(
        new TypeError(`meetAtBarrier needs a Barrier, but got ${String(wrong)}`),
      );
    }
  });
});
