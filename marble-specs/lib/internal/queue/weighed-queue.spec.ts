import { array, assert, integer, property, record } from 'fast-check';

import { Waiter } from '../../../../lib/internal/waiting/waiter.js';
import { innerSubscriber } from '../../../../lib/internal/delivery/inner-subscriber.js';
import { WeighedQueue } from '../../../../lib/internal/queue/weighed-queue.js';

class Weighing extends Waiter {
  constructor(weight: number) {
    super({ weight, priority: 0, label: undefined }, innerSubscriber());
  }

  protected granted(): void {
    // No spec here grants a waiter.
  }
}

const step = record({
  weight: integer({ min: 1, max: 4 }),
  index: integer({ min: 0, max: 9 }),
  bound: integer({ min: 1, max: 12 }),
});

describe('WeighedQueue', () => {
  it('drains the waiters above a bound, and walks through the queue only if there are any', () => {
    assert(
      property(array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const queue = new WeighedQueue<Weighing>();
        let expected: Weighing[] = [];
        for (const { weight, index, bound } of steps) {
          const waiter = new Weighing(weight);
          queue.push(waiter);
          expected.push(waiter);
          const removed = expected[index];
          if (removed !== undefined) {
            queue.remove(removed);
            expected = expected.filter((each) => each !== removed);
          }
          const unfit = expected.filter(({ demand }) => demand.weight > bound);
          expected = expected.filter(({ demand }) => demand.weight <= bound);
          let walked = false;
          queue.after = (each) => {
            walked = true;
            return WeighedQueue.prototype.after.call(queue, each) as Weighing | undefined;
          };
          expect(queue.drainAbove(bound)).toEqual(unfit);
          expect(walked).toBe(unfit.length > 0);
          expect(queue.length).toBe(expected.length);
        }
      }),
    );
  });
});
