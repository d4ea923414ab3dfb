import { KeyedLock } from 'rxjs-locks';

describe('A key of a KeyedLock', () => {
  it('has no state of its own: all calls of get() for one key return the same lock', () => {
    const locks = new KeyedLock<string>();
    const [early, late] = [locks.get('a'), locks.get('a')];
    expect(locks.value).toEqual({ keys: 0, waiting: 0 });
    const permit = early.tryAcquire();
    expect([early.locked(), late.locked(), locks.get('a').locked()]).toEqual([true, true, true]);
    expect(late.tryAcquire()).toBeNull();
    expect(locks.get('b').locked()).toBeFalse();
    expect(locks.keys).toBe(1);
    permit?.release();
    expect(late.tryAcquire()).not.toBeNull();
  });

  it('equals the same keys as in a Map', () => {
    const object = {};
    const pairs: readonly (readonly [unknown, unknown, boolean])[] = [
      [NaN, NaN, true],
      [0, -0, true],
      [undefined, undefined, true],
      [null, undefined, false],
      ['1', 1, false],
      [object, object, true],
      [{}, {}, false],
    ];
    for (const [one, other, isSame] of pairs) {
      const locks = new KeyedLock();
      locks.get(one).tryAcquire();
      expect(locks.get(other).locked()).toBe(isSame);
      expect(locks.all([one, other]).locked()).toBeTrue();
      locks.all([other, one, other]).acquire().subscribe();
      expect(locks.value).toEqual({ keys: isSame ? 1 : 2, waiting: 1 });
    }
  });

  it('is named in messages, whatever it is', () => {
    const locks = new KeyedLock({ name: 'users' });
    locks.complete();
    const throwing = {
      toString: (): string => {
        throw new Error('toString');
      },
    };
    const names: readonly (readonly [unknown, string])[] = [
      [42, '42'],
      ['42', '"42"'],
      [undefined, 'undefined'],
      [Symbol('x'), 'Symbol(x)'],
      [{}, '[object Object]'],
      [Object.create(null), '[object Object]'],
      [throwing, '[object Object]'],
    ];
    for (const [key, name] of names) {
      expect(() => locks.get(key).tryAcquire()).toThrowError(`cannot acquire key ${name} of keyed lock "users": it is closed`);
    }
    expect(() => locks.all(names.slice(0, 2).map(([key]) => key)).tryAcquire()).toThrowError(
      'cannot acquire keys 42, "42" of keyed lock "users": it is closed',
    );
  });
});
