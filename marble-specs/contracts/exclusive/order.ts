import { of } from 'rxjs';
import type { Permit } from 'rxjs-locks';

import { deliveries, insideADelivery } from '../../support/deliveries.js';
import { heavy } from '../../support/heavy.js';
import { itMarbles } from '../../support/marbles.js';
import { reachable } from '../../support/reachable.js';
import { recorder } from '../../support/recorder.js';
import { thrownDuring, unhandledDuring } from '../../support/unhandled.js';

import type { ExclusiveCase } from './case.js';

/** Which waiter is granted when, and in which order the callbacks run. */
export function itGrantsInOrder(create: () => ExclusiveCase): void {
  describe('Order', () => {
    itMarbles('grants in the frame in which it becomes free', ({ cold, expectObservable }) => {
      const { primitive } = create();
      const first = cold('   --a--b--|     ');
      const second = cold('         --c--|');
      const expected1 = '    --a--b--|     ';
      const expected2 = '    ----------c--|';
      expectObservable(primitive.use(() => first)).toBe(expected1);
      expectObservable(primitive.use(() => second)).toBe(expected2);
    });

    for (const [where, deliver] of deliveries) {
      it(`grants inside subscribe when it is free, ${where}`, () => {
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

      it(`grants first come, first served, ${where}`, () => {
        const { primitive, queue } = create();
        const record: string[] = [];
        const permits: Permit[] = [];
        const enter = (name: string): void => {
          primitive.acquire().subscribe((permit) => {
            record.push(name);
            permits.push(permit);
          });
        };
        ['a', 'b', 'c', 'd'].forEach(enter);
        expect(queue.waiting).toBe(3);
        for (let turn = 0; turn < 4; turn++) {
          deliver(() => {
            permits[turn]?.release();
          });
        }
        expect(record).toEqual(['a', 'b', 'c', 'd']);
        expect(primitive.locked()).toBeFalse();
      });

      it(`hands over directly, and is never free in between, ${where}`, () => {
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
    }

    heavy(it)('grants a hundred thousand waiters in order, each of which releases inside next, on a flat stack', () => {
      const { primitive, queue } = create();
      const holder = primitive.tryAcquire();
      let entered = 0;
      let depth = 0;
      let deepest = 0;
      for (let index = 0; index < 100_000; index++) {
        primitive.acquire().subscribe((permit) => {
          deepest = Math.max(deepest, ++depth);
          expect(entered++).toBe(index);
          permit.release();
          depth--;
        });
      }
      holder?.release();
      expect(entered).toBe(100_000);
      expect(deepest).toBe(1);
      expect(queue.waiting).toBe(0);
      expect(primitive.locked()).toBeFalse();
    });

    it('keeps its queue unreachable from its fields, so that a test that compares it reports no waiters', () => {
      const { primitive, queue } = create();
      const permit = primitive.tryAcquire();
      const enter = (): void => {
        primitive.acquire().subscribe();
      };
      enter();
      const near = reachable(primitive, queue, permit);
      Array.from({ length: 200 }, enter);
      expect(queue.waiting).toBe(201);
      expect(reachable(primitive, queue, permit)).toBe(near);
    });
  });

  describe('Delivery', () => {
    it('delivers the next grant before release() returns, outside of a delivery', () => {
      const { primitive } = create();
      const record: string[] = [];
      const holder = primitive.tryAcquire();
      primitive.acquire().subscribe(() => record.push('next holder'));
      holder?.release();
      record.push('released');
      expect(record).toEqual(['next holder', 'released']);
    });

    it('delivers the next grant after release() has returned, inside a delivery', () => {
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

    it('delivers the grants that a new holder causes inside next after that next has returned', () => {
      const { primitive } = create();
      const record: string[] = [];
      primitive.acquire().subscribe((permit) => {
        primitive.acquire().subscribe(() => record.push('second'));
        permit.release();
        record.push('first is done');
      });
      expect(record).toEqual(['first is done', 'second']);
    });

    it('delivers to all other subscribers even if one handler throws', async () => {
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

    it('delivers to all other subscribers with synchronous error handling too, and leaks no permit', () => {
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
}
