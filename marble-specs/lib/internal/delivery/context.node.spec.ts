import { AsyncLocalStorage } from 'node:async_hooks';

import { of } from 'rxjs';
import { captureContext, Lock } from 'rxjs-locks';

import { itKeepsContexts } from '../../../contracts/contexts.js';

describe('captureContext in Node', () => {
  const user = new AsyncLocalStorage<string>();

  beforeEach(() => {
    captureContext(() => AsyncLocalStorage.snapshot());
  });

  afterEach(() => {
    captureContext(undefined);
  });

  itKeepsContexts({ current: () => user.getStore(), run: user.run.bind(user) });

  it('runs each task in the context of its subscriber, with AsyncLocalStorage.snapshot()', () => {
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
