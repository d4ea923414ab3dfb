import { inspect } from 'node:util';

import { Subject, takeUntil } from 'rxjs';
import { captureContext, type LosablePermit } from 'rxjs-locks';
import { stateOf, WebLock } from 'rxjs-locks/web';

import { unhandledDuring } from '../../../support/unhandled.js';
import { itHasFakeLocks, subscribe, turn } from '../../../support/web-platform.js';

describe('A lock outside the process', () => {
  const locks = itHasFakeLocks();
  const record: string[] = [];
  let permit: LosablePermit | undefined;

  beforeEach(() => {
    record.length = 0;
    permit = undefined;
  });

  afterEach(() => {
    captureContext(undefined);
  });

  const acquire = async (): Promise<void> => {
    subscribe(new WebLock('orders').acquire(), (each) => (permit = each));
    await turn();
  };

  it('shows its permit in the logs of Node', async () => {
    await acquire();

    expect(inspect(permit)).toBe('permit of web lock "orders" { released: false, lost: false }');
  });

  it('gives a permit back whose subscriber is gone when its context runs', async () => {
    const stop = new Subject<void>();
    captureContext(() => (task) => {
      stop.next();
      task();
    });
    subscribe(new WebLock('orders').acquire().pipe(takeUntil(stop)), () => record.push('granted'));
    await turn();

    expect(record).toEqual([]);
    expect((await locks().query()).held).toEqual([]);
  });

  it('answers with null to nobody whose subscriber is gone when its context runs', async () => {
    await acquire();
    const stop = new Subject<void>();
    captureContext(() => (task) => {
      stop.next();
      task();
    });
    subscribe(new WebLock('orders').tryAcquire().pipe(takeUntil(stop)), () => record.push('answered'));
    await turn();

    expect(record).toEqual([]);
  });

  it('reports what a context throws after it has run its task', async () => {
    const broken = new Error('the context is broken');
    captureContext(() => (task) => {
      task();
      throw broken;
    });
    const reported = await unhandledDuring(async () => {
      await acquire();
      subscribe(stateOf('orders'), () => record.push('state'));
      await turn();
      permit?.lost$.subscribe({ complete: () => record.push('first') });
      permit?.lost$.subscribe({ complete: () => record.push('second') });
      permit?.release();
    });

    expect(record).toEqual(['state', 'first', 'second']);
    expect(reported).toEqual([broken, broken, broken, broken]);
  });
});
