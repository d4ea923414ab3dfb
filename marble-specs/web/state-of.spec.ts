import { stateOf, WebLock, WebLocksUnavailableError, type WebLockState } from 'rxjs-locks/web';

import { unhandledDuring } from '../support/unhandled.js';
import { itHasFakeLocks, itHasFakeTime, replace, subscribe, turn, until } from '../support/web-platform.js';

describe('stateOf()', () => {
  const locks = itHasFakeLocks();
  const time = itHasFakeTime();
  const states: WebLockState[] = [];
  const errors: unknown[] = [];
  const lock = new WebLock('orders');

  beforeEach(() => {
    states.length = errors.length = 0;
  });

  const observer = { next: (state: WebLockState) => states.push(state), error: (error: unknown) => errors.push(error) };

  it('emits the holders and the waiters of a name, and then what has changed', async () => {
    const read = new WebLock('orders', { mode: 'shared' });
    subscribe(new WebLock('other').acquire());
    subscribe(stateOf('orders'), observer);
    await turn();
    expect(states).toEqual([{ exclusive: false, shared: 0, waiting: 0 }]);

    subscribe(read.acquire(), (permit) => {
      setTimeout(() => {
        permit.release();
      }, 1500);
    });
    subscribe(read.acquire(), (permit) => {
      setTimeout(() => {
        permit.release();
      }, 1500);
    });
    subscribe(lock.acquire());
    for (let second = 0; second < 4; second++) {
      await turn();
      time.pass(1000);
      await turn();
    }

    expect(states.slice(1)).toEqual([
      { exclusive: false, shared: 2, waiting: 1 },
      { exclusive: true, shared: 0, waiting: 0 },
    ]);
    expect(Object.isFrozen(states[0])).toBeTrue();
  });

  it('asks once a period, while it is subscribed to', async () => {
    const subscription = subscribe(stateOf('orders', 100), observer);
    for (let period = 0; period < 5; period++) {
      await turn();
      time.pass(100);
    }
    await turn();
    expect(locks().queries).toBe(6);
    subscription.unsubscribe();
    time.pass(1000);

    expect(locks().queries).toBe(6);
  });

  it('can have a period that is longer than any timer', async () => {
    subscribe(stateOf('orders', Infinity), observer);
    await turn();
    time.pass(1000);
    await turn();

    expect(locks().queries).toBe(1);
  });

  it('ignores an answer that comes after it was unsubscribed from', async () => {
    const subscription = subscribe(stateOf('orders'), observer);
    subscription.unsubscribe();
    await turn();
    time.pass(2000);

    expect(states).toEqual([]);
    expect(locks().queries).toBe(1);
  });

  it('fails where the platform refuses', async () => {
    const cause = new DOMException('sandboxed', 'SecurityError');
    spyOn(locks(), 'query').and.rejectWith(cause);
    subscribe(stateOf('orders'), observer);
    await turn();

    expect(errors[0]).toBeInstanceOf(WebLocksUnavailableError);
    expect((errors[0] as WebLocksUnavailableError).cause).toBe(cause);
  });

  it('fails where the platform is gone when it asks again', async () => {
    subscribe(stateOf('orders', 100), observer);
    await turn();
    replace(navigator, 'locks', undefined);
    time.pass(100);

    expect(errors[0]).toBeInstanceOf(WebLocksUnavailableError);
  });

  it('asks again if the platform takes too long, and ignores the late answer', async () => {
    const idle = locks().query();
    let answerLate!: () => void;
    const late = new Promise<Awaited<typeof idle>>((resolve) => {
      answerLate = () => {
        resolve({ held: [{ name: 'orders', mode: 'exclusive' }], pending: [] });
      };
    });
    spyOn(locks(), 'query').and.returnValues(late, idle);
    subscribe(stateOf('orders', 100), observer);
    time.pass(5000);
    answerLate();
    await turn();
    expect(states).toEqual([]);

    time.pass(100);
    await turn();
    expect(states).toEqual([{ exclusive: false, shared: 0, waiting: 0 }]);
    expect(errors).toEqual([]);
  });

  it('is refused bad input', () => {
    const wrong = (value: unknown): never => value as never;

    expect(() => stateOf(wrong(1))).toThrowError(TypeError, /must be a string/);
    expect(() => stateOf('-a')).toThrowError(RangeError, /must not start/);
    for (const period of [0, -1, NaN, '1']) {
      expect(() => stateOf('a', wrong(period))).toThrowError(RangeError, /^the period must be a positive number of milliseconds/);
    }
  });
});

describe('A subscriber of stateOf() that throws', () => {
  itHasFakeLocks();

  it('is reported, and gets the next state', async () => {
    const states: WebLockState[] = [];
    const reported = await unhandledDuring(async () => {
      subscribe(stateOf('orders', 1), (state) => {
        states.push(state);
        throw new Error('thrown by a subscriber');
      });
      await until(() => states.length === 1);
      subscribe(new WebLock('orders').acquire());
      await until(() => states.length === 2);
    });

    expect(reported.length).toBe(2);
    expect(states[1]?.exclusive).toBeTrue();
  });
});
