import { map, mergeMap, Observable, range, repeat, retry } from 'rxjs';
import { Barrier } from 'rxjs-locks';

import { itCloses } from '../contracts/closing.js';
import { itIsStateful } from '../contracts/stateful.js';
import { deliveries } from '../support/deliveries.js';
import { heavy } from '../support/heavy.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

describe('Barrier', () => {
  describe('Order', () => {
    itMarbles('wakes all parties, in order of arrival, when the last one arrives', ({ cold, expectObservable }) => {
      const barrier = new Barrier(3);
      const arrivals = cold('--a---b-c    ');
      const expected = '     --------(012)';
      expectObservable(
        arrivals.pipe(
          mergeMap(() => barrier.wait()),
          map((index) => String(index)),
        ),
      ).toBe(expected);
    });

    itMarbles('starts a new round after each complete one', ({ cold, expectObservable }) => {
      const barrier = new Barrier(2);
      const arrivals = cold('a-b--c--d--e ');
      const expected = '     --(01)--(01) ';
      expectObservable(
        arrivals.pipe(
          mergeMap(() => barrier.wait()),
          map((index) => String(index)),
        ),
      ).toBe(expected);
    });

    itMarbles('gives indices in order of arrival, without a gap for a party that has unsubscribed', ({ expectObservable }) => {
      const barrier = new Barrier(3);
      const aSubs = '^            ';
      const bSubs = '--^-!        ';
      const cSubs = '-----^       ';
      const dSubs = '--------^    ';
      const a = '    --------(0|) ';
      const b = '    -----        ';
      const c = '    --------(1|) ';
      const d = '    --------(2|) ';
      const wait = barrier.wait().pipe(map((index) => String(index)));
      expectObservable(wait, aSubs).toBe(a);
      expectObservable(wait, bSubs).toBe(b);
      expectObservable(wait, cSubs).toBe(c);
      expectObservable(wait, dSubs).toBe(d);
    });

    for (const [where, deliver] of deliveries) {
      it(`passes each party at once if one party is enough, ${where}`, () => {
        const barrier = new Barrier(1, { maxWaiting: 0 });
        const record: string[] = [];
        deliver(() => {
          barrier.wait().pipe(repeat(2)).subscribe(recorder(record, 'a'));
          expect(record).toEqual(['a: 0', 'a: 0', 'a: complete']);
        });
        expect(barrier.parties).toBe(1);
      });
    }

    it('is cold: a party arrives at subscribe, and each subscription arrives anew', () => {
      const barrier = new Barrier(2);
      const record: string[] = [];
      const wait = barrier.wait();
      expect(barrier.waiting).toBe(0);
      wait.pipe(retry(1)).subscribe(recorder(record, 'a'));
      barrier.cancelWaiters();
      expect(barrier.waiting).toBe(1);
      wait.subscribe(recorder(record, 'b'));
      expect(record).toEqual(['a: 0', 'a: complete', 'b: 1', 'b: complete']);
    });

    it('counts the party that completes a round as no waiter', () => {
      const barrier = new Barrier(3, { maxWaiting: 2 });
      const record: string[] = [];
      for (const name of ['a', 'b', 'c']) {
        barrier.wait().subscribe(recorder(record, name));
      }
      expect(record).toEqual(['a: 0', 'a: complete', 'b: 1', 'b: complete', 'c: 2', 'c: complete']);
    });

    heavy(it)('wakes a hundred thousand parties in order', () => {
      const parties = 100_000;
      const barrier = new Barrier(parties);
      let next = 0;
      let inOrder = true;
      range(0, parties).subscribe((party) => {
        barrier.wait().subscribe((index) => {
          inOrder &&= index === party && next++ === party;
        });
      });
      expect(next).toBe(parties);
      expect(inOrder).toBeTrue();
    });
  });

  describe('Cancelling', () => {
    for (const [where, deliver] of deliveries) {
      it(`emits nothing to a party that unsubscribes before its wake-up is delivered, and keeps the other indices, ${where}`, () => {
        const barrier = new Barrier(3);
        const record: string[] = [];
        barrier.wait().subscribe((index) => {
          record.push(`a: ${String(index)}`);
          b.unsubscribe();
        });
        const b = barrier.wait().subscribe(recorder(record, 'b'));
        deliver(() => {
          barrier.wait().subscribe((index) => record.push(`c: ${String(index)}`));
        });
        expect(record).toEqual(['a: 0', 'c: 2']);
      });
    }

    it('ignores a subscriber that is already closed', () => {
      const barrier = new Barrier(2, { maxWaiting: 0 });
      const record: string[] = [];
      new Observable<number>((subscriber) => {
        subscriber.unsubscribe();
        barrier.wait().subscribe(subscriber);
      }).subscribe(recorder(record, 'a'));
      expect(record).toEqual([]);
      expect(barrier.waiting).toBe(0);
    });
  });

  describe('Breaking and closing', () => {
    it('lets a complete round pass even if reset() or abort() follows', () => {
      const barrier = new Barrier(2);
      const record: string[] = [];
      barrier.wait().subscribe(() => {
        record.push('a');
        barrier.abort();
      });
      barrier.wait().subscribe(recorder(record, 'b'));
      expect(record).toEqual(['a', 'b: 1', 'b: complete']);
      expect(barrier.broken).toBeTrue();
    });

    it('fails a single party while it is broken, and after it is closed', () => {
      const alone = new Barrier(1);
      const record: string[] = [];
      alone.abort();
      alone.wait().subscribe(recorder(record, 'a'));
      alone.reset();
      alone.wait().subscribe(recorder(record, 'b'));
      alone.complete();
      alone.wait().subscribe(recorder(record, 'c'));
      expect(record).toEqual(['a: BrokenBarrierError', 'b: 0', 'b: complete', 'c: ClosedError']);
    });
  });

  describe('Arguments', () => {
    for (const parties of [0, -1, 1.5, NaN, Infinity]) {
      it(`refuses ${String(parties)} parties`, () => {
        expect(() => new Barrier(parties)).toThrow(
          new RangeError(`parties must be an integer of at least 1, but is ${String(parties)}`),
        );
      });
    }
  });

  itIsStateful('Barrier', () => {
    const primitive = new Barrier(3);
    return {
      primitive,
      change: () => {
        primitive.abort();
      },
      restore: () => {
        primitive.reset();
      },
      initial: { waiting: 0, broken: false },
      changed: { waiting: 0, broken: true },
    };
  });

  itCloses('Barrier', (options) => {
    // The contract puts at most two waiters into the queue, and `grant` adds the rest.
    const primitive = new Barrier(5, { name: 'start', ...options });
    return {
      primitive,
      wait: primitive.wait(),
      grant: () => {
        while (primitive.waiting > 0) {
          primitive.wait().subscribe();
        }
      },
      name: 'barrier "start"',
      tried: 'wait for',
    };
  });
});
