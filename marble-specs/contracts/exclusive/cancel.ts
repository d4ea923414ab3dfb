import { concatMap, defer, delay, EMPTY, filter, NEVER, of, Subject, takeUntil, timeout, TimeoutError } from 'rxjs';

import { deliveries } from '../../support/deliveries.js';
import { itMarbles } from '../../support/marbles.js';
import { recorder } from '../../support/recorder.js';

import type { ExclusiveCase } from './case.js';

/** What happens to a waiter that unsubscribes. */
export function itCancelsWaiters(create: () => ExclusiveCase): void {
  describe('Cancelling', () => {
    itMarbles('removes a waiter whose timeout has fired', ({ cold, expectObservable }) => {
      const { primitive, queue } = create();
      const task = cold('    -----a|      ');
      const expected1 = '    -----a|      ';
      const expected2 = '    ---#         ';
      const expected3 = '    -----------a|';
      expectObservable(primitive.use(() => task)).toBe(expected1);
      expectObservable(primitive.acquire().pipe(timeout(3))).toBe(expected2, undefined, jasmine.any(TimeoutError));
      expectObservable(primitive.use(() => task)).toBe(expected3);
      expectObservable(defer(() => of(queue.waiting)).pipe(delay(0))).toBe('(a|)', { a: 2 });
      expectObservable(
        of(0).pipe(
          delay(4),
          concatMap(() => of(queue.waiting)),
        ),
      ).toBe('----(a|)', { a: 1 });
    });

    for (const [where, deliver] of deliveries) {
      it(`removes a waiter that unsubscribes, and grants the others in order, ${where}`, () => {
        const { primitive, queue } = create();
        const holder = primitive.tryAcquire();
        const record: string[] = [];
        const enter = (name: string) => primitive.acquire().subscribe(() => record.push(name));
        enter('a');
        const b = enter('b');
        enter('c');
        deliver(() => {
          b.unsubscribe();
          expect(queue.waiting).toBe(2);
        });
        holder?.release();
        expect(record).toEqual(['a']);
        expect(queue.waiting).toBe(1);
      });

      it(`starts no task for a waiter that unsubscribes, ${where}`, () => {
        const { primitive, queue } = create();
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
          expect(queue.waiting).toBe(0);
        });
        holder?.release();
        expect(ran).toBeFalse();
        expect(primitive.locked()).toBeFalse();
      });
    }

    it('passes a grant on when its subscriber has gone', () => {
      const { primitive } = create();
      const record: string[] = [];
      const holder = primitive.tryAcquire();
      // The first waiter unsubscribes the second after the grant of the second and before its delivery.
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

    it('keeps no permit for a waiter that takeUntil ends, and whose complete handler releases', () => {
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

    it('starts no task for a waiter that takeUntil ends, and whose complete handler releases', () => {
      const { primitive } = create();
      const holder = primitive.tryAcquire();
      const stop = new Subject<void>();
      let tasks = 0;
      primitive
        .use(() => of(++tasks))
        .pipe(takeUntil(stop))
        .subscribe({ complete: () => holder?.release() });
      stop.next();
      expect(tasks).toBe(0);
      expect(primitive.locked()).toBeFalse();
    });

    it('takes nothing for a subscriber that unsubscribes as it sees the state with its own grant', () => {
      const { primitive, queue } = create();
      const record: string[] = [];
      const entered = queue.pipe(filter(() => primitive.locked()));
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

    it('goes on after a waiter that unsubscribes as it sees the state in which it waits', () => {
      const { primitive, queue } = create();
      const holder = primitive.tryAcquire();
      const record: string[] = [];
      const left = queue.pipe(filter(({ waiting }) => waiting === 1));
      primitive.acquire().pipe(takeUntil(left)).subscribe(recorder(record, 'a'));
      expect(queue.waiting).toBe(0);
      holder?.release();
      expect(record).toEqual(['a: complete']);
      expect(primitive.locked()).toBeFalse();
    });
  });
}
