import { WebLock, WebSemaphore } from 'rxjs-locks/web';

import { webLocksKeepContexts } from '../contracts/web-contexts.js';
import { itHasFakeLocks, subscribe, turn } from '../support/web-platform.js';

describe('With zone.js, rxjs-locks/web', () => {
  const locks = itHasFakeLocks();

  webLocksKeepContexts({
    current: () => Zone.current.name,
    run: (name, task) => {
      Zone.root.fork({ name }).run(task);
    },
  });

  it('keeps no zone unstable while it waits', async () => {
    const pending: string[] = [];
    const zone = Zone.root.fork({
      name: 'app',
      onHasTask: (_delegate, _current, _target, state) => {
        if (state.change === 'macroTask') {
          pending.push(String(state.macroTask));
        }
      },
    });
    void locks().request('orders', {}, () => new Promise(() => undefined));
    await turn();
    zone.run(() => {
      subscribe(new WebLock('orders').acquire());
    });
    await turn();

    expect(pending).toEqual([]);
  });

  it('causes no change detection when it cancels or releases', async () => {
    const tasks: string[] = [];
    const zone = Zone.root.fork({
      name: 'app',
      onScheduleTask: (delegate, _current, target, task) => {
        tasks.push(task.type);
        return delegate.scheduleTask(target, task);
      },
    });
    zone.run(() => {
      subscribe(new WebLock('orders').acquire(), (permit) => {
        permit.release();
      });
      subscribe(new WebLock('orders').acquire()).unsubscribe();
      for (let each = 1; each <= 2; each++) {
        subscribe(new WebSemaphore('pool', 2).tryAcquire(), (permit) => permit?.release());
      }
    });
    await turn();

    expect(tasks).toEqual([]);
    expect((await locks().query()).held).toEqual([]);
  });
});
