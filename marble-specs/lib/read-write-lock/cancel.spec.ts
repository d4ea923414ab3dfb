import { filter, finalize, NEVER, of, takeUntil } from 'rxjs';
import { ReadWriteLock } from 'rxjs-locks';

import { deliveries } from '../../support/deliveries.js';
import { heavy } from '../../support/heavy.js';
import { itMarbles } from '../../support/marbles.js';
import { recorder } from '../../support/recorder.js';

import { granted, releasing, Waiters } from './waiters.js';

describe('ReadWriteLock, with a waiter that unsubscribes,', () => {
  describe('while it waits', () => {
    itMarbles('grants the readers behind a writer at once', ({ cold, expectObservable }) => {
      const lock = new ReadWriteLock();
      const a = cold('      -----x   ');
      const bSubs = '       ^--!     ';
      const expectedA = '   (p|)     ';
      const expectedB = '   ----     ';
      const expectedC = '   ---(p|)  ';
      const expectedD = '   -----(p|)';
      const c = cold('         --x   ');
      expectObservable(lock.read.acquire().pipe(releasing(a), granted)).toBe(expectedA);
      expectObservable(lock.write.acquire().pipe(granted), bSubs).toBe(expectedB);
      expectObservable(lock.read.acquire().pipe(releasing(c), granted)).toBe(expectedC);
      expectObservable(lock.write.acquire().pipe(granted)).toBe(expectedD);
    });

    for (const [where, deliver] of deliveries) {
      it(`grants the readers behind a writer, up to the next writer, ${where}`, () => {
        const lock = new ReadWriteLock();
        const waiters = new Waiters(lock);
        waiters.read('a');
        const writer = waiters.write('b');
        waiters.read('c');
        waiters.read('d');
        waiters.write('e');
        waiters.read('f');
        deliver(() => {
          writer.unsubscribe();
          expect(lock.value).toEqual({ readers: 3, writing: false, waiting: 2 });
        });
        expect(waiters.record).toEqual(['a', 'c', 'd']);
      });

      it(`removes waiters from the middle of the queue, ${where}`, () => {
        const lock = new ReadWriteLock();
        const waiters = new Waiters(lock);
        waiters.read('a');
        waiters.write('b');
        const [reader, writer] = [waiters.read('c'), waiters.write('d')];
        waiters.read('e');
        deliver(() => {
          reader.unsubscribe();
          writer.unsubscribe();
          expect(lock.waiting).toBe(2);
        });
        waiters.release('a');
        waiters.release('b');
        expect(waiters.record).toEqual(['a', 'b', 'e']);
      });
    }

    heavy(it)('removes a hundred thousand readers from the queue', () => {
      const lock = new ReadWriteLock();
      lock.read.tryAcquire();
      lock.write.acquire().subscribe();
      const readers = Array.from({ length: 100_000 }, () => lock.read.acquire().subscribe());
      readers.reverse().forEach((reader) => {
        reader.unsubscribe();
      });
      expect(lock.value).toEqual({ readers: 1, writing: false, waiting: 1 });
    });
  });

  describe('before its grant is delivered', () => {
    for (const [where, deliver] of deliveries) {
      it(`passes the permit of a writer on to all readers behind it, ${where}`, () => {
        const lock = new ReadWriteLock();
        const waiters = new Waiters(lock);
        const holder = lock.read.tryAcquire();
        // The writer unsubscribes as it sees the state with its grant, before the grant is delivered.
        const entered = lock.pipe(filter(({ writing }) => writing));
        lock.write.acquire().pipe(takeUntil(entered)).subscribe(recorder(waiters.record, 'writer'));
        waiters.read('a');
        waiters.read('b');
        deliver(() => {
          holder?.release();
        });
        expect(waiters.record).toEqual(['writer: complete', 'a', 'b']);
        expect(lock.value).toEqual({ readers: 2, writing: false, waiting: 0 });
      });

      it(`passes the permit of a reader on, ${where}`, () => {
        const lock = new ReadWriteLock();
        const waiters = new Waiters(lock);
        const holder = lock.write.tryAcquire();
        lock.read.acquire().subscribe((permit) => {
          reader.unsubscribe();
          permit.release();
        });
        const reader = waiters.read('a');
        waiters.write('b');
        deliver(() => {
          holder?.release();
        });
        expect(waiters.record).toEqual(['b']);
        expect(lock.value).toEqual({ readers: 0, writing: true, waiting: 0 });
      });
    }
  });

  describe('while its task runs', () => {
    for (const [where, deliver] of deliveries) {
      it(`releases after the task of a reader is torn down, ${where}`, () => {
        const lock = new ReadWriteLock();
        const record: string[] = [];
        const reading = lock.read
          .use(() => NEVER.pipe(finalize(() => record.push(`torn down, ${JSON.stringify(lock.value)}`))))
          .subscribe();
        lock.write.use(() => of('x')).subscribe(recorder(record, 'writer'));
        deliver(() => {
          reading.unsubscribe();
        });
        expect(record).toEqual(['torn down, {"readers":1,"writing":false,"waiting":1}', 'writer: x', 'writer: complete']);
      });
    }
  });
});
