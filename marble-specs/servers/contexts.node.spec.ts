import { AsyncLocalStorage } from 'node:async_hooks';

import { config, Subject, Subscriber, takeUntil } from 'rxjs';
import { captureContext, ClosedError } from 'rxjs-locks';

import { eventually } from './eventually.node.js';
import { hold, Scene, Waiter } from './scene.node.js';

describe('The async context of a caller of a lock at Redis', () => {
  const scene = new Scene('ioredis');
  const user = new AsyncLocalStorage<string>();

  beforeEach(() => {
    captureContext(() => AsyncLocalStorage.snapshot());
  });

  afterEach(() => {
    captureContext(undefined);
  });

  it('is the one in which it is granted, hears of a loss and looks', async () => {
    const [a, b] = await scene.locks('a', { lease: 900, poll: 50 });
    const permit = await hold(a);
    const record: string[] = [];
    const note = (what: string) => (): void => void record.push(`${what}: ${String(user.getStore())}`);
    const waiter = user.run('ann', () => new Waiter(b, 1, note('granted')));
    const looking = user.run('bob', () => a.state(20).subscribe(note('looks')));
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    user.run('zoe', () => {
      permit.release();
    });
    const granted = await waiter.granted();
    user.run('cat', () => granted.lost$.subscribe(note('lost')));
    await scene.server.witness.flushall();
    await eventually(() => granted.released);
    looking.unsubscribe();
    expect(new Set(record)).toEqual(new Set(['looks: bob', 'granted: ann', 'lost: cat']));
  });

  it('fails the caller if it is broken', async () => {
    const lock = await scene.lock('a');
    captureContext(() => () => {
      throw new Error('broken');
    });
    const errors: unknown[] = [];
    lock.state(10_000).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(await new Waiter(lock).failed()).toEqual(new Error('broken'));
    await eventually(() => errors.length > 0);
    expect(errors).toEqual([new Error('broken')]);
  });

  it('asks for nothing if its capture makes the subscriber leave', async () => {
    const lock = await scene.lock('a');
    const leaving = new Subject<void>();
    captureContext(() => {
      leaving.next();
      return (task) => {
        task();
      };
    });
    const runs = await scene.server.runs();
    lock.acquire().pipe(takeUntil(leaving)).subscribe();
    await lock.close();
    captureContext(undefined);
    await scene.server.witness.ping();
    expect(await scene.server.runs()).toBe(runs);
  });

  it('asks for nothing if its capture closes the lock', async () => {
    const lock = await scene.lock('a');
    const runs = await scene.server.runs();
    captureContext(() => {
      void lock.close();
      return AsyncLocalStorage.snapshot();
    });
    expect(await new Waiter(lock).failed()).toEqual(new ClosedError('cannot acquire redis lock "a": it is closed'));
    captureContext(undefined);
    await scene.server.witness.ping();
    expect(await scene.server.runs()).toBe(runs);
  });

  it('hurts nobody by what an observer throws', async () => {
    const lock = await scene.lock('a');
    const errors: unknown[] = [];
    config.onUnhandledError = (error) => errors.push(error);
    try {
      const looking = lock.state(5).subscribe(
        new (class extends Subscriber<unknown> {
          override next(): void {
            throw new Error('thrown');
          }
        })(),
      );
      await eventually(() => errors.length > 0);
      looking.unsubscribe();
    } finally {
      config.onUnhandledError = null;
    }
    expect(errors).toEqual([new Error('thrown')]);
    expect((await hold(lock)).lost).toBe(false);
  });
});
