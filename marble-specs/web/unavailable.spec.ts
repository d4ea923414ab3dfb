import { EMPTY, NEVER, type Observable } from 'rxjs';
import { LocksError } from 'rxjs-locks';
import { leader, stateOf, WebKeyedLock, WebLock, WebLocksUnavailableError, WebReadWriteLock, WebSemaphore } from 'rxjs-locks/web';

import { FakeLockManager } from '../support/fake-locks.js';
import { recorder } from '../support/recorder.js';
import { itHasFakeLocks, subscribe, turn, useLocks } from '../support/web-platform.js';

describe('A platform without Web Locks', () => {
  const locks = itHasFakeLocks();
  const record: string[] = [];

  beforeEach(() => {
    record.length = 0;
  });

  const ways: Record<string, () => Observable<unknown>> = {
    'WebLock.acquire()': () => new WebLock('a').acquire(),
    'WebLock.tryAcquire()': () => new WebLock('a').tryAcquire(),
    'WebLock.steal()': () => new WebLock('a').steal(),
    'WebLock.use()': () => new WebLock('a').use(() => EMPTY),
    'WebReadWriteLock.read': () => new WebReadWriteLock('a').read.acquire(),
    'WebKeyedLock.get()': () => new WebKeyedLock('a').get('b').acquire(),
    'WebSemaphore.acquire()': () => new WebSemaphore('a', 2).acquire(),
    'WebSemaphore.tryAcquire()': () => new WebSemaphore('a', 2).tryAcquire(),
    'leader()': () => leader('a'),
    'stateOf()': () => stateOf('a'),
  };

  for (const [what, make] of Object.entries(ways)) {
    it(`fails the subscriber of ${what}, where there are none`, () => {
      useLocks(undefined);
      let error: unknown;
      make().subscribe({ error: (each: unknown) => (error = each) });

      expect(error).toBeInstanceOf(WebLocksUnavailableError);
      expect(error).toBeInstanceOf(LocksError);
      expect((error as Error).name).toBe('WebLocksUnavailableError');
      expect((error as Error).message).toMatch(/^this platform has no Web Locks \(navigator\.locks\)/);
    });

    for (const name of ['SecurityError', 'InvalidStateError']) {
      it(`fails the subscriber of ${what}, where they are refused by a ${name}`, async () => {
        const cause = new DOMException('refused', name);
        spyOn(locks(), 'request').and.rejectWith(cause);
        spyOn(locks(), 'query').and.rejectWith(cause);
        let error: unknown;
        make().subscribe({ error: (each: unknown) => (error = each) });
        await turn();

        expect(error).toBeInstanceOf(WebLocksUnavailableError);
        expect((error as WebLocksUnavailableError).cause).toBe(cause);
      });
    }
  }

  it('passes any other failure on as it is', async () => {
    const cause = new Error('no memory');
    spyOn(locks(), 'request').and.rejectWith(cause);
    let error: unknown;
    new WebLock('a', { fallback: 'local' }).acquire().subscribe({ error: (each: unknown) => (error = each) });
    await turn();

    expect(error).toBe(cause);
  });

  it('fails run() by its promise', async () => {
    useLocks(undefined);

    await expectAsync(new WebLock('a').run(() => 1)).toBeRejectedWithError(WebLocksUnavailableError);
  });

  it('takes a rejection after the grant for a loss, whatever it is called', async () => {
    const lock = new WebLock('c');
    lock.acquire().subscribe((permit) => {
      permit.lost$.subscribe((reason) => record.push(`${reason.name}: ${(reason.cause as Error).message}`));
    });
    await turn();
    locks().breakAll(new Error('the thread of the manager is gone'));
    await turn();

    expect(record).toEqual(['LockLostError: the thread of the manager is gone']);
  });

  describe('in Node', () => {
    let node: FakeLockManager;

    beforeEach(() => {
      useLocks((node = new FakeLockManager()), 'Node.js/24');
    });

    it('lets steal() take what is free', async () => {
      new WebLock('a').steal().subscribe(recorder(record, 'thief'));
      await turn();

      expect(record).toEqual(['thief: permit', 'thief: complete']);
    });

    it('lets steal() take what this thread holds', async () => {
      new WebLock('a').acquire().subscribe((permit) => {
        permit.lost$.subscribe((reason) => record.push(reason.name));
      });
      await turn();
      new WebLock('a').steal().subscribe(recorder(record, 'thief'));
      await turn();

      expect(record).toEqual(jasmine.arrayWithExactContents(['LockLostError', 'thief: permit', 'thief: complete']));
    });

    it('tells a victim of this thread before the thief, though the platform tells it later', async () => {
      node.tellsVictimsLate = true;
      subscribe(
        new WebLock('a').use(() => NEVER),
        recorder(record, 'victim'),
      );
      await turn();
      new WebLock('a').steal().subscribe(recorder(record, 'thief'));
      await turn();

      expect(record).toEqual(['victim: LockLostError', 'thief: permit', 'thief: complete']);
    });

    it('lets a victim cancel its thief', async () => {
      node.tellsVictimsLate = true;
      const lock = new WebLock('a');
      const holder = subscribe(
        lock.use(() => NEVER),
        {
          error: () => {
            record.push('lost');
            thief.unsubscribe();
          },
        },
      );
      await turn();
      const thief = lock.steal().subscribe(() => record.push('thief'));
      await turn();
      holder.unsubscribe();

      expect(record).toEqual(['lost']);
      expect(await node.query()).toEqual({ held: [], pending: [] });
    });

    it('refuses to steal from another thread, which would abort the process', async () => {
      const asked = spyOn(node, 'request').and.callThrough();
      void node.request('a', {}, () => new Promise(() => undefined));
      new WebLock('a').steal().subscribe({ error: (error: Error) => record.push(`${error.name}: ${error.message}`) });
      await turn();

      expect(record).toEqual([
        'WebLocksUnavailableError: cannot steal web lock "a": in Node, only a lock that this thread holds can be stolen',
      ]);
      expect(asked.calls.allArgs().some(([, options]) => options.steal === true)).toBeFalse();
    });
  });
});
