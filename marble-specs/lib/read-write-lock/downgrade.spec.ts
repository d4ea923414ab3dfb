import { of, Subject, tap } from 'rxjs';
import { NotAcquiredError, ReadWriteLock, type WritePermit } from 'rxjs-locks';

import { deepFreeze } from '../../support/deep-freeze.js';
import { deliveries, insideADelivery } from '../../support/deliveries.js';
import { itMarbles } from '../../support/marbles.js';
import { recorder } from '../../support/recorder.js';

import { granted, releasing, Waiters } from './waiters.js';

describe('WritePermit.downgrade', () => {
  describe('Order', () => {
    itMarbles('makes a writer a reader, with no other writer in between', ({ cold, expectObservable }) => {
      const lock = new ReadWriteLock();
      const downgrade = cold('---x       ');
      const a = cold('        ------x    ');
      const b = cold('           -----x  ');
      const expectedA = '     (p|)       ';
      const expectedB = '     ---(p|)    ';
      const expectedC = '     --------(p|)';
      const downgrading = tap((permit: WritePermit) =>
        downgrade.subscribe(() => {
          permit.downgrade();
        }),
      );
      expectObservable(lock.write.acquire().pipe(downgrading, releasing(a), granted)).toBe(expectedA);
      expectObservable(lock.read.acquire().pipe(releasing(b), granted)).toBe(expectedB);
      expectObservable(lock.write.acquire().pipe(granted)).toBe(expectedC);
    });

    for (const [where, deliver] of deliveries) {
      it(`grants the readers next in the queue, and keeps the writer behind them there, ${where}`, () => {
        const lock = new ReadWriteLock();
        const waiters = new Waiters(lock);
        waiters.write('a');
        waiters.read('b');
        waiters.read('c');
        waiters.write('d');
        waiters.read('e');
        deliver(() => {
          waiters.downgrade('a');
          expect(lock.value).toEqual({ readers: 3, writing: false, waiting: 2 });
        });
        expect(waiters.record).toEqual(['a', 'b', 'c']);
        ['a', 'b', 'c'].forEach((name) => {
          waiters.release(name);
        });
        expect(waiters.record).toEqual(['a', 'b', 'c', 'd']);
      });

      it(`grants no reader behind a writer that is next in the queue, ${where}`, () => {
        const lock = new ReadWriteLock();
        const waiters = new Waiters(lock);
        waiters.write('a');
        waiters.write('b');
        waiters.read('c');
        deliver(() => {
          waiters.downgrade('a');
          expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 2 });
          expect(lock.read.tryAcquire()).toBeNull();
          waiters.release('a');
        });
        expect(waiters.record).toEqual(['a', 'b']);
      });
    }

    it('publishes one state, before it delivers the grants of the readers', () => {
      const lock = new ReadWriteLock();
      const record: string[] = [];
      const holder = lock.write.tryAcquire();
      lock.read.acquire().subscribe(() => record.push('a'));
      lock.subscribe((state) => record.push(JSON.stringify(state)));
      holder?.downgrade();
      record.push('downgraded');
      expect(record).toEqual([
        '{"readers":0,"writing":true,"waiting":1}',
        '{"readers":2,"writing":false,"waiting":0}',
        'a',
        'downgraded',
      ]);
    });

    it('returns before the readers run, inside a delivery', () => {
      const lock = new ReadWriteLock();
      const record: string[] = [];
      lock.write.acquire().subscribe((permit) => {
        lock.read.acquire().subscribe(() => record.push('reader'));
        permit.downgrade();
        record.push('downgraded');
      });
      expect(record).toEqual(['downgraded', 'reader']);
    });

    it('delivers the grants of the readers once, after earlier deliveries', () => {
      const lock = new ReadWriteLock();
      const waiters = new Waiters(lock);
      const permit = lock.write.tryAcquire();
      waiters.read('a');
      insideADelivery(() => {
        permit?.downgrade();
        permit?.release();
        expect(waiters.record).toEqual([]);
        expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 0 });
      });
      expect(waiters.record).toEqual(['a']);
    });
  });

  describe('Permits', () => {
    for (const [where, deliver] of deliveries) {
      it(`works even if a store has frozen the permit, ${where}`, () => {
        const lock = new ReadWriteLock();
        const permit = lock.write.tryAcquire();
        deepFreeze(permit);
        deliver(() => {
          permit?.downgrade();
          expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 0 });
          permit?.release();
        });
        expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
      });

      it(`does nothing from the second call on, and the permit is released as a reader, ${where}`, () => {
        const lock = new ReadWriteLock();
        const permit = lock.write.tryAcquire();
        deliver(() => {
          permit?.downgrade();
          permit?.downgrade();
          expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 0 });
          expect(permit?.released).toBeFalse();
          lock.read.tryAcquire();
          permit?.release();
          permit?.release();
        });
        expect(permit?.released).toBeTrue();
        expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 0 });
      });

      it(`throws for a released permit, and changes nothing, ${where}`, () => {
        for (const before of ['release', 'downgrade'] as const) {
          const lock = new ReadWriteLock({ name: 'settings' });
          const permit = lock.write.tryAcquire();
          permit?.[before]();
          permit?.release();
          const next = lock.write.tryAcquire();
          const states: unknown[] = [];
          lock.subscribe((state) => states.push(state));
          deliver(() => {
            expect(() => permit?.downgrade()).toThrowError(
              NotAcquiredError,
              'cannot downgrade the permit of read-write lock "settings": it was released',
            );
          });
          expect(next?.released).toBeFalse();
          expect(states).toEqual([{ readers: 0, writing: true, waiting: 0 }]);
        }
      });

      it(`works on a closed lock too, until the holder is done, ${where}`, () => {
        const lock = new ReadWriteLock();
        const permit = lock.write.tryAcquire();
        lock.complete();
        deliver(() => {
          permit?.downgrade();
          expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 0 });
          permit?.release();
        });
        expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
      });
    }

    it('is missing on the permit of a reader', () => {
      const lock = new ReadWriteLock();
      expect(lock.read.tryAcquire()).not.toEqual(jasmine.objectContaining({ downgrade: jasmine.anything() }));
    });

    it('can be called by the task of use() or run(), which then releases as a reader', async () => {
      const lock = new ReadWriteLock();
      const gate = new Subject<void>();
      const record: string[] = [];
      lock.write
        .use((permit) => {
          permit.downgrade();
          return gate;
        })
        .subscribe(recorder(record, 'writer'));
      lock.read.use(() => of('x')).subscribe(recorder(record, 'reader'));
      expect(lock.value.readers).toBe(1);
      gate.complete();
      expect(record).toEqual(['reader: x', 'reader: complete', 'writer: complete']);
      expect(lock.value.readers).toBe(0);
      const running = lock.write.run(async (permit) => {
        const before = lock.value.writing;
        permit.downgrade();
        await Promise.resolve();
        return [before, lock.value.readers];
      });
      expect(await Promise.all([running, lock.read.run(() => lock.value.readers)])).toEqual([[true, 1], 2]);
      expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
    });
  });
});
