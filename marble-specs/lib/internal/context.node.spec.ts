import { AsyncLocalStorage } from 'node:async_hooks';

import { of } from 'rxjs';
import { captureContext, Lock } from 'rxjs-locks';

describe('captureContext in Node', () => {
  afterEach(() => {
    captureContext(undefined);
  });

  it('keeps the identity of each request, with AsyncLocalStorage.snapshot (law 14)', () => {
    captureContext(() => AsyncLocalStorage.snapshot());
    const user = new AsyncLocalStorage<string>();
    const lock = new Lock();
    const record: (string | undefined)[] = [];
    const holder = lock.tryAcquire();
    for (const name of ['anna', 'ben']) {
      user.run(name, () => {
        lock.use(() => of(user.getStore())).subscribe((seen) => record.push(seen));
      });
    }
    user.run('releaser', () => holder?.release());
    expect(record).toEqual(['anna', 'ben']);
  });
});
