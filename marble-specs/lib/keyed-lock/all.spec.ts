import { finalize, NEVER, of } from 'rxjs';
import { captureContext, KeyedLock } from 'rxjs-locks';

import { deliveries } from '../../support/deliveries.js';
import { recorder } from '../../support/recorder.js';

import { waiters } from './waiters.js';

describe('KeyedLock.all', () => {
  describe('Arguments', () => {
    it('reads its keys at the call, and counts a repeated key once', () => {
      const locks = new KeyedLock<string>();
      const keys = ['a', 'b', 'a'];
      const both = locks.all(keys);
      keys.push('c');
      const permit = both.tryAcquire();
      expect(locks.keys).toBe(2);
      expect(locks.get('c').locked()).toBeFalse();
      both.acquire().subscribe();
      permit?.release();
      expect(locks.value).toEqual({ keys: 2, waiting: 0 });
    });

    it('accepts any iterable, and refuses other values', () => {
      const locks = new KeyedLock<number>();
      const one = function* (): Iterable<number> {
        yield 1;
      };
      expect(locks.all(one()).tryAcquire()).not.toBeNull();
      expect(locks.all(new Set([1, 2])).locked()).toBeTrue();
      for (const what of [undefined, null, 5]) {
        expect(() => locks.all(what as unknown as number[])).toThrowError(
          TypeError,
          `all needs an iterable of keys, but got ${String(what)}`,
        );
      }
      expect(() => new KeyedLock<string>().all('alice')).toThrowError(
        TypeError,
        'all needs an iterable of keys, but got the string "alice", whose letters would be keys',
      );
    });

    it('is always free without a key', () => {
      const locks = new KeyedLock<number>({ name: 'users', maxWaiting: 0 });
      const none = locks.all([]);
      const permits = [none.tryAcquire(), none.tryAcquire()];
      expect(permits).not.toContain(null);
      expect(none.locked()).toBeFalse();
      expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      const record: string[] = [];
      none.use(() => of('work')).subscribe(recorder(record, 'a'));
      locks.complete();
      none.acquire().subscribe({ error: ({ message }: Error) => record.push(message) });
      expect(record).toEqual(['a: work', 'a: complete', 'cannot acquire no keys of keyed lock "users": it is closed']);
    });
  });

  describe('Order', () => {
    for (const [where, deliver] of deliveries) {
      it(`grants the waiters that its release frees in order of arrival, not in the order of its keys, ${where}`, () => {
        for (const keys of [
          ['a', 'b', 'c'],
          ['c', 'b', 'a'],
        ]) {
          const locks = new KeyedLock<string>();
          const { record, enter, release } = waiters();
          enter('all', locks.all(keys));
          enter('c', locks.get('c'));
          enter('both', locks.all(['a', 'b']));
          enter('a', locks.get('a'));
          deliver(() => {
            release('all');
            expect(locks.value).toEqual({ keys: 3, waiting: 1 });
          });
          expect(record).toEqual(['all', 'c', 'both']);
        }
      });
    }

    it('grants a waiter at once if its keys become free while its context is captured', () => {
      const locks = new KeyedLock<string>();
      const holder = locks.get('a').tryAcquire();
      const record: string[] = [];
      try {
        captureContext(() => {
          holder?.release();
          return (task) => {
            task();
          };
        });
        locks.all(['a', 'b']).acquire().subscribe(recorder(record, 'all'));
      } finally {
        captureContext(undefined);
      }
      expect(record).toEqual(['all: permit', 'all: complete']);
      expect(locks.value).toEqual({ keys: 2, waiting: 0 });
    });
  });

  describe('Cancelling', () => {
    for (const [where, deliver] of deliveries) {
      it(`grants the waiters behind it, at each key, when it unsubscribes while it waits, ${where}`, () => {
        const locks = new KeyedLock<string>();
        const { record, enter, cancel } = waiters();
        enter('a', locks.get('a'));
        enter('all', locks.all(['c', 'b', 'a']));
        enter('b', locks.get('b'));
        enter('c', locks.get('c'));
        enter('b again', locks.get('b'));
        expect(locks.value).toEqual({ keys: 3, waiting: 4 });
        deliver(() => {
          cancel('all');
          expect(locks.value).toEqual({ keys: 3, waiting: 1 });
          expect(locks.get('c').locked()).toBeTrue();
        });
        expect(record).toEqual(['a', 'b', 'c']);
      });

      it(`grants no waiter too early when it unsubscribes in the middle of its queues, ${where}`, () => {
        const locks = new KeyedLock<string>();
        const { record, enter, cancel, release } = waiters();
        enter('a', locks.get('a'));
        enter('b', locks.get('b'));
        enter('all', locks.all(['a', 'b']));
        enter('other', locks.all(['b', 'a']));
        deliver(() => {
          cancel('all');
        });
        release('b');
        expect(record).toEqual(['a', 'b']);
        release('a');
        expect(record).toEqual(['a', 'b', 'other']);
        release('other');
        expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      });

      it(`passes all of its keys on when it unsubscribes before its grant is delivered, ${where}`, () => {
        const locks = new KeyedLock<string>();
        const { record, enter, cancel, release } = waiters();
        enter('holder', locks.all(['a', 'b', 'c']));
        locks
          .get('c')
          .acquire()
          .subscribe(() => {
            record.push('c');
            cancel('all');
          });
        enter('all', locks.all(['a', 'b']));
        enter('b', locks.get('b'));
        enter('a', locks.get('a'));
        deliver(() => {
          release('holder');
        });
        expect(record).toEqual(['holder', 'c', 'b', 'a']);
      });

      it(`release all of its keys when it unsubscribes while it holds them, ${where}`, () => {
        const locks = new KeyedLock<string>();
        const record: string[] = [];
        const section = locks
          .all(['a', 'b'])
          .use(() => NEVER.pipe(finalize(() => record.push(`torn down, ${String(locks.keys)} keys`))))
          .subscribe();
        locks
          .get('b')
          .use(() => of('b'))
          .subscribe(recorder(record, 'b'));
        deliver(() => {
          section.unsubscribe();
        });
        expect(record).toEqual(['torn down, 2 keys', 'b: b', 'b: complete']);
        expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      });

      it(`grants no waiter that cancelWaiters() cancels too, ${where}`, () => {
        const locks = new KeyedLock<string>();
        const { record, enter, release } = waiters();
        enter('a', locks.get('a'));
        enter('all', locks.all(['a', 'b']));
        enter('b', locks.get('b'));
        enter('b again', locks.get('b'));
        deliver(() => {
          locks.cancelWaiters();
          expect(locks.value).toEqual({ keys: 1, waiting: 0 });
          expect(locks.get('b').locked()).toBeFalse();
        });
        expect(record).toEqual(['a', 'all: CancelledError', 'b: CancelledError', 'b again: CancelledError']);
        release('a');
        expect(locks.value).toEqual({ keys: 0, waiting: 0 });
      });
    }
  });
});
