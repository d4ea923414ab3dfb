import { array, assert, boolean, integer, property, record, subarray } from 'fast-check';

import { Claim } from '../../../../lib/internal/waiting/claim.js';
import { innerSubscriber } from '../../../../lib/internal/streams/inner-subscriber.js';
import { Places } from '../../../../lib/internal/delivery/positions.js';
import type { Home } from '../../../../lib/internal/waiting/waiter.js';

class Waiting extends Claim {
  constructor(priority: number, keys: readonly string[] | undefined) {
    super({ weight: 1, priority, label: undefined }, innerSubscriber());
    this.home = { ...(keys !== undefined && { keys }) } as Home;
  }

  get keys(): readonly unknown[] {
    return this.home.keys ?? ['the whole'];
  }

  protected granted(): void {
    // It is never told.
  }
}

/** Where one stands behind the others in the queue of a key. */
function placeIn(queue: readonly Waiting[], waiter: Waiting, key: unknown): number {
  const before = queue.filter(({ keys, demand }) => keys.includes(key) && demand.priority >= waiter.demand.priority);
  return before.length + 1;
}

const wanted = record({
  priority: integer({ min: -2, max: 2 }),
  keys: subarray(['a', 'b', 'c'], { minLength: 1 }),
  leaves: boolean(),
});

describe('Places', () => {
  for (const [what, hasKeys] of [
    ['the queue', false],
    ['the queues of its keys', true],
  ] as const) {
    it(`says at which place a waiter stands in ${what}, whoever came and left before`, () => {
      assert(
        property(array(wanted, { maxLength: 40, size: 'max' }), (come) => {
          const places = new Places();
          let queue: Waiting[] = [];
          come.forEach(({ priority, keys, leaves }, index) => {
            const leaver = queue[index % 3];
            if (leaves && leaver !== undefined) {
              expect(places.leave(leaver)).toBeTrue();
              expect(places.leave(leaver)).toBeFalse();
              queue = queue.filter((each) => each !== leaver);
            }
            const waiter = new Waiting(hasKeys ? 0 : priority, hasKeys ? keys : undefined);
            expect(places.enter(waiter)).toBe(Math.max(...waiter.keys.map((key) => placeIn(queue, waiter, key))));
            queue.push(waiter);
          });
          for (const waiter of queue) {
            places.leave(waiter);
          }
          expect((Reflect.get(places, 'lines') as ReadonlyMap<unknown, unknown>).size).toBe(0);
        }),
      );
    });
  }
});
