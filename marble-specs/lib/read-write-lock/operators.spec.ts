import { of, Subject } from 'rxjs';
import { ReadWriteLock } from 'rxjs-locks';
import { throttleBySemaphore, withLock } from 'rxjs-locks/operators';

import { recorder } from '../../support/recorder.js';

describe('A side of a ReadWriteLock in a pipe', () => {
  it('is held with withLock, in one queue with subscribers that acquire by hand', () => {
    const lock = new ReadWriteLock();
    const record: string[] = [];
    const [first, second] = [new Subject<string>(), new Subject<string>()];
    first.pipe(withLock(lock.read)).subscribe(recorder(record, 'first'));
    second.pipe(withLock(lock.read)).subscribe(recorder(record, 'second'));
    of('x').pipe(withLock(lock.write)).subscribe(recorder(record, 'writer'));
    expect(lock.value).toEqual({ readers: 2, writing: false, waiting: 1 });
    second.next('b');
    second.complete();
    first.complete();
    expect(record).toEqual(['second: b', 'second: complete', 'first: complete', 'writer: x', 'writer: complete']);
    expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
  });

  it('does not wait if whenBusy says so', () => {
    const lock = new ReadWriteLock({ name: 'settings' });
    const record: string[] = [];
    lock.read.tryAcquire();
    of('x')
      .pipe(withLock(lock.write, { whenBusy: 'skip' }))
      .subscribe(recorder(record, 'skip'));
    of('x')
      .pipe(withLock(lock.write, { whenBusy: 'error' }))
      .subscribe({ error: ({ message }: Error) => record.push(message) });
    of('x')
      .pipe(withLock(lock.read, { whenBusy: 'error' }))
      .subscribe(recorder(record, 'reader'));
    expect(record).toEqual([
      'skip: complete',
      'cannot acquire read-write lock "settings" for writing: it is busy',
      'reader: x',
      'reader: complete',
    ]);
  });

  it('leaves the queue when until emits, and the readers behind it are granted', () => {
    const lock = new ReadWriteLock();
    const record: string[] = [];
    const until = new Subject<void>();
    lock.read.tryAcquire();
    of('x').pipe(withLock(lock.write, { until })).subscribe(recorder(record, 'writer'));
    of('x').pipe(withLock(lock.read)).subscribe(recorder(record, 'reader'));
    expect(record).toEqual([]);
    until.next();
    expect(record).toEqual(['writer: TimeoutError', 'reader: x', 'reader: complete']);
  });

  it('runs the tasks of a throttle side by side for readers, and one by one for writers', () => {
    for (const [side, most] of [
      ['read', 3],
      ['write', 1],
    ] as const) {
      const lock = new ReadWriteLock();
      const tasks = [new Subject<string>(), new Subject<string>(), new Subject<string>()];
      const record: string[] = [];
      of(...tasks)
        .pipe(throttleBySemaphore(lock[side], (task) => task))
        .subscribe(recorder(record, 'works'));
      expect(tasks.filter(({ observed }) => observed).length).toBe(most);
      tasks.forEach((task) => {
        task.complete();
      });
      expect(record).toEqual(['works: complete']);
      expect(lock.value).toEqual({ readers: 0, writing: false, waiting: 0 });
    }
  });
});
