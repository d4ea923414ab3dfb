import { EMPTY } from 'rxjs';
import { Lock } from 'rxjs-locks';

describe('Lock.run', () => {
  it('resolves with the result of the task, and runs one task at a time', async () => {
    const lock = new Lock();
    const record: string[] = [];
    const turn = (name: string): Promise<string> =>
      lock.run(async () => {
        record.push(`${name} in`);
        await Promise.resolve();
        record.push(`${name} out`);
        return name;
      });
    expect(await Promise.all([turn('a'), turn('b')])).toEqual(['a', 'b']);
    expect(record).toEqual(['a in', 'a out', 'b in', 'b out']);
    expect(lock.locked()).toBeFalse();
  });

  it('accepts a task that returns no promise, and one that throws', async () => {
    const lock = new Lock();
    expect(await lock.run(() => 5)).toBe(5);
    await expectAsync(
      lock.run(() => {
        throw new RangeError('work');
      }),
    ).toBeRejectedWithError(RangeError, 'work');
    await expectAsync(lock.run(() => Promise.reject(new TypeError('later')))).toBeRejectedWithError(TypeError, 'later');
    expect(lock.locked()).toBeFalse();
  });

  it('accepts a task that returns undefined', async () => {
    const lock = new Lock();
    await expectAsync(lock.run(() => undefined)).toBeResolvedTo(undefined);
    expect(lock.locked()).toBeFalse();
  });

  it('leaves the queue when the signal aborts, and rejects with the reason of the signal', async () => {
    const lock = new Lock();
    lock.tryAcquire();
    const abort = new AbortController();
    let ran = false;
    const running = lock.run(() => (ran = true), { signal: abort.signal });
    expect(lock.waiting).toBe(1);
    abort.abort(new RangeError('enough'));
    await expectAsync(running).toBeRejectedWithError(RangeError, 'enough');
    expect(lock.waiting).toBe(0);
    lock.release();
    expect(ran).toBeFalse();
    await expectAsync(lock.run(() => 1, { signal: abort.signal })).toBeRejectedWithError(RangeError, 'enough');
  });

  it('holds until the task has settled, even if the signal aborts meanwhile', async () => {
    const lock = new Lock();
    const abort = new AbortController();
    let settle: (value: string) => void = () => undefined;
    const running = lock.run(
      () =>
        new Promise<string>((resolve) => {
          settle = resolve;
        }),
      { signal: abort.signal },
    );
    abort.abort();
    expect(lock.locked()).toBeTrue();
    settle('done');
    expect(await running).toBe('done');
    expect(lock.locked()).toBeFalse();
  });

  it('leaves the queue when an observer of the state aborts the signal', async () => {
    const lock = new Lock();
    lock.tryAcquire();
    const abort = new AbortController();
    lock.subscribe(({ waiting }) => {
      if (waiting > 0) {
        abort.abort(new RangeError('enough'));
      }
    });
    await expectAsync(lock.run(() => 1, { signal: abort.signal })).toBeRejectedWithError(RangeError, 'enough');
    expect(lock.waiting).toBe(0);
  });

  it('listens to the signal only while it waits', async () => {
    const lock = new Lock();
    const abort = new AbortController();
    const add = spyOn(abort.signal, 'addEventListener').and.callThrough();
    const remove = spyOn(abort.signal, 'removeEventListener').and.callThrough();
    await lock.run(() => 1, { signal: abort.signal });
    expect(add).not.toHaveBeenCalled();
    const holder = lock.tryAcquire();
    const running = lock.run(() => 2, { signal: abort.signal });
    expect(add).toHaveBeenCalledTimes(1);
    holder?.release();
    expect(remove).toHaveBeenCalledTimes(1);
    expect(remove.calls.argsFor(0)).toEqual(add.calls.argsFor(0));
    expect(await running).toBe(2);
  });

  it('rejects a task that returns an Observable, because run would not subscribe to it', async () => {
    const lock = new Lock();
    await expectAsync(lock.run(() => EMPTY)).toBeRejectedWithError(
      TypeError,
      'run needs a task that returns a value or a promise, but got an Observable: use() subscribes to it',
    );
    expect(lock.locked()).toBeFalse();
  });

  it('rejects a task that is not a function, as use() does, and a malformed weight', async () => {
    const lock = new Lock();
    await expectAsync(lock.run('work' as unknown as () => number)).toBeRejectedWithError(
      TypeError,
      'the task must be a function, but is "work"',
    );
    expect(() => lock.use('work' as unknown as () => never)).toThrowError('the task must be a function, but is "work"');
    await expectAsync(lock.run(() => 1, { weight: 0 })).toBeRejectedWithError(RangeError);
    expect(lock.locked()).toBeFalse();
  });
});
