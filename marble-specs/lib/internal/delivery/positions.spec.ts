import { array, assert, boolean, integer, property, record, subarray } from 'fast-check';

import { Waiter } from '../../../../lib/internal/waiting/waiter.js';
import { innerSubscriber } from '../../../../lib/internal/delivery/inner-subscriber.js';
import { Positions } from '../../../../lib/internal/delivery/positions.js';
import type { Resource } from '../../../../lib/internal/waiting/waiter.js';

class Waiting extends Waiter {
  constructor(priority: number, keys: readonly string[] | undefined) {
    super({ weight: 1, priority, label: undefined }, innerSubscriber());
    this.resource = { ...(keys !== undefined && { keys }) } as Resource;
  }

  get keys(): readonly unknown[] {
    return this.resource.keys ?? ['the whole'];
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

describe('Positions', () => {
  for (const [what, hasKeys] of [
    ['the queue', false],
    ['the queues of its keys', true],
  ] as const) {
    it(`says at which place a waiter stands in ${what}, whoever came and left before`, () => {
      assert(
        property(array(wanted, { maxLength: 40, size: 'max' }), (come) => {
          const positions = new Positions();
          let queue: Waiting[] = [];
          come.forEach(({ priority, keys, leaves }, index) => {
            const leaver = queue[index % 3];
            if (leaves && leaver !== undefined) {
              expect(positions.remove(leaver)).toBeTrue();
              expect(positions.remove(leaver)).toBeFalse();
              queue = queue.filter((each) => each !== leaver);
            }
            const waiter = new Waiting(hasKeys ? 0 : priority, hasKeys ? keys : undefined);
            expect(positions.add(waiter)).toBe(Math.max(...waiter.keys.map((key) => placeIn(queue, waiter, key))));
            queue.push(waiter);
          });
          for (const waiter of queue) {
            positions.remove(waiter);
          }
          expect((Reflect.get(positions, 'queues') as ReadonlyMap<unknown, unknown>).size).toBe(0);
        }),
      );
    });
  }
});
