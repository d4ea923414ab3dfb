import { WebLock } from 'rxjs-locks/web';

import { FakeLockManager } from '../support/fake-locks.js';
import { itHasFakeLocks, itHasFakeTime, replace, subscribe, turn, useLocks } from '../support/web-platform.js';

describe('The nudge', () => {
  const locks = itHasFakeLocks();
  const time = itHasFakeTime();
  const lock = new WebLock('orders', { timeout: Infinity });

  async function hold(): Promise<() => void> {
    let free = (): void => undefined;
    subscribe(lock.acquire(), (permit) => {
      free = () => {
        permit.release();
      };
    });
    await turn();
    return free;
  }

  it('asks the platform once a second for all waiters together, while a claim has waited for a second', async () => {
    const free = await hold();
    const waiters = [1, 2, 3].map(() =>
      subscribe(lock.acquire(), (permit) => {
        permit.release();
      }),
    );
    time.pass(950);
    expect(locks().queries).toBe(0);
    time.pass(50);
    expect(locks().queries).toBe(1);
    time.pass(2000);
    expect(locks().queries).toBe(3);
    waiters[0]?.unsubscribe();
    time.pass(1000);
    expect(locks().queries).toBe(4);
    free();
    await turn();
    time.pass(10_000);
    expect(locks().queries).toBe(4);
  });

  it('asks for nothing while nobody waits, or waits long', async () => {
    await hold();
    time.pass(10_000);
    // There is always a waiter, and none waits for a second.
    let waiter = subscribe(lock.acquire());
    for (let round = 0; round < 20; round++) {
      time.pass(450);
      const next = subscribe(lock.acquire());
      waiter.unsubscribe();
      waiter = next;
    }

    expect(locks().queries).toBe(0);
  });

  it('survives a platform that answers no question, or is gone', async () => {
    await hold();
    const waiter = subscribe(lock.acquire());
    spyOn(locks(), 'query').and.rejectWith(new Error('no snapshot'));
    time.pass(1000);
    replace(navigator, 'locks', undefined);
    time.pass(1000);
    await turn();
    waiter.unsubscribe();

    expect(locks()).toBeInstanceOf(FakeLockManager);
  });

  it('asks for each name whether it is free, in Node', async () => {
    const node = new FakeLockManager();
    useLocks(node, 'Node.js/24');
    await hold();
    const other = new WebLock('invoices', { timeout: Infinity });
    subscribe(other.acquire());
    await turn();
    const waiters = [subscribe(lock.acquire()), subscribe(lock.acquire()), subscribe(other.acquire())];
    const asked = spyOn(node, 'request').and.callThrough();
    time.pass(1000);
    await turn();

    expect(asked.calls.allArgs().map(([name, options]) => [name, options])).toEqual([
      ['orders', { ifAvailable: true }],
      ['invoices', { ifAvailable: true }],
    ]);
    expect(node.queries).toBe(0);
    for (const waiter of waiters) waiter.unsubscribe();
  });
});
