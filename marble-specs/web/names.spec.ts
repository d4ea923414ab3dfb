import { defer, from, Observable, timer } from 'rxjs';
import { concatMapByKey, withLock } from 'rxjs-locks/operators';
import { WebKeyedLock, type WebLock, WebReadWriteLock } from 'rxjs-locks/web';

import { itHasWebLocks, uniqueName, until } from '../support/web-platform.js';

const wrong = (value: unknown): never => value as never;

describe('WebReadWriteLock', () => {
  itHasWebLocks();

  it('has two sides of one name', () => {
    const { read, write } = new WebReadWriteLock('schema', { timeout: 5 });

    expect([read.name, read.mode, read.timeout]).toEqual(['schema', 'shared', 5]);
    expect([write.name, write.mode, write.timeout]).toEqual(['schema', 'exclusive', 5]);
  });

  it('lets readers in together, and a writer alone', async () => {
    const record: string[] = [];
    const { read, write } = new WebReadWriteLock(uniqueName());
    const task = (word: string): Observable<unknown> =>
      defer(() => {
        record.push(`${word} in`);
        return timer(5);
      });
    const subscribe = (word: string, side: WebLock): void => {
      task(word)
        .pipe(withLock(side))
        .subscribe({ complete: () => record.push(`${word} out`) });
    };
    subscribe('a', read);
    subscribe('b', read);
    subscribe('c', write);
    subscribe('d', read);
    await until(() => record.includes('d out'));

    expect(record).toEqual(['a in', 'b in', 'a out', 'b out', 'c in', 'c out', 'd in', 'd out']);
  });

  it('is refused bad input', () => {
    expect(() => new WebReadWriteLock(wrong(1))).toThrowError(TypeError, /must be a string/);
    expect(() => new WebReadWriteLock('a', wrong({ mode: 'shared' }))).toThrowError(
      TypeError,
      'WebReadWriteLock takes no option mode: it takes timeout, fallback',
    );
  });
});

describe('WebKeyedLock', () => {
  itHasWebLocks();

  it('names the lock of a key', () => {
    const locks = new WebKeyedLock('document', { mode: 'shared' });

    expect(locks.prefix).toBe('document');
    expect(locks.get('7').name).toBe('document:7');
    expect(locks.get('').mode).toBe('shared');
  });

  it('keeps the options that it was made with', () => {
    const options = { timeout: 5 };
    const locks = new WebKeyedLock('document', options);
    options.timeout = 6;

    expect(locks.get('7').timeout).toBe(5);
  });

  it('serializes the values of a key over all streams, and lets other keys run beside it', async () => {
    const prefix = uniqueName();
    const inside = new Map<string, number>();
    const most = { ofAKey: 0, ofAll: 0, done: 0 };
    const task = (key: string): Observable<unknown> =>
      new Observable((subscriber) => {
        inside.set(key, (inside.get(key) ?? 0) + 1);
        most.ofAKey = Math.max(most.ofAKey, inside.get(key) ?? 0);
        most.ofAll = Math.max(most.ofAll, inside.size);
        const subscription = timer(5).subscribe(subscriber);
        return () => {
          inside.delete(key);
          subscription.unsubscribe();
        };
      });
    for (let stream = 0; stream < 2; stream++) {
      from(['1', '2'])
        .pipe(concatMapByKey((key) => key, task, { locks: new WebKeyedLock(prefix) }))
        .subscribe({ complete: () => most.done++ });
    }
    await until(() => most.done === 2);

    expect(most).toEqual({ ofAKey: 1, ofAll: 2, done: 2 });
  });

  it('is refused bad input', () => {
    expect(() => new WebKeyedLock(wrong(1))).toThrowError(TypeError, 'the prefix of a web keyed lock must be a string, but is 1');
    expect(() => new WebKeyedLock('-a')).toThrowError(RangeError, /must not start/);
    expect(() => new WebKeyedLock('a', wrong({ mode: 1 }))).toThrowError(TypeError, /^mode must be/);
    expect(() => new WebKeyedLock('a').get(wrong(1))).toThrowError(
      TypeError,
      'a key of a web keyed lock must be a string, but is 1',
    );
  });
});
