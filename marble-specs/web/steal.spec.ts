import type { Subscription } from 'rxjs';
import { WebLock } from 'rxjs-locks/web';

import { recorder } from '../support/recorder.js';
import { itHasFakeLocks, subscribe, turn, useLocks } from '../support/web-platform.js';

describe('steal(), where a victim of the same page acts on its loss', () => {
  const locks = itHasFakeLocks();
  const record: string[] = [];
  let lock: WebLock;

  beforeEach(() => {
    locks().tellsVictimsLate = true;
    lock = new WebLock('orders');
    record.length = 0;
  });

  /** Acquires the lock, and acts when it is lost. */
  async function whenLost(act: () => void): Promise<void> {
    subscribe(lock.acquire(), (permit) => {
      permit.lost$.subscribe(act);
    });
    await turn();
  }

  it('leaks nothing, if the victim unsubscribes the thief', async () => {
    const thieves: Subscription[] = [];
    await whenLost(() => {
      thieves[0]?.unsubscribe();
    });
    thieves.push(subscribe(lock.steal(), recorder(record, 'thief')));
    await turn();

    expect((await locks().query()).held).toEqual([]);
    subscribe(lock.acquire(), recorder(record, 'next'));
    await turn();
    expect(record).toEqual(['next: permit', 'next: complete']);
  });

  it('answers both, if the victim steals the lock back from a platform that calls back at once', async () => {
    // Node can call back before `request()` returns.
    const request = (
      _name: string,
      { ifAvailable }: { readonly ifAvailable?: boolean },
      callback: (lock: object | null) => unknown,
    ) => Promise.resolve(callback(ifAvailable === true && record.includes('held') ? null : {}));
    useLocks({ request }, 'Node.js/24');
    await whenLost(() => {
      subscribe(lock.steal(), recorder(record, 'stolen back'));
    });
    record.push('held');
    subscribe(lock.steal(), recorder(record, 'thief'));

    expect(record).toEqual(['held', 'thief: LockLostError', 'stolen back: permit', 'stolen back: complete']);
  });
});
