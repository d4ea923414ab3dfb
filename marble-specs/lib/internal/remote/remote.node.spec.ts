import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { Subject, takeUntil } from 'rxjs';
import { captureContext, LockLostError, type LosablePermit } from 'rxjs-locks';
import { stateOf, WebLock } from 'rxjs-locks/web';

import { RemotePermit } from '../../../../lib/internal/remote/index.js';
import { recorder } from '../../../support/recorder.js';
import { unhandledDuring } from '../../../support/unhandled.js';
import { itHasFakeLocks, subscribe, turn, until } from '../../../support/web-platform.js';

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

  it('has one signal, though the capture of its context asks for it too', async () => {
    await acquire();
    const signals: (AbortSignal | undefined)[] = [];
    captureContext(() => {
      captureContext(undefined);
      signals.push(permit?.signal);
      return (task) => {
        task();
      };
    });
    signals.push(permit?.signal);

    expect(signals.length).toBe(2);
    expect(signals[0]).toBe(signals[1]);
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

  it('ends its permit once', () => {
    const ended = new RemotePermit({ toString: () => 'lock' }, () => record.push('given back'));
    ended.lost$.subscribe(recorder(record, 'lost$'));
    ended.lose(new LockLostError('first'));
    ended.lose(new LockLostError('second'));
    ended.release();
    expect(record).toEqual(['lost$: {"name":"LockLostError"}', 'lost$: complete']);
    expect((ended.signal.reason as Error).message).toBe('first');

    const released = new RemotePermit({ toString: () => 'lock' }, () => record.push('given back'));
    released.release();
    released.lose(new LockLostError('too late'));
    expect([released.released, released.lost, released.signal.aborted]).toEqual([true, false, false]);
    expect(record.slice(2)).toEqual(['given back']);
  });

  it('is forgotten by its page, when it is released or stolen', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const permits: WeakRef<LosablePermit>[] = [];
    for (let round = 0; round < 2; round++) {
      await acquire();
      permits.push(new WeakRef(permit as unknown as LosablePermit));
      if (round === 0) {
        permit?.release();
      } else {
        subscribe(new WebLock('orders').steal());
      }
      permit = undefined;
      await turn();
    }
    await until(() => {
      collect();
      return permits.every((each) => each.deref() === undefined);
    });

    expect(permits.length).toBe(2);
  });
});
