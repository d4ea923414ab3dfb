import { AsyncLocalStorage } from 'node:async_hooks';

import { Subject, takeUntil } from 'rxjs';
import { captureContext, ClosedError } from 'rxjs-locks';

import { eventually } from '../eventually.node.js';
import { hold, Waiter } from '../scene.node.js';
import { PostgresScene } from './postgres-scene.node.js';

describe('The async context of a caller of a lock at PostgreSQL', () => {
  const scene = new PostgresScene();
  const user = new AsyncLocalStorage<string>();

  beforeEach(() => {
    captureContext(() => AsyncLocalStorage.snapshot());
  });

  afterEach(() => {
    captureContext(undefined);
  });

  it('is the one in which it is granted, and hears of a loss', async () => {
    const [a, b] = scene.locks('a', { lease: 900 });
    const permit = await hold(a);
    const record: string[] = [];
    const note = (what: string) => (): void => void record.push(`${what}: ${String(user.getStore())}`);
    const waiter = user.run('ann', () => new Waiter(b, 1, note('granted')));
    const later = user.run('bob', () => new Waiter(b, 1, note('granted later')));
    await scene.waiting(1);
    user.run('zoe', () => {
      permit.release();
    });
    const granted = await waiter.granted();
    user.run('cat', () => granted.lost$.subscribe(note('lost')));
    const session = (await scene.server.sessions()).at(-1);
    await scene.server.terminate(session?.pid ?? 0);
    await eventually(() => granted.released);
    await later.granted();
    expect(record).toEqual(['granted: ann', 'lost: cat', 'granted later: bob']);
  });

  it('asks for nothing if its capture makes the subscriber leave', async () => {
    const lock = scene.lock('a');
    const leaving = new Subject<void>();
    const capture = (): ((task: () => void) => void) => {
      leaving.next();
      return (task) => {
        task();
      };
    };
    captureContext(capture);
    lock.acquire().pipe(takeUntil(leaving)).subscribe();
    await lock.close();
    captureContext(undefined);
    expect(await scene.server.sessions()).toEqual([]);
    const other = scene.lock('a');
    const waiter = new Waiter(other);
    captureContext(capture); // the session runs by now
    other.acquire().pipe(takeUntil(leaving)).subscribe();
    expect((await waiter.granted()).lost).toBe(false);
  });

  it('asks for nothing if its capture closes the lock', async () => {
    const lock = scene.lock('a');
    captureContext(() => {
      void lock.close();
      return AsyncLocalStorage.snapshot();
    });
    expect(await new Waiter(lock).failed()).toEqual(new ClosedError('cannot acquire postgres lock "a": it is closed'));
    captureContext(undefined);
    expect(await scene.server.sessions()).toEqual([]);
  });

  it('fails the caller if it is broken, and keeps nothing', async () => {
    const lock = scene.lock('a');
    captureContext(() => () => {
      throw new Error('broken');
    });
    expect(await new Waiter(lock).failed()).toEqual(new Error('broken'));
    await scene.held(0);
    captureContext(undefined);
    expect((await hold(lock)).lost).toBe(false);
  });
});
