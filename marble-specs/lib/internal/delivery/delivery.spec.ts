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

  it('delivers in order what was appended, chains included', () => {
    const chain = entry('b');
    chain.behind = entry('c');
    append(entry('a'));
    append(chain);
    append(undefined);
    append(entry('d'));
    deliver();
    expect(record.filter((word) => !word.endsWith('done'))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('never delivers inside a delivery', () => {
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

  it('delivers on the spot what is due now, inside a delivery only', () => {
    append(
      entry('a', () => {
        append(entry('c'));
        deliverNow(entry('b'));
      }),
    );
    deliver();
    expect(record).toEqual(['a', 'b', 'b done', 'a done', 'c', 'c done']);
  });

  it('delivers after what was appended before, outside of one', () => {
    append(entry('a'));
    deliverNow(
      entry('b', () => {
        append(entry('c'));
        deliver();
      }),
    );
    expect(record).toEqual(['a', 'a done', 'b', 'b done', 'c', 'c done']);
  });

  it('delivers on the spot where nothing was appended, and then what that appends', () => {
    deliverNow(
      entry('a', () => {
        append(entry('b'));
        deliver();
      }),
    );
    expect(record).toEqual(['a', 'a done', 'b', 'b done']);
  });

  it('goes on when what it delivers on the spot throws', async () => {
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

  it('holds back until whoever holds it resumes', () => {
    const held = holdDeliveries();
    append(entry('a'));
    deliver();
    const heldAgain = holdDeliveries();
    resumeDeliveries(heldAgain);
    expect(record).toEqual([]);
    resumeDeliveries(held);
    expect(record).toEqual(['a', 'a done']);
  });

  it('goes on when an entry throws, and reports the error as RxJS does', async () => {
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

  it('keeps nothing of what it delivered', () => {
    const first = entry('a');
    first.behind = entry('b');
    append(first);
    deliver();
    expect(first.behind).toBeUndefined();
  });
});
