import { assert, array, integer, oneof, property, record, constant } from 'fast-check';

import { Waiter } from '../../../../lib/internal/waiting/waiter.js';
import { innerSubscriber } from '../../../../lib/internal/delivery/inner-subscriber.js';
import { PriorityQueue } from '../../../../lib/internal/queue/priority-queue.js';

class Ranked extends Waiter {
  constructor(
    readonly name: number,
    priority: number,
  ) {
    super({ weight: 1, priority, label: undefined }, innerSubscriber());
  }

  protected granted(): void {
    // No spec here grants a waiter.
  }
}

/** The expected queue: a list that is sorted again after each push. */
class SortedList {
  all: Ranked[] = [];

  push(waiter: Ranked): void {
    this.all = [...this.all, waiter].sort((one, other) => other.demand.priority - one.demand.priority);
  }

  take(place: number, count: number): Ranked[] {
    return this.all.splice(place, count);
  }
}

const operation = oneof(
  { weight: 4, arbitrary: record({ kind: constant('push' as const), at: integer({ min: -2, max: 2 }) }) },
  { weight: 2, arbitrary: record({ kind: constant('remove' as const), at: integer({ min: 0, max: 20 }) }) },
  { weight: 2, arbitrary: record({ kind: constant('shift' as const), at: constant(0) }) },
);

describe('PriorityQueue', () => {
  it('orders waiters by priority, and by arrival within a priority, after any pushes and removals', () => {
    assert(
      property(array(operation, { maxLength: 60, size: 'max' }), (operations) => {
        const queue = new PriorityQueue<Ranked>();
        const list = new SortedList();
        operations.forEach(({ kind, at }, name) => {
          const place = list.all.length === 0 ? 0 : at % list.all.length;
          switch (kind) {
            case 'push': {
              const waiter = new Ranked(name, at);
              queue.push(waiter);
              list.push(waiter);
              break;
            }
            case 'remove':
              list.take(place, 1).forEach((waiter) => {
                queue.remove(waiter);
              });
              break;
            case 'shift': {
              const [first] = list.take(0, 1);
              expect(queue.head).toBe(first);
              if (first !== undefined) {
                queue.remove(first);
              }
            }
          }
          expect(namesIn(queue)).toEqual(list.all.map((waiter) => waiter.name));
          expect(queue.length).toBe(list.all.length);
        });
      }),
    );
  });

  it('keeps no lane without waiters', () => {
    const queue = new PriorityQueue<Ranked>();
    for (let priority = 0; priority < 100; priority++) {
      queue.push(new Ranked(priority, priority));
    }
    expect(lanesOf(queue)).toBe(100);
    queue.drain(({ demand }) => demand.priority > 9);
    expect(lanesOf(queue)).toBe(10);
    queue.drain();
    expect(lanesOf(queue)).toBe(0);
  });
});

function lanesOf(queue: PriorityQueue<Ranked>): number {
  return (Reflect.get(Reflect.get(queue, 'lanes') as object, 'nodes') as ReadonlyMap<number, unknown>).size;
}

function namesIn(queue: PriorityQueue<Ranked>): number[] {
  const names: number[] = [];
  for (let waiter = queue.head; waiter !== undefined; waiter = queue.after(waiter)) {
    names.push(waiter.name);
  }
  return names;
}
