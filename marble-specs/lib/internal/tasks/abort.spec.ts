import { BoundedSemaphore, Lock } from 'rxjs-locks';

import { insideADelivery } from '../../../support/deliveries.js';

describe('The signal of run', () => {
  /** Runs a task that records its start, and records the error if the promise of run() rejects. */
  function runTask(
    lock: Lock | BoundedSemaphore,
    name: string,
    record: string[],
    signal?: AbortSignal,
    weight = 1,
  ): Promise<void> {
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

  it('cancels a waiter between its grant and the delivery: its task never begins, and the lock passes on', async () => {
    const lock = new Lock();
    const permit = lock.tryAcquire();
    const abort = new AbortController();
    const record: string[] = [];
    const running = [runTask(lock, 'a', record, abort.signal), runTask(lock, 'b', record)];
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
    await runTask(lock, 'a', record, abort.signal);
    lock.tryAcquire();
    const running = runTask(lock, 'b', record, abort.signal);
    abort.abort('enough');
    await Promise.all([running, runTask(lock, 'c', record, abort.signal)]);
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

  it('cancels a waiter even if an earlier listener of the signal releases the lock: its task never begins', async () => {
    const lock = new Lock();
    const permit = lock.tryAcquire();
    const abort = new AbortController();
    const record: string[] = [];
    abort.signal.addEventListener('abort', () => permit?.release());
    const running = runTask(lock, 'a', record, abort.signal);
    abort.abort('enough');
    await running;
    expect(record).toEqual(['a: enough']);
    expect(lock.locked()).toBeFalse();
  });

  it('removes all of its waiters from the queue before a waiter behind them is granted', async () => {
    const semaphore = new BoundedSemaphore(2);
    const permit = semaphore.tryAcquire();
    const abort = new AbortController();
    const record: string[] = [];
    const running = [
      runTask(semaphore, 'heavy', record, abort.signal, 2),
      runTask(semaphore, 'light', record, abort.signal),
      runTask(semaphore, 'other', record),
    ];
    abort.abort('enough');
    await Promise.all(running);
    expect(record).toEqual(['other begins', 'heavy: enough', 'light: enough']);
    permit?.release();
    expect(semaphore.available).toBe(2);
  });

  it('has one listener for all of its waiters, and none without waiters', async () => {
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
      const running = Array.from({ length: 20 }, () => runTask(lock, 'a', [], signal));
      expect(listeners).toBe(1);
      lock.release();
      await Promise.all(running);
      expect(listeners).toBe(0);
      lock.tryAcquire();
    }
    expect(most).toBe(1);
  });
});
