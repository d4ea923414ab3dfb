import { NEVER, TimeoutError } from 'rxjs';
import { WebLock } from 'rxjs-locks/web';

import { recorder } from '../support/recorder.js';
import { itHasFakeLocks, itHasFakeTime, subscribe, turn } from '../support/web-platform.js';

describe('The timeout of a WebLock', () => {
  const locks = itHasFakeLocks();
  const time = itHasFakeTime();
  const record: string[] = [];

  beforeEach(() => {
    record.length = 0;
  });

  /** Waits for a lock that another tab holds. */
  async function waitBehindAnotherTab(timeout?: number): Promise<void> {
    await hold();
    const lock = new WebLock('orders', timeout === undefined ? {} : { timeout });
    subscribe(lock.acquire(), { next: () => record.push('granted'), error: (error: Error) => record.push(error.message) });
    await turn();
  }

  async function hold(): Promise<void> {
    const held = new Promise<void>((resolve) => (free = resolve));
    locks()
      .request('orders', {}, () => held)
      .catch(() => undefined); // it is robbed
    await turn();
  }
  let free: () => void;

  const timedOut = 'cannot acquire web lock "orders" within 30000 ms: another tab, worker or task holds it';

  it('ends a wait after 30 seconds, and leaves the queue', async () => {
    await waitBehindAnotherTab();
    time.pass(29_950);
    expect(record).toEqual([]);
    time.pass(50);
    expect(record).toEqual([timedOut]);
    free();
    await turn();

    expect((await locks().query()).held).toEqual([]);
    expect(record).toEqual([timedOut]);
  });

  it('fails with the TimeoutError of RxJS', async () => {
    await hold();
    let error: unknown;
    subscribe(new WebLock('orders', { timeout: 100 }).acquire(), { error: (each: unknown) => (error = each) });
    time.pass(100);

    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).name).toBe('TimeoutError');
  });

  it('never ends a task', async () => {
    const lock = new WebLock('orders');
    const subscription = subscribe(
      lock.use(() => NEVER),
      recorder(record, 'task'),
    );
    await turn();
    time.pass(100_000);

    expect(record).toEqual([]);
    subscription.unsubscribe();
  });

  it('gives a wait that slept one second more', async () => {
    await waitBehindAnotherTab();
    time.sleep(31_100);
    time.pass(30_000);
    expect(record).toEqual([]);
    time.pass(950);
    expect(record).toEqual([]);
    time.pass(50);
    expect(record).toEqual([timedOut]);
  });

  it('ends a wait whose timers are all late, as in a hidden tab', async () => {
    await waitBehindAnotherTab();
    time.sleep(5000);
    time.pass(30_000);
    time.sleep(5000);
    time.pass(1000);

    expect(record).toEqual([timedOut]);
  });

  it('grants to a wait that slept, if the lock is passed on within that second', async () => {
    await waitBehindAnotherTab();
    time.sleep(100_000);
    time.pass(30_000);
    free();
    await turn();

    expect(record).toEqual(['granted']);
  });

  it('does not take a timer for late that is late by a second or less', async () => {
    await waitBehindAnotherTab();
    time.sleep(900);
    time.pass(30_000);

    expect(record).toEqual([timedOut]);
  });

  it('can be unbounded', async () => {
    await waitBehindAnotherTab(Infinity);
    time.pass(100_000);

    expect(record).toEqual([]);
    free();
  });

  it('does not end a tryAcquire() or a steal()', async () => {
    await hold();
    const lock = new WebLock('orders', { timeout: 1 });
    subscribe(lock.tryAcquire(), recorder(record, 'try'));
    subscribe(lock.steal(), recorder(record, 'steal'));
    time.pass(100);
    expect(record).toEqual([]);
    await turn();

    expect(record).toEqual(['try: null', 'try: complete', 'steal: permit', 'steal: complete']);
  });

  it('leaves no timer behind', async () => {
    const lock = new WebLock('orders');
    subscribe(lock.acquire(), (permit) => {
      permit.release();
    });
    await turn();
    const before = time.reads;
    time.pass(60_000);

    expect(time.reads).toBe(before);
  });

  it('is bounded by until besides', async () => {
    await hold();
    const lock = new WebLock('orders');
    subscribe(
      lock.use(() => NEVER, { until: [1] }),
      recorder(record, 'use'),
    );

    expect(record).toEqual(['use: TimeoutError']);
    free();
  });

  it('can be longer than any timer', async () => {
    await waitBehindAnotherTab(2 ** 31 + 9);
    const before = time.started;
    time.jump(1);
    time.jump(2 ** 31 - 2);
    expect(record).toEqual([]);
    time.jump(10);

    expect(time.started - before).toBe(1);
    expect(record).toEqual(['cannot acquire web lock "orders" within 2147483657 ms: another tab, worker or task holds it']);
  });
});
