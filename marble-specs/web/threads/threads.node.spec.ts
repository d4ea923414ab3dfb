import { AsyncLocalStorage } from 'node:async_hooks';

import { firstValueFrom } from 'rxjs';
import { captureContext } from 'rxjs-locks';
import { WebLock, WebLocksUnavailableError, type WebPermit } from 'rxjs-locks/web';

import { Threads } from './threads.node.js';

/**
 * Node 24 has Web Locks, which all threads of a process share. Its limits are not ours to mend, and the guide warns of them:
 *
 * - It sometimes lets two threads in at a time: `raw-threads.mjs` shows it without this library. So no spec here expects that threads
 *   which contend exclude each other.
 * - The order holds within a thread.
 * - Threads that wait for locks wake each other without end. Two of them keep a processor busy, and three use more and more memory. So
 *   at most two threads wait in these specs.
 */
describe('web locks over the threads of Node', () => {
  const threads = new Threads();

  afterEach(() => {
    captureContext(undefined);
  });

  it('let in all tasks, in the order of the requests of each thread', async () => {
    const [a, b] = await threads.startTwo();
    await threads.enter(a, 'first');
    await threads.heard('first in');
    const numbers = Array.from({ length: 10 }, (_, index) => index);
    for (const index of numbers) {
      await threads.enter(a, `a${String(index)}`, {}, 3);
      await threads.enter(b, `b${String(index)}`, {}, 3);
    }
    await threads.order(a, { what: 'leave', who: 'first' });
    await Promise.all(['a9 out', 'b9 out'].map((word) => threads.heard(word)));

    for (const thread of ['a', 'b']) {
      expect(threads.entered.filter((who) => who.startsWith(thread))).toEqual(
        numbers.map((index) => `${thread}${String(index)}`),
      );
    }
  });

  it('answer tryAcquire() of another thread', async () => {
    const [a, b] = await threads.startTwo();
    await threads.enter(a, 'holder');
    await threads.heard('holder in');
    await threads.ask(b, 'try', 'early');
    await threads.heard('early refused');
    await threads.order(a, { what: 'leave', who: 'holder' });
    await threads.heard('holder out');
    await threads.enter(b, 'next', {}, 1);
    await threads.heard('next out');
    await threads.ask(b, 'try', 'late');
    await threads.heard('late granted');

    expect(threads.most).toBe(1);
  });

  it('are free when a waiter has left, and let in who comes next', async () => {
    const [a, b, c] = await threads.startThree();
    await threads.enter(a, 'holder');
    await threads.heard('holder in');
    await threads.enter(b, 'gone');
    await threads.enter(c, 'next');
    await threads.order(b, { what: 'cancel', who: 'gone' });
    await threads.order(a, { what: 'leave', who: 'holder' });
    await threads.heard('next in');

    expect(threads.entered).toEqual(['holder', 'next']);
  });

  it('pass on when a thread dies, and its place in the queue vanishes', async () => {
    const [a, b, c] = await threads.startThree();
    await threads.enter(a, 'dead');
    await threads.heard('dead in');
    await threads.enter(b, 'waiter');
    await threads.enter(c, 'next');
    await b.terminate();
    await a.terminate();
    await threads.heard('next in');

    expect(threads.entered).toEqual(['dead', 'next']);
  });

  it('pass on the lead when a thread dies', async () => {
    const [a, b] = await threads.startTwo();
    await threads.ask(a, 'stand', 'a');
    await threads.heard('a in');
    await threads.ask(b, 'stand', 'b');
    await a.terminate();
    await threads.heard('b in');

    expect(threads.words).toEqual(['a leads: false', 'a leads: true', 'a in', 'b leads: false', 'b leads: true', 'b in']);
  });

  it('let all tasks of several units run, and none wait for another', async () => {
    const [a, b] = await threads.startTwo();
    const numbers = Array.from({ length: 8 }, (_, index) => index);
    for (const index of numbers) {
      await threads.enter(a, `a${String(index)}`, { value: 3, weight: 1 + (index % 3) }, 2);
      await threads.enter(b, `b${String(index)}`, { value: 3, weight: 3 - (index % 3) }, 2);
    }
    await Promise.all(
      numbers.flatMap((index) => [`a${String(index)} out`, `b${String(index)} out`]).map((word) => threads.heard(word)),
    );

    expect(threads.entered.length).toBe(16);
  });

  it('can be stolen by their own thread', async () => {
    const [a, b] = await threads.startTwo();
    await threads.enter(a, 'robbed');
    await threads.heard('robbed in');
    await threads.enter(b, 'next');
    await threads.ask(a, 'steal', 'thief');
    await threads.heard('thief in');
    await threads.heard(`robbed failed: LockLostError: lost web lock "${threads.name}": it was stolen`);
    await threads.order(a, { what: 'leave', who: 'thief' });
    await threads.heard('next in');

    expect(threads.words.indexOf('thief out')).toBeLessThan(threads.words.indexOf('next in'));
  });

  it('can be stolen if they are free', async () => {
    const a = await threads.start();
    await threads.ask(a, 'steal', 'thief');
    await threads.heard('thief in');
  });

  // Node would abort the process.
  it('cannot be stolen from another thread', async () => {
    const [a, b] = await threads.startTwo();
    await threads.enter(a, 'holder');
    await threads.heard('holder in');
    await threads.ask(b, 'steal', 'thief');
    await threads.heard(
      `thief failed: WebLocksUnavailableError: cannot steal web lock "${threads.name}": in Node, only a lock that this thread holds can be stolen`,
    );
    await threads.ask(b, 'try', 'other');
    await threads.heard('other refused');

    await expectAsync(firstValueFrom(new WebLock(threads.name).steal())).toBeRejectedWithError(
      WebLocksUnavailableError,
      /cannot steal/,
    );
  });

  it('tell of a grant and of a loss in the context of the subscriber, although another thread has released', async () => {
    const a = await threads.start();
    const storage = new AsyncLocalStorage<string>();
    captureContext(() => AsyncLocalStorage.snapshot());
    const seen: unknown[] = [];
    await threads.enter(a, 'holder');
    await threads.heard('holder in');
    const lock = new WebLock(threads.name);
    const granted = new Promise<WebPermit>((resolve) => {
      storage.run('waiter', () => {
        lock.acquire().subscribe((permit) => {
          seen.push(storage.getStore());
          permit.lost$.subscribe(() => seen.push(storage.getStore()));
          resolve(permit);
        });
      });
    });
    storage.run('refused', () => {
      lock.tryAcquire().subscribe((permit) => seen.push(permit, storage.getStore()));
    });
    await threads.order(a, { what: 'leave', who: 'holder' });
    await granted;
    const stolen = await storage.run('thief', () => firstValueFrom(lock.steal()));
    stolen.release();

    expect(seen).toEqual([null, 'refused', 'waiter', 'waiter']);
  });

  it('show an aborted request until the next release, which is the way of Node 24', async () => {
    const a = await threads.start();
    await threads.enter(a, 'holder');
    await threads.heard('holder in');
    new WebLock(threads.name).acquire().subscribe(fail).unsubscribe();
    const shown = async (): Promise<number> => {
      const { pending = [] } = await navigator.locks.query();
      return pending.filter(({ name }) => name === threads.name).length;
    };
    await navigator.locks.request(`${threads.name}: barrier`, () => undefined);

    expect(await shown()).toBe(1);

    await threads.order(a, { what: 'leave', who: 'holder' });
    await firstValueFrom(new WebLock(threads.name).acquire()).then((permit) => {
      permit.release();
    });

    expect(await shown()).toBe(0);
  });
});
