import { BoundedSemaphore, Lock } from 'rxjs-locks';

import { insideADelivery } from '../../../support/deliveries.js';

describe('The signal of run', () => {
  /** Runs a work that says that it began; what becomes of it stands in the record when the promises have settled. */
  function runs(lock: Lock | BoundedSemaphore, name: string, record: string[], signal?: AbortSignal, weight = 1): Promise<void> {
    return lock
      .run(
        () => {
          record.push(`${name} begins`);
        },
        { weight, ...(signal && { signal }) },
      )
      .catch((error: unknown) => {
        record.push(`${name}: ${error instanceof Error ? error.name : String(error)}`);
      });
  }

  it('ends one that was promised the lock and has not been told: its work never begins, and the lock passes on', async () => {
    const lock = new Lock();
    const permit = lock.tryAcquire();
    const abort = new AbortController();
    const record: string[] = [];
    const running = [runs(lock, 'a', record, abort.signal), runs(lock, 'b', record)];
    insideADelivery(() => {
      permit?.release();
      abort.abort('enough');
    });
    await Promise.all(running);
    expect(record).toEqual(['b begins', 'a: enough']);
    expect(lock.locked()).toBeFalse();
  });

  it('need not have throwIfAborted(), which some platforms lack', async () => {
    const lock = new Lock();
    const abort = new AbortController();
    Object.defineProperty(abort.signal, 'throwIfAborted', { value: undefined });
    const record: string[] = [];
    await runs(lock, 'a', record, abort.signal);
    lock.tryAcquire();
    const running = runs(lock, 'b', record, abort.signal);
    abort.abort('enough');
    await Promise.all([running, runs(lock, 'c', record, abort.signal)]);
    expect(record).toEqual(['a begins', 'b: enough', 'c: enough']);
  });

  it('must be an AbortSignal', async () => {
    const lock = new Lock();
    for (const signal of [new AbortController(), null, 'signal']) {
      await expectAsync(lock.run(() => 1, { signal: signal as never })).toBeRejectedWithError(
        TypeError,
        /^signal must be an AbortSignal, but is /,
      );
    }
  });

  it('is heeded where an older listener of it releases the lock: the work never begins', async () => {
    const lock = new Lock();
    const permit = lock.tryAcquire();
    const abort = new AbortController();
    const record: string[] = [];
    abort.signal.addEventListener('abort', () => permit?.release());
    const running = runs(lock, 'a', record, abort.signal);
    abort.abort('enough');
    await running;
    expect(record).toEqual(['a: enough']);
    expect(lock.locked()).toBeFalse();
  });

  it('takes all who wait for it out of the line, before any of those behind them goes in', async () => {
    const semaphore = new BoundedSemaphore(2);
    const permit = semaphore.tryAcquire();
    const abort = new AbortController();
    const record: string[] = [];
    const running = [
      runs(semaphore, 'heavy', record, abort.signal, 2),
      runs(semaphore, 'light', record, abort.signal),
      runs(semaphore, 'other', record),
    ];
    abort.abort('enough');
    await Promise.all(running);
    expect(record).toEqual(['other begins', 'heavy: enough', 'light: enough']);
    permit?.release();
    expect(semaphore.available).toBe(2);
  });

  it('has one listener, however many wait for it, and none when nobody does', async () => {
    const lock = new Lock();
    lock.tryAcquire();
    const { signal } = new AbortController();
    let listeners = 0;
    let most = 0;
    const counted = {
      addEventListener: signal.addEventListener.bind(signal),
      removeEventListener: signal.removeEventListener.bind(signal),
    };
    signal.addEventListener = (...args: Parameters<typeof signal.addEventListener>) => {
      most = Math.max(most, ++listeners);
      counted.addEventListener(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof signal.removeEventListener>) => {
      listeners--;
      counted.removeEventListener(...args);
    };
    for (let turn = 0; turn < 2; turn++) {
      const running = Array.from({ length: 20 }, () => runs(lock, 'a', [], signal));
      expect(listeners).toBe(1);
      lock.release();
      await Promise.all(running);
      expect(listeners).toBe(0);
      lock.tryAcquire();
    }
    expect(most).toBe(1);
  });
});
