import { firstValueFrom } from 'rxjs';
import { WebLock } from 'rxjs-locks/web';

import { FakeLockManager } from '../support/fake-locks.js';
import { itHasFakeLocks, turn, until, useLocks } from '../support/web-platform.js';

/** It checks each request first, and overlooks that a request is aborted during its check, as Chrome 156 does. */
class CheckingLockManager extends FakeLockManager {
  override async request(...request: Parameters<FakeLockManager['request']>): Promise<unknown> {
    await turn();
    return super.request(...request);
  }

  override async query(): ReturnType<FakeLockManager['query']> {
    await turn();
    return super.query();
  }
}

describe('a web lock, before the first answer of the platform', () => {
  itHasFakeLocks();

  it('withdraws the requests that are cancelled in the same turn, and asks for one snapshot for all', async () => {
    const locks = new CheckingLockManager();
    useLocks(locks, 'a browser');
    let release: (value?: unknown) => void = () => undefined;
    void locks.request('orders', {}, () => new Promise((resolve) => (release = resolve)));
    const lock = new WebLock('orders');
    const subscriptions = [lock.acquire().subscribe(fail), lock.acquire().subscribe(fail)];
    for (const each of subscriptions) {
      each.unsubscribe();
    }
    await until(() => locks.queries === 1);

    expect((await locks.query()).pending).toEqual([]);

    release();
    const permit = await firstValueFrom(lock.acquire());
    permit.release();
    lock.acquire().subscribe(fail).unsubscribe();

    expect(await firstValueFrom(lock.tryAcquire())).not.toBeNull();
    expect(locks.queries).toBe(2);
  });

  it('forgets a cancelled request that the platform refuses', async () => {
    const refused = (): Promise<never> => turn().then(() => Promise.reject(new DOMException('refused', 'SecurityError')));
    useLocks({ request: refused, query: refused }, 'a browser');
    const lock = new WebLock('orders', { fallback: 'local' });
    lock.acquire().subscribe(fail).unsubscribe();

    expect(await firstValueFrom(lock.tryAcquire())).not.toBeNull();
  });
});
