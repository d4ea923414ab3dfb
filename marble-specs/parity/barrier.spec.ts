import { mergeMap, throwError, timeout } from 'rxjs';
import { Barrier } from 'rxjs-locks';

import { deliveries } from '../support/deliveries.js';
import { itMarbles } from '../support/marbles.js';
import { recorder } from '../support/recorder.js';

/** Bugs that barriers elsewhere had, by the number of their tracker and, where there is one, CPython's test. */
describe('Parity of Barrier', () => {
  itMarbles('B2 test_filling_tasks_cancel_one: a party that times out lowers the count', ({ cold, expectObservable }) => {
    const barrier = new Barrier(2);
    const late = cold('  -----x');
    const expected1 = '  --#   ';
    const expected2 = '  ------';
    const patient = barrier.wait().pipe(timeout({ each: 2, with: () => throwError(() => 'error') }));
    expectObservable(patient).toBe(expected1);
    expectObservable(late.pipe(mergeMap(() => barrier.wait()))).toBe(expected2);
  });

  for (const [where, deliver] of deliveries) {
    it(`B1 gh-155233: each party has an index of its own, even if a party unsubscribed before, ${where}`, () => {
      const barrier = new Barrier(3);
      const record: string[] = [];
      barrier.wait().subscribe(recorder(record, 'a'));
      const b = barrier.wait().subscribe(recorder(record, 'b'));
      deliver(() => {
        b.unsubscribe();
        expect(barrier.waiting).toBe(1);
        barrier.wait().subscribe(recorder(record, 'c'));
        barrier.wait().subscribe(recorder(record, 'd'));
        expect(barrier.value).toEqual({ waiting: 0, broken: false });
      });
      expect(record).toEqual(['a: 0', 'a: complete', 'c: 1', 'c: complete', 'd: 2', 'd: complete']);
    });

    it(`B3: reset() fails the waiters, and the barrier starts anew, ${where}`, () => {
      const barrier = new Barrier(2, { name: 'start' });
      const record: string[] = [];
      barrier.wait().subscribe({ error: (error: Error) => record.push(`${error.name}: ${error.message}`) });
      deliver(() => {
        barrier.reset();
        expect(barrier.value).toEqual({ waiting: 0, broken: false });
      });
      expect(record).toEqual(['BrokenBarrierError: gave up waiting for barrier "start": it was reset']);
      barrier.wait().subscribe(recorder(record, 'b'));
      barrier.wait().subscribe(recorder(record, 'c'));
      expect(record.slice(1)).toEqual(['b: 0', 'b: complete', 'c: 1', 'c: complete']);
    });

    it(`B3: abort() fails the waiters, and later parties until reset(), ${where}`, () => {
      const barrier = new Barrier(2, { name: 'start' });
      const record: string[] = [];
      const messages: string[] = [];
      barrier.subscribe(recorder(record, 'state'));
      const wait = (name: string): void => {
        barrier.wait().subscribe({
          next: () => record.push(`${name} passes`),
          error: (error: Error) => {
            record.push(`${name}: ${error.name}`);
            messages.push(error.message);
          },
        });
      };
      wait('a');
      deliver(() => {
        barrier.abort();
        expect(barrier.broken).toBeTrue();
        wait('b');
      });
      barrier.reset();
      expect(barrier.broken).toBeFalse();
      expect(record.filter((word) => !word.startsWith('state')).sort()).toEqual([
        'a: BrokenBarrierError',
        'b: BrokenBarrierError',
      ]);
      expect(record.filter((word) => word.startsWith('state'))).toEqual([
        'state: {"waiting":0,"broken":false}',
        'state: {"waiting":1,"broken":false}',
        'state: {"waiting":0,"broken":true}',
        'state: {"waiting":0,"broken":false}',
      ]);
      expect(messages.sort()).toEqual([
        'cannot wait for barrier "start": it is broken',
        'gave up waiting for barrier "start": it was aborted',
      ]);
    });

    it(`B4: a party that arrives while a round is woken belongs to the next round, ${where}`, () => {
      const barrier = new Barrier(2);
      const record: string[] = [];
      barrier.wait().subscribe((index) => {
        record.push(`a: ${String(index)}`);
        barrier.wait().subscribe(recorder(record, 'a again'));
        expect(barrier.waiting).toBe(1);
      });
      deliver(() => {
        barrier.wait().subscribe((index) => record.push(`b: ${String(index)}`));
      });
      expect(record).toEqual(['a: 0', 'b: 1']);
      barrier.wait().subscribe(recorder(record, 'c'));
      expect(record.slice(2)).toEqual(['a again: 0', 'a again: complete', 'c: 1', 'c: complete']);
    });
  }
});
