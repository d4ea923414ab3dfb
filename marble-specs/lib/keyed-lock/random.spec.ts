import fc from 'fast-check';
import type { Subscription } from 'rxjs';
import { KeyedLock, type Permit } from 'rxjs-locks';

describe('A KeyedLock with random waiters', () => {
  it('has no deadlock, and never two holders that share a key', () => {
    const key = fc.nat(5);
    const arrival = fc.record({
      keys: fc.array(key, { minLength: 1, maxLength: 4 }),
      /** The index of the holder or waiter that goes before this waiter is added, if any. */
      gone: fc.option(fc.nat(20)),
    });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 40, size: 'max' }), (arrivals) => {
        const locks = new KeyedLock<number>();
        const holders = new Set<{ readonly keys: readonly number[]; readonly permit: Permit }>();
        const waiting: { readonly keys: readonly number[]; readonly subscription: Subscription }[] = [];
        const heldBy = (each: number): number => [...holders].filter(({ keys }) => keys.includes(each)).length;
        for (const { keys, gone } of arrivals) {
          const holder = [...holders][gone ?? Infinity];
          if (holder !== undefined) {
            holders.delete(holder);
            holder.permit.release();
          } else {
            waiting[gone ?? Infinity]?.subscription.unsubscribe();
          }
          const subscription = locks
            .all(keys)
            .acquire()
            .subscribe((permit) => holders.add({ keys, permit }));
          waiting.push({ keys, subscription });
          expect([0, 1, 2, 3, 4, 5].every((each) => heldBy(each) <= 1)).toBeTrue();
        }
        // All holders release, one after another. A deadlock would keep a waiter in the queue.
        for (const holder of holders) {
          holders.delete(holder);
          holder.permit.release();
        }
        expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      }),
      { numRuns: 300 },
    );
  });
});
