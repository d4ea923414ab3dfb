import {
  Callback,
  append,
  deliver,
  deliverNow,
  holdDeliveries,
  resumeDeliveries,
} from '../../../../lib/internal/delivery/delivery.js';
import { thrownDuring, unhandledDuring } from '../../../support/unhandled.js';

describe('The wake list', () => {
  let record: string[];

  beforeEach(() => {
    record = [];
  });

  const entry = (name: string, act?: () => void): Callback =>
    new Callback(() => {
      record.push(name);
      act?.();
      record.push(`${name} done`);
    });

  it('delivers entries and chains in the order in which they were appended', () => {
    const chain = entry('b');
    chain.behind = entry('c');
    append(entry('a'));
    append(chain);
    append(undefined);
    append(entry('d'));
    deliver();
    expect(record.filter((word) => !word.endsWith('done'))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('never nests deliveries', () => {
    append(
      entry('a', () => {
        append(entry('c'));
        deliver();
      }),
    );
    append(entry('b'));
    deliver();
    expect(record).toEqual(['a', 'a done', 'b', 'b done', 'c', 'c done']);
  });

  it('delivers nothing between holdDeliveries() and its resumeDeliveries(), even with nested calls', () => {
    const held = holdDeliveries();
    append(entry('a'));
    deliver();
    const heldAgain = holdDeliveries();
    resumeDeliveries(heldAgain);
    expect(record).toEqual([]);
    resumeDeliveries(held);
    expect(record).toEqual(['a', 'a done']);
  });

  it('continues when an entry throws, and reports the error as RxJS does', async () => {
    const errors = await unhandledDuring(() => {
      append(
        entry('a', () => {
          throw new Error('a');
        }),
      );
      append(entry('b'));
      expect(deliver).not.toThrow();
    });
    expect(record).toEqual(['a', 'b', 'b done']);
    expect(errors).toEqual([new Error('a')]);
  });

  it('throws the error from the call that began the delivery, with synchronous error handling', () => {
    const errors = thrownDuring(() => {
      append(
        entry('a', () => {
          throw new Error('a');
        }),
      );
      append(entry('b'));
      deliver();
    });
    expect(record).toEqual(['a', 'b', 'b done']);
    expect(errors).toEqual([new Error('a')]);
    append(entry('c'));
    deliver();
    expect(record.at(-1)).toBe('c done');
  });

  it('clears the links between delivered entries', () => {
    const first = entry('a');
    first.behind = entry('b');
    append(first);
    deliver();
    expect(first.behind).toBeUndefined();
  });

  describe('deliverNow', () => {
    it('delivers its entry at once during a delivery', () => {
      append(
        entry('a', () => {
          append(entry('c'));
          deliverNow(entry('b'));
        }),
      );
      deliver();
      expect(record).toEqual(['a', 'b', 'b done', 'a done', 'c', 'c done']);
    });

    it('delivers its entry after earlier entries, outside of a delivery', () => {
      append(entry('a'));
      deliverNow(
        entry('b', () => {
          append(entry('c'));
          deliver();
        }),
      );
      expect(record).toEqual(['a', 'a done', 'b', 'b done', 'c', 'c done']);
    });

    it('delivers its entry before the entries that it appends, if the list is empty', () => {
      deliverNow(
        entry('a', () => {
          append(entry('b'));
          deliver();
        }),
      );
      expect(record).toEqual(['a', 'a done', 'b', 'b done']);
    });

    it('delivers the appended entries even if its entry throws', async () => {
      const failing = (name: string): Callback =>
        entry(name, () => {
          append(entry(`after ${name}`));
          throw new Error(name);
        });
      const errors = await unhandledDuring(() => {
        deliverNow(failing('a'));
      });
      expect(errors).toEqual([new Error('a')]);
      expect(
        thrownDuring(() => {
          deliverNow(failing('b'));
        }),
      ).toEqual([new Error('b')]);
      expect(record).toEqual(['a', 'after a', 'after a done', 'b', 'after b', 'after b done']);
    });
  });
});
