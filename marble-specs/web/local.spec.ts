import { from, Observable, timer } from 'rxjs';
import { captureContext } from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';
import { leader, WebLock, WebSemaphore, type WebPermit } from 'rxjs-locks/web';

import { localLocks } from '../../lib/web/internal/local-locks.js';
import { recorder } from '../support/recorder.js';
import { itHasFakeLocks, subscribe, turn, uniqueName, until, useLocks } from '../support/web-platform.js';

/** `fallback: 'local'` excludes within the page, by name. */
function itExcludesWithinThePage(where: string, spoilPlatform: (locks: () => object) => void): void {
  describe(`The fallback 'local', where Web Locks ${where}`, () => {
    const locks = itHasFakeLocks();
    const record: string[] = [];
    let name: string;
    let lock: WebLock;

    beforeEach(() => {
      spoilPlatform(locks);
      name = uniqueName();
      lock = new WebLock(name, { fallback: 'local' });
      record.length = 0;
    });

    async function held(of = lock): Promise<WebPermit> {
      let permit: WebPermit | undefined;
      subscribe(of.acquire(), (each) => (permit = each));
      await until(() => permit !== undefined);
      return permit as unknown as WebPermit;
    }

    const enter = (word: string, of: WebLock): void => {
      subscribe(
        of.use(() => {
          record.push(word);
          return timer(2);
        }),
      );
    };

    it('lets one in at a time, first come, first served, in all objects of a name', async () => {
      const permit = await held();
      const other = new WebLock(name, { fallback: 'local' });
      enter('a', other);
      enter('b', lock);
      enter('c', other);
      await turn();
      expect(record).toEqual([]);
      permit.release();
      await until(() => record.length === 3);

      expect(record).toEqual(['a', 'b', 'c']);
    });

    it('lets shared holders in together, and a writer alone', async () => {
      const shared = new WebLock(name, { mode: 'shared', fallback: 'local' });
      const [a, b] = [await held(shared), await held(shared)];
      enter('writer', lock);
      enter('reader', shared);
      await turn();
      a.release();
      await turn();
      expect(record).toEqual([]);
      b.release();
      await until(() => record.length === 2);

      expect(record).toEqual(['writer', 'reader']);
    });

    it('lets a waiter leave the queue', async () => {
      const permit = await held();
      const waiter = subscribe(lock.acquire(), () => record.push('cancelled'));
      await turn();
      waiter.unsubscribe();
      permit.release();
      (await held()).release();
      await turn();

      expect(record).toEqual([]);
    });

    it('lets a waiter leave that is cancelled in the turn in which it asks', async () => {
      const shared = new WebLock(name, { mode: 'shared', fallback: 'local' });
      await held(shared);
      subscribe(lock.acquire(), () => record.push('cancelled')).unsubscribe();
      subscribe(shared.tryAcquire(), recorder(record, 'try'));
      subscribe(shared.acquire(), recorder(record, 'reader'));
      await turn();

      expect(record).toEqual(
        jasmine.arrayWithExactContents(['try: permit', 'try: complete', 'reader: permit', 'reader: complete']),
      );
    });

    /** A thief that is cancelled on the way of its grant: it takes the lock, and does not tell the claims of this page. */
    const stealAndLeave = (): unknown => localLocks.request(name, { steal: true }, () => undefined);

    it('tells the holders of a loss, if the thief is cancelled', async () => {
      const permit = await held();
      stealAndLeave();
      await turn();
      expect(permit.lost).toBeTrue();
      subscribe(lock.acquire(), recorder(record, 'next'));
      await turn();

      expect(record).toEqual(['next: permit', 'next: complete']);
    });

    it('keeps the lock of a new holder, if a victim releases late', async () => {
      const permit = await held();
      stealAndLeave();
      await Promise.resolve();
      subscribe(lock.acquire()); // enters when the thief has left, and before the victim has
      permit.release();
      await turn();
      subscribe(lock.tryAcquire(), recorder(record, 'try'));
      await turn();

      expect(record).toEqual(['try: null', 'try: complete']);
    });

    it('fails a waiter whose context breaks while it waits', async () => {
      const permit = await held();
      subscribe(lock.acquire(), { error: (error: Error) => record.push(error.message) });
      captureContext(() => {
        throw new Error('no context');
      });
      await turn();
      captureContext(undefined);
      permit.release();
      (await held()).release();

      expect(record).toEqual(['no context']);
    });

    it('grants in a later turn, if a waiter leaves the queue', async () => {
      const shared = new WebLock(name, { mode: 'shared', fallback: 'local' });
      await held(shared);
      const writer = subscribe(lock.acquire());
      subscribe(shared.acquire(), () => record.push('reader behind it'));
      await turn();
      setTimeout(() => {
        writer.unsubscribe();
        record.push('left');
      });
      await until(() => record.length === 2);

      expect(record).toEqual(['left', 'reader behind it']);
    });

    it('answers tryAcquire() with null while the lock is held', async () => {
      const permit = await held();
      subscribe(lock.tryAcquire(), recorder(record, 'busy'));
      await turn();
      permit.release();
      subscribe(lock.tryAcquire(), recorder(record, 'free'));
      await turn();

      expect(record).toEqual(['busy: null', 'busy: complete', 'free: permit', 'free: complete']);
    });

    it('lets steal() rob all holders, and the queue keep its order', async () => {
      const shared = new WebLock(name, { mode: 'shared', fallback: 'local' });
      const readers = [await held(shared), await held(shared)];
      for (const [index, reader] of readers.entries()) {
        reader.lost$.subscribe(() => record.push(`reader ${String(index)} lost`));
      }
      enter('writer', lock);
      enter('reader behind it', shared);
      await turn();
      subscribe(lock.steal(), (permit) => {
        record.push('thief');
        setTimeout(() => {
          permit.release();
        }, 5);
      });
      await until(() => record.includes('reader behind it'));

      expect(record).toEqual(jasmine.arrayWithExactContents(['reader 0 lost', 'reader 1 lost', ...record.slice(-3)]));
      expect(record.filter((word) => !word.includes('lost'))).toEqual(['thief', 'writer', 'reader behind it']);
    });

    it('uses no memory for a name that is idle', async () => {
      const { entries } = localLocks as unknown as { readonly entries: ReadonlyMap<string, unknown> };
      const permit = await held();
      const waiter = subscribe(lock.acquire());
      await turn();
      expect(entries.has(name)).toBeTrue();
      waiter.unsubscribe();
      permit.release();
      await turn();

      expect(entries.has(name)).toBeFalse();
    });

    it('bounds a semaphore', async () => {
      let inside = 0;
      let most = 0;
      const task = (): Observable<unknown> =>
        new Observable((subscriber) => {
          most = Math.max(most, ++inside);
          const subscription = timer(1).subscribe(subscriber);
          return () => {
            inside--;
            subscription.unsubscribe();
          };
        });
      const semaphore = new WebSemaphore(name, 2, { fallback: 'local' });
      from([1, 2, 3, 4, 5, 6])
        .pipe(throttleBySemaphore(semaphore, task))
        .subscribe({ complete: () => record.push('done') });
      await until(() => record.length > 0);

      expect(most).toBe(2);
    });

    it('has one leader', async () => {
      const first = subscribe(leader(name, { fallback: 'local' }), (leads) => record.push(`first ${String(leads)}`));
      subscribe(leader(name, { fallback: 'local' }), (leads) => record.push(`second ${String(leads)}`));
      await turn();
      first.unsubscribe();
      await turn();

      expect(record).toEqual(['first false', 'second false', 'first true', 'second true']);
    });

    it('releases in a later turn, after the work of its holder was torn down', async () => {
      const task = new Observable<never>(() => () => record.push('torn down'));
      const first = subscribe(task.pipe(withLock(lock)));
      await turn();
      enter('next', lock);
      await turn();
      first.unsubscribe();
      await turn();

      expect(record).toEqual(['torn down', 'next']);
    });
  });
}

itExcludesWithinThePage('are missing', () => {
  useLocks(undefined);
});

itExcludesWithinThePage('are refused', (locks) => {
  spyOn(locks() as { request(): Promise<unknown> }, 'request').and.callFake(() =>
    Promise.reject(new DOMException('refused', 'SecurityError')),
  );
});
