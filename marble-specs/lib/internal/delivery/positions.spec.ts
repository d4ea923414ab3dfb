import { array, assert, boolean, integer, property, record, subarray } from 'fast-check';

import { Waiter } from '../../../../lib/internal/waiting/waiter.js';
import { innerSubscriber } from '../../../../lib/internal/delivery/inner-subscriber.js';
import { Positions } from '../../../../lib/internal/delivery/positions.js';
import type { Resource } from '../../../../lib/internal/waiting/waiter.js';

class TestWaiter extends Waiter {
  constructor(priority: number, keys: readonly string[] | undefined) {
    super({ weight: 1, priority, label: undefined }, innerSubscriber());
    this.resource = { ...(keys !== undefined && { keys }) } as Resource;
  }

  get keys(): readonly unknown[] {
    return this.resource.keys ?? ['no key'];
  }

  protected granted(): void {
    // No spec here grants a waiter.
  }
}

/** The position of a new waiter in the queue of a key. */
function positionIn(queue: readonly TestWaiter[], waiter: TestWaiter, key: unknown): number {
  const before = queue.filter(({ keys, demand }) => keys.includes(key) && demand.priority >= waiter.demand.priority);
  return before.length + 1;
}

const step = record({
  priority: integer({ min: -2, max: 2 }),
  keys: subarray(['a', 'b', 'c'], { minLength: 1 }),
  removes: boolean(),
});

describe('Positions', () => {
  for (const [what, hasKeys] of [
    ['the queue', false],
    ['the queues of its keys', true],
  ] as const) {
    it(`returns the position of each new waiter in ${what}, after any adds and removes`, () => {
      assert(
        property(array(step, { maxLength: 40, size: 'max' }), (steps) => {
          const positions = new Positions();
          let queue: TestWaiter[] = [];
          steps.forEach(({ priority, keys, removes }, index) => {
            const removed = queue[index % 3];
            if (removes && removed !== undefined) {
              expect(positions.remove(removed)).toBeTrue();
              expect(positions.remove(removed)).toBeFalse();
              queue = queue.filter((each) => each !== removed);
            }
            const waiter = new TestWaiter(hasKeys ? 0 : priority, hasKeys ? keys : undefined);
            expect(positions.add(waiter)).toBe(Math.max(...waiter.keys.map((key) => positionIn(queue, waiter, key))));
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
