import { setTimeout } from 'node:timers/promises';

import { firstValueFrom, NEVER, take } from 'rxjs';
import { ClosedError, LockLostError } from 'rxjs-locks';
import { withLock } from 'rxjs-locks/operators';
import { RedisLock } from 'rxjs-locks/redis';

import { eventually } from './eventually.node.js';
import { Proxy } from './proxy.node.js';
import { hold, Scene, Waiter, withEachClient } from './scene.node.js';

withEachClient('Leaving a lock at Redis', (kind) => {
  const scene = new Scene(kind);

  async function proxy(): Promise<Proxy> {
    const made = await Proxy.to(scene.server.port);
    scene.after(() => made.end());
    return made;
  }

  async function idle(name = 'a'): Promise<void> {
    await eventually(async () => (await scene.server.waiting(name)) + (await scene.server.holders(name)).length === 0);
  }

  it('takes a caller out of the queue at the server', async () => {
    const [a, b, c] = await scene.locks('a', { lease: 60_000, poll: 20_000 }); // so that nobody is taken for dead
    const permit = await hold(a);
    const [first, second] = [new Waiter(b), new Waiter(c)];
    await eventually(async () => (await scene.server.waiting('a')) === 2);
    const third = new Waiter(b);
    await eventually(async () => (await scene.server.waiting('a')) === 3);
    first.leave();
    await eventually(async () => (await scene.server.waiting('a')) === 2);
    permit.release();
    (await second.granted()).release();
    await third.granted();
    expect(first.isTold).toBe(false);
  });

  it('sends nothing for a caller that leaves at once', async () => {
    const lock = await scene.lock('a');
    const runs = await scene.server.runs();
    lock.acquire().subscribe().unsubscribe();
    await scene.server.witness.ping();
    await lock.close();
    expect(await scene.server.runs()).toBe(runs);
  });

  it('gives back a grant that crosses the caller that leaves, before the answer', async () => {
    const network = await proxy();
    const lock = await scene.lock('a', {}, network.port);
    const told: unknown[] = [];
    const subscription = lock.acquire().subscribe((permit) => told.push(permit));
    network.stall(); // the request or its answer is on the way
    subscription.unsubscribe();
    network.resume();
    await lock.close();
    await idle();
    expect(told).toEqual([]);
  });

  it('gives back a grant that crosses the caller that leaves, by a message', async () => {
    const [a, b] = await scene.locks('a', { lease: 60_000, poll: 20_000 });
    const permit = await hold(a);
    const waiter = new Waiter(b);
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    permit.release();
    waiter.leave();
    await idle();
    expect(waiter.isTold).toBe(false);
  });

  it('takes all callers of a stream along that is unsubscribed from', async () => {
    const lock = await scene.lock('a');
    const permit = await hold(lock);
    const streams = Array.from({ length: 50 }, () => NEVER.pipe(withLock(lock)).subscribe());
    await eventually(async () => (await scene.server.waiting('a')) === 50);
    streams.forEach((stream) => {
      stream.unsubscribe();
    });
    await eventually(async () => (await scene.server.waiting('a')) === 0);
    permit.release();
    await idle();
  });

  it('is one place, however often a client sends a request again', async () => {
    const [a, b] = await scene.locks('a');
    const permit = await hold(a);
    const commands = await scene.server.monitor();
    const waiter = new Waiter(b);
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    const line = commands.find((each) => each.includes('"+')) ?? '';
    const args = [...line.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
    for (let time = 0; time < 3; time++) {
      await scene.server.witness.call('EVALSHA', ...args.slice(1));
    }
    expect(await scene.server.waiting('a')).toBe(1);
    permit.release();
    const granted = await waiter.granted();
    await scene.server.witness.call('EVALSHA', ...args.slice(1));
    expect(await scene.server.holders('a')).toHaveSize(1);
    expect(granted.lost).toBe(false);
  });

  it('gives back a grant that nobody here knows', async () => {
    const [a, b] = await scene.locks('a');
    const permit = await hold(a);
    const [id = ''] = await scene.server.holders('a');
    const waiter = new Waiter(a); // so that the process beats
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    const stranger = id.replace(/:\d+:/, ':99999:');
    await scene.server.witness.hset('rxjs-locks:{a}:lock:held', stranger, `${String((await scene.server.now()) + 20_000)} 7`);
    await eventually(async () => !(await scene.server.holders('a')).includes(stranger));
    permit.release();
    (await waiter.granted()).release();
    expect((await hold(b)).lost).toBe(false);
  });

  it('releases what it holds, and nothing else', async () => {
    const [a, b] = await scene.locks('a');
    const permit = await hold(a);
    await scene.server.witness.del('rxjs-locks:{a}:lock:held');
    const other = await hold(b);
    permit.release();
    permit.release();
    expect(permit.released).toBe(true);
    await eventually(async () => (await scene.server.runs()) > 3);
    expect([other.lost, (await scene.server.holders('a')).length]).toEqual([false, 1]);
  });

  it('commits a release at once, and sends it again until the server answers', async () => {
    const network = await proxy();
    const [lock, other] = [await scene.lock('a', { lease: 60_000 }, network.port), await scene.lock('a')];
    const permit = await hold(lock);
    const waiter = new Waiter(other);
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    network.stall();
    permit.release();
    expect([permit.released, permit.lost]).toEqual([true, false]);
    await setTimeout(20); // the request is written, and gets lost
    network.cut();
    network.resume();
    await eventually(() => network.refused > 1);
    network.mend();
    expect((await waiter.granted()).lost).toBe(false);
  }, 20_000);

  it('releases the permit of a task, however it ends', async () => {
    const [a, b] = await scene.locks('a');
    await firstValueFrom(NEVER.pipe(withLock(a), take(0)), { defaultValue: undefined });
    await expectAsync(a.run(() => Promise.reject(new Error('no')))).toBeRejectedWithError('no');
    expect(await b.run(() => 'done')).toBe('done');
  });

  it('ends a task whose permit is lost', async () => {
    const lock = await scene.lock('a', { lease: 600, poll: 50 });
    const failure = firstValueFrom(NEVER.pipe(withLock(lock))).catch((error: unknown) => error);
    await eventually(async () => (await scene.server.holders('a')).length === 1);
    await scene.server.witness.flushall();
    expect(await failure).toBeInstanceOf(LockLostError);
  });

  describe('for good, by close()', () => {
    it('fails those who wait and those who come later, and waits for the holders', async () => {
      const [a, b] = await scene.locks('a');
      const permit = await hold(a);
      const waiter = new Waiter(a);
      const other = new Waiter(b);
      await eventually(async () => (await scene.server.waiting('a')) === 2);
      let isClosed = false;
      const closing = a.close().then(() => (isClosed = true));
      expect(a.close()).toBe(a[Symbol.asyncDispose]());
      expect(await waiter.failed()).toEqual(new ClosedError('gave up waiting for redis lock "a": it was closed'));
      expect(await new Waiter(a).failed()).toEqual(new ClosedError('cannot acquire redis lock "a": it is closed'));
      await expectAsync(firstValueFrom(a.tryAcquire())).toBeRejectedWithError(ClosedError);
      await eventually(async () => (await scene.server.waiting('a')) === 1);
      expect([isClosed, permit.released, other.isTold]).toEqual([false, false, false]);
      permit.release();
      await closing;
      expect((await other.granted()).lost).toBe(false); // the server has answered
    });

    it('leaves nothing behind that keeps the process alive', async () => {
      const worker = scene.worker({ name: 'a', lease: 2000, poll: 50 });
      const lock = await scene.lock('a');
      const permit = await hold(lock);
      worker.tell({ step: 'acquire', caller: 'x' });
      await eventually(async () => (await scene.server.waiting('a')) === 1);
      permit.release();
      await worker.hear('x', 'granted');
      worker.tell({ step: 'close' });
      worker.tell({ step: 'release', caller: 'x' });
      expect(await worker.ended()).toBe(0);
      // ioredis has a timer of its own, for the end of a connection.
      expect(worker.news.at(-1)?.what).toBe(kind === 'ioredis' ? 'timers' : 'no timers');
    }, 20_000);

    it('ends the connection on which it hears', async () => {
      const [a, b] = await scene.locks('a');
      const permit = await hold(a);
      const waiter = new Waiter(b);
      const ears = async (): Promise<number> => (await scene.ears()).length;
      await eventually(async () => (await ears()) === 1);
      permit.release();
      (await waiter.granted()).release();
      await b.close();
      await eventually(async () => (await ears()) === 0);
      expect(await scene.server.waiting('a')).toBe(0);
    });

    it('ends that connection by itself, when nobody has waited for a while', async () => {
      const [a, b] = await scene.locks('a');
      const ears = async (): Promise<number> => (await scene.ears()).length;
      for (let time = 0; time < 2; time++) {
        const permit = await hold(a);
        const waiter = new Waiter(b);
        await eventually(async () => (await ears()) === 1);
        permit.release();
        (await waiter.granted()).release();
      }
      await eventually(async () => (await ears()) === 0);
      expect(await scene.server.waiting('a')).toBe(0);
    }, 20_000);

    it('is over when the lease is, where there is no server any more', async () => {
      const network = await proxy();
      const lock = new RedisLock(await scene.client(network.port), 'a', { lease: 400, poll: 50 });
      const permit = await hold(lock);
      network.cut();
      permit.release();
      await lock.close();
      expect(permit.released).toBe(true);
    });

    it('is over at once, where there was nothing', async () => {
      await (await scene.lock('a')).close();
      expect(await scene.server.waiting('a')).toBe(0);
    });

    it('leaves other instances of the name alone', async () => {
      const client = await scene.client();
      const [one, two] = [scene.lockOf(client, 'a'), scene.lockOf(client, 'a')];
      const permit = await hold(one);
      const waiter = new Waiter(two);
      await eventually(async () => (await scene.server.waiting('a')) === 1);
      const closing = one.close();
      permit.release();
      await closing;
      expect((await waiter.granted()).lost).toBe(false);
    });
  });
});
