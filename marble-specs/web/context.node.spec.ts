import { AsyncLocalStorage } from 'node:async_hooks';

import { Subject, takeUntil } from 'rxjs';
import { captureContext } from 'rxjs-locks';
import { leader, stateOf, WebLock, type WebPermit } from 'rxjs-locks/web';

import { webLocksKeepContexts } from '../contracts/web-contexts.js';
import { unhandledDuring } from '../support/unhandled.js';
import { itHasFakeLocks, subscribe, turn } from '../support/web-platform.js';

describe('With AsyncLocalStorage, rxjs-locks/web', () => {
  const locks = itHasFakeLocks();
  const user = new AsyncLocalStorage<string>();

  beforeEach(() => {
    captureContext(() => AsyncLocalStorage.snapshot());
  });

  afterEach(() => {
    captureContext(undefined);
  });

  webLocksKeepContexts({ current: () => user.getStore(), run: user.run.bind(user) });

  describe('with a context that is broken', () => {
    const record: string[] = [];
    const broken = new Error('the context is broken');

    beforeEach(() => {
      record.length = 0;
      captureContext(() => () => {
        throw broken;
      });
    });

    const observer = { next: () => record.push('next'), error: (error: Error) => record.push(error.message) };

    it('fails the caller, and gives the permit back', async () => {
      subscribe(new WebLock('orders').acquire(), observer);
      await turn();

      expect(record).toEqual([broken.message]);
      expect((await locks().query()).held).toEqual([]);
    });

    it('fails the caller that would get null, or an error', async () => {
      captureContext(undefined);
      subscribe(new WebLock('orders').acquire());
      await turn();
      captureContext(() => () => {
        throw broken;
      });
      subscribe(new WebLock('orders').tryAcquire(), observer);
      subscribe(new WebLock('orders', { timeout: 1 }).acquire(), observer);
      await turn(20);

      expect(record).toEqual([broken.message, broken.message]);
    });

    it('fails the subscriber of a state', async () => {
      subscribe(stateOf('orders'), observer);
      await turn();

      expect(record).toEqual([broken.message]);
    });

    it('fails a leader that cannot listen for the loss of its lock', async () => {
      captureContext(() => (task) => {
        captureContext(() => {
          throw broken;
        });
        task();
      });
      subscribe(leader('orders'), observer);
      await turn();

      expect(record).toEqual(['next', 'next', broken.message]);
      expect((await locks().query()).held).toEqual([]);
    });

    it('tells a loss nevertheless, and reports the context', async () => {
      captureContext(undefined);
      let permit: WebPermit | undefined;
      subscribe(new WebLock('orders').acquire(), (each) => (permit = each));
      await turn();
      captureContext(() => () => {
        throw broken;
      });
      permit?.lost$.subscribe(() => record.push('lost'));
      captureContext(undefined);
      const reported = await unhandledDuring(() => {
        permit?.release();
        permit?.lost$.subscribe({ complete: () => record.push('complete') });
      });

      expect(record).toEqual(['complete']);
      expect(reported).toEqual([broken]);
    });
  });

  it('asks for nothing, if the capture of the context fails or unsubscribes', async () => {
    const record: string[] = [];
    captureContext(() => {
      throw new Error('no context');
    });
    subscribe(new WebLock('orders').acquire(), { error: (error: Error) => record.push(error.message) });
    const stop = new Subject<void>();
    captureContext(() => {
      stop.next();
      return (task) => {
        task();
      };
    });
    subscribe(new WebLock('orders').acquire().pipe(takeUntil(stop)));
    await turn();

    expect(record).toEqual(['no context']);
    expect((await locks().query()).held).toEqual([]);
  });
});
