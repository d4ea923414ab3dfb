import type { Client } from 'pg';
import { firstValueFrom, NEVER, take } from 'rxjs';
import { ClosedError, LockLostError } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';

import { eventually } from '../eventually.node.js';
import { hold, Waiter } from '../scene.node.js';
import { PostgresScene } from './postgres-scene.node.js';
import { connectTo, interceptedTo } from './postgres-server.node.js';

describe('Leaving a lock at PostgreSQL', () => {
  const scene = new PostgresScene();

  it('takes the process out of the queue of the server, when its last caller leaves', async () => {
    const [a, b, c] = scene.locks('a');
    const permit = await hold(a);
    const [first, second] = [new Waiter(b), new Waiter(b)];
    await scene.waiting(1);
    const other = new Waiter(c);
    await scene.waiting(2);
    first.leave();
    expect(await scene.server.waiting()).toBe(2);
    second.leave();
    await scene.waiting(1); // though nobody has released
    expect([permit.lost, other.isTold]).toEqual([false, false]);
    permit.release();
    await other.granted();
    expect([first.isTold, second.isTold]).toEqual([false, false]);
  });

  it('lets the process stand in the queue again for callers that come after that', async () => {
    const [a, b] = scene.locks('a');
    const permit = await hold(a);
    const first = new Waiter(b);
    await scene.waiting(1);
    first.leave();
    const second = new Waiter(b);
    permit.release();
    expect((await second.granted()).lost).toBe(false);
    expect(first.isTold).toBe(false);
  });

  it('connects nothing for a caller that leaves at once', async () => {
    let clients = 0;
    const lock = scene.lockOf(() => {
      clients++;
      return connectTo(scene.server.port)();
    }, 'a');
    lock.acquire().subscribe().unsubscribe();
    await new Promise((resolve) => setImmediate(resolve));
    expect(clients).toBe(0);
    expect((await hold(lock)).lost).toBe(false);
  });

  it('gives back a grant that crosses the caller that leaves', async () => {
    const network = await scene.proxy();
    const [lock, other] = [scene.lock('a', {}, network.port), scene.lock('a')];
    const permit = await hold(other);
    const waiter = new Waiter(lock);
    await scene.waiting(1);
    network.stall(); // the grant is on its way
    permit.release();
    await eventually(async () => (await scene.server.waiting()) === 0 && (await scene.server.held()) === 1);
    waiter.leave();
    network.resume();
    await scene.held(0);
    expect(waiter.isTold).toBe(false);
  });

  it('gives back a grant that crosses the caller that leaves while it is confirmed', async () => {
    let confirming = (): void => undefined;
    const isConfirmed = new Promise<void>((resolve) => (confirming = resolve));
    let resume = (): void => undefined;
    const resumed = new Promise<void>((resolve) => (resume = resolve));
    const connect = interceptedTo(scene.server.port, async (text, ask) => {
      const answer = await ask();
      if (text.includes(' AS token')) {
        confirming();
        await resumed;
      }
      return answer;
    });
    const waiter = new Waiter(scene.lockOf(connect, 'a'));
    await isConfirmed;
    waiter.leave();
    resume();
    await scene.held(0);

    expect(waiter.isTold).toBe(false);
    expect((await hold(scene.lock('a'))).lost).toBe(false);
  });

  it('releases the permit of a task, however it ends', async () => {
    const [a, b] = scene.locks('a');
    await firstValueFrom(NEVER.pipe(withLock(a), take(0)), { defaultValue: undefined });
    await expectAsync(a.run(() => Promise.reject(new Error('no')))).toBeRejectedWithError('no');
    expect(await b.run(() => 'done')).toBe('done');
  });

  it('ends a task whose permit is lost', async () => {
    const lock = scene.lock('a');
    const failure = firstValueFrom(NEVER.pipe(withLock(lock))).catch((error: unknown) => error);
    await scene.held(1);
    const [session] = await scene.server.sessions();
    await scene.server.terminate(session?.pid ?? 0);
    const error = await failure;
    expect(error).toBeInstanceOf(LockLostError);
    expect((error as LockLostError).message).toBe('lost postgres lock "a": its session at the server has ended');
    expect(String((error as LockLostError).cause)).toMatch(/terminated|terminating/);
  });

  it('releases once, and nothing of those who come after it', async () => {
    const [a, b] = scene.locks('a');
    const permit = await hold(a);
    const waiter = new Waiter(b);
    await scene.waiting(1);
    permit.release();
    const next = await waiter.granted();
    permit.release();
    await scene.server.witness.query('SELECT 1');
    expect([permit.released, permit.lost, next.lost]).toEqual([true, false, false]);
    expect(await scene.server.held()).toBe(1);
  });

  it('commits a release at once, and ends the session if the server does not answer', async () => {
    const network = await scene.proxy();
    const [lock, other] = [scene.lock('a', { lease: 3000 }, network.port), scene.lock('a')];
    const permit = await hold(lock);
    const waiter = new Waiter(other);
    await scene.waiting(1);
    network.stall();
    permit.release();
    expect([permit.released, permit.lost]).toEqual([true, false]);
    expect((await waiter.granted()).lost).toBe(false);
  }, 20_000);

  describe('for good, by close()', () => {
    it('fails those who wait and those who come later, and waits for the holders', async () => {
      const [a, b] = scene.locks('a');
      const permit = await hold(a);
      const waiter = new Waiter(a);
      const other = new Waiter(b);
      await scene.waiting(1);
      let isClosed = false;
      const closing = a.close().then(() => (isClosed = true));
      expect(a.close()).toBe(a[Symbol.asyncDispose]());
      expect(await waiter.failed()).toEqual(new ClosedError('gave up waiting for postgres lock "a": it was closed'));
      expect(await new Waiter(a).failed()).toEqual(new ClosedError('cannot acquire postgres lock "a": it is closed'));
      await expectAsync(firstValueFrom(a.tryAcquire())).toBeRejectedWithError(ClosedError);
      expect([isClosed, permit.released, other.isTold]).toEqual([false, false, false]);
      permit.release();
      await closing;
      expect((await other.granted()).lost).toBe(false);
    });

    it('resolves when the server has answered the release', async () => {
      const network = await scene.proxy();
      const lock = scene.lock('a', {}, network.port);
      const permit = await hold(lock);
      network.stall();
      permit.release();
      let isClosed = false;
      const closing = lock.close().then(() => (isClosed = true));
      await scene.server.witness.query('SELECT pg_sleep(0.2)');
      expect(isClosed).toBe(false);
      network.resume();
      await closing;
      expect(await scene.server.held()).toBe(0);
    });

    it('leaves nothing behind that keeps the process alive', async () => {
      const worker = scene.worker({ name: 'a', lease: 30_000 });
      const lock = scene.lock('a');
      const permit = await hold(lock);
      worker.tell({ step: 'acquire', caller: 'x' });
      await scene.waiting(1);
      permit.release();
      await worker.hear('x', 'granted');
      worker.tell({ step: 'close' });
      worker.tell({ step: 'release', caller: 'x' });
      expect(await worker.ended()).toBe(0);
    }, 20_000);

    it('ends the connection at once', async () => {
      const lock = scene.lock('a', { lease: 30_000 });
      await lock.run(() => undefined);
      expect(await scene.server.sessions()).toHaveSize(1);
      const closedAt = performance.now();
      await lock.close();
      await eventually(async () => (await scene.server.sessions()).length === 0);
      expect(performance.now() - closedAt).toBeLessThan(1500); // it lingers for longer
    });

    it('is over when the lease is, where the server does not answer any more', async () => {
      const network = await scene.proxy();
      const lock = scene.lock('a', { lease: 600 }, network.port);
      const permit = await hold(lock);
      network.stall();
      permit.release();
      await lock.close();
      await scene.held(0);
      expect(permit.released).toBe(true);
    });

    it('is over when the server does not have the session any more, where the release got no answer', async () => {
      const connect = interceptedTo(scene.server.port, (text, ask) =>
        text.includes('pg_advisory_unlock') ? Promise.reject(new Error('the network was cut')) : ask(),
      );
      const lock = scene.lockOf(connect, 'a', { lease: 43_200_000 });
      const permit = await hold(lock);
      permit.release();
      await lock.close();
      expect(await scene.server.held()).toBe(0);
    });

    it('is over at once, where there was nothing', async () => {
      const lock = scene.lock('a');
      await lock.close();
      expect(await scene.server.sessions()).toEqual([]);
    });

    it('is over at once, where the session has ended', async () => {
      let clients = 0;
      const connect = (): Client => {
        clients++;
        return connectTo(scene.server.port)();
      };
      const lock = scene.lockOf(connect, 'a', { lease: 43_200_000 });
      const permit = await hold(lock);
      const [session] = await scene.server.sessions();
      await scene.server.terminate(session?.pid ?? 0);
      await eventually(() => permit.lost);
      await lock.close();
      expect([permit.released, clients]).toEqual([true, 1]); // the server is not asked
    });

    it('leaves other instances of the name alone', async () => {
      const connect = connectTo(scene.server.port);
      const [one, two] = [scene.lockOf(connect, 'a'), scene.lockOf(connect, 'a')];
      const permit = await hold(one);
      const waiter = new Waiter(two);
      const closing = one.close();
      permit.release();
      await closing;
      expect((await waiter.granted()).lost).toBe(false);
    });
  });
});
