import { append, deliver, deliverNow, hold, resume, Wakeable } from '../../../lib/internal/wake-list.js';
import { thrownDuring, unhandledDuring } from '../../support/unhandled.js';

class Entry extends Wakeable {
  constructor(readonly deliver: () => void) {
    super();
  }
}

describe('The wake list', () => {
  let record: string[];

  beforeEach(() => {
    record = [];
  });

  const entry = (name: string, act?: () => void): Entry =>
    new Entry(() => {
      record.push(name);
      act?.();
      record.push(`${name} done`);
    });

  it('delivers in order what was appended, chains included (law 5)', () => {
    const chain = entry('b');
    chain.behind = entry('c');
    append(entry('a'));
    append(chain);
    append(undefined);
    append(entry('d'));
    deliver();
    expect(record.filter((word) => !word.endsWith('done'))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('never delivers inside a delivery (law 5)', () => {
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

  it('holds back until whoever holds it resumes', () => {
    const held = hold();
    append(entry('a'));
    deliver();
    const heldAgain = hold();
    resume(heldAgain);
    expect(record).toEqual([]);
    resume(held);
    expect(record).toEqual(['a', 'a done']);
  });

  it('goes on when an entry throws, and reports the error as RxJS does (law 9)', async () => {
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

  it('throws the error from the call that began the delivery, with synchronous error handling (law 9)', () => {
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
