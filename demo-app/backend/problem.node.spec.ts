import { integer, oneOf, record, text } from './problem';

const refused = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('the checks of input', () => {
  it('take an integer from a body or an address', () => {
    expect([integer(0, 'seed', 0, 9), integer('9', 'seed', 0, 9)]).toEqual([0, 9]);
    for (const value of [-1, 10, '10', 1.5, NaN, '', ' 1', '1e0', '-1', null, undefined, true]) {
      expect(refused(() => integer(value, 'seed', 0, 9))).toBe('seed must be an integer from 0 to 9');
    }
  });

  it('take a text that is not too long', () => {
    expect(text('four', 'text', 4)).toBe('four');
    for (const value of ['fives', 4, null]) {
      expect(refused(() => text(value, 'text', 4))).toBe('text must be a string of at most 4 characters');
    }
  });

  it('take one of several words', () => {
    expect(oneOf('b', 'letter', ['a', 'b'])).toBe('b');
    for (const value of ['c', '', null]) {
      expect(refused(() => oneOf(value, 'letter', ['a', 'b']))).toBe('letter must be one of a, b');
    }
  });

  it('take an object', () => {
    expect(record({ a: 1 })).toEqual({ a: 1 });
    for (const value of [null, [], 'text', undefined]) {
      expect(refused(() => record(value))).toBe('the body must be a JSON object');
    }
  });
});
