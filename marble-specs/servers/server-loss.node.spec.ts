import { firstValueFrom } from 'rxjs';
import { UnavailableError } from 'rxjs-locks';
import { RedisLock } from 'rxjs-locks/redis';

import { eventually } from './eventually.node.js';
import { Proxy } from './proxy.node.js';
import { freePort, RedisServer } from './redis-server.node.js';
import { hold, Scene, Waiter, withEachClient } from './scene.node.js';

withEachClient('The loss of Redis', (kind) => {
  const scene = new Scene(kind, '--appendonly', 'yes', '--appendfsync', 'always');

  async function proxy(port = scene.server.port): Promise<Proxy> {
    const made = await Proxy.to(port);
    scene.after(() => made.end());
    return made;
  }

  /** Three callers of two processes wait behind a holder, and the server ends. */
  async function waitAndCrash(): Promise<{ readonly order: string[]; readonly waiters: Waiter[]; release: () => void }> {
    const [a, b, c] = await scene.locks('a', { lease: 60_000, poll: 100, patience: Infinity });
    const permit = await hold(a);
    const order: string[] = [];
    const waiters: Waiter[] = [];
    for (const [lock, name] of [
      [b, 'first'],
      [c, 'second'],
      [b, 'third'],
    ] as const) {
      const waiter: Waiter = new Waiter(lock, 1, () => {
        order.push(name);
        waiter.permit?.release();
      });
      waiters.push(waiter);
      await eventually(async () => (await scene.server.waiting('a')) === waiters.length);
    }
    await scene.server.kill();
    return {
      order,
      waiters,
      release: () => {
        permit.release();
      },
    };
  }

  it('leaves the waiters in their places if it comes back with its data', async () => {
    const { order, waiters, release } = await waitAndCrash();
    const downSince = performance.now();
    await eventually(() => performance.now() > downSince + 800); // longer than the silence of a dead process
    await scene.server.run();
    await eventually(async () => (await scene.server.waiting('a')) === 3);
    release();
    await Promise.all(waiters.map((waiter) => waiter.granted()));
    expect(order).toEqual(['first', 'second', 'third']);
  }, 20_000);

  it('leaves the waiters in their places if only the network was away', async () => {
    const options = { lease: 60_000, poll: 50 };
    const permit = await hold(await scene.lock('a', options));
    const order: string[] = [];
    const waiters: Waiter[] = [];
    const networks = [await proxy(), await proxy()] as const;
    for (const { port } of networks) {
      const lock = await scene.lock('a', options, port);
      const waiter: Waiter = new Waiter(lock, 1, () => {
        order.push(port === networks[0].port ? 'first' : 'second');
        waiter.permit?.release();
      });
      waiters.push(waiter);
      await eventually(async () => (await scene.server.waiting('a')) === waiters.length);
    }
    const beats = await scene.server.runs();
    await eventually(async () => (await scene.server.runs()) > beats + 4); // each has been answered
    networks.forEach((network) => {
      network.stall();
    });
    const stalledAt = performance.now();
    await eventually(() => performance.now() > stalledAt + 800); // longer than the silence of a dead process
    for (const network of [networks[1], networks[0]]) {
      const runs = await scene.server.runs();
      network.resume();
      await eventually(async () => (await scene.server.runs()) > runs);
    }
    permit.release();
    await Promise.all(waiters.map((waiter) => waiter.granted()));
    expect(order).toEqual(['first', 'second']);
  }, 20_000);

  it('makes the waiters of a process enter anew in their order if it comes back with nothing', async () => {
    const { order, waiters, release } = await waitAndCrash();
    await scene.server.empty();
    await scene.server.run();
    release();
    await Promise.all(waiters.map((waiter) => waiter.granted()));
    expect(order.filter((name) => name !== 'second')).toEqual(['first', 'third']);
  }, 20_000);

  it('takes the permits of holders at their deadlines, and not before', async () => {
    const network = await proxy();
    const lock = await scene.lock('a', { lease: 800, poll: 50 }, network.port);
    const permit = await hold(lock);
    network.cut();
    const cutAt = performance.now();
    let lostAfter = 0;
    permit.lost$.subscribe(() => (lostAfter = performance.now() - cutAt));
    await eventually(() => lostAfter > 0);
    expect(lostAfter).toBeGreaterThan(800 * (2 / 3) - 50); // it was renewed within the last third
    expect(lostAfter <= 800 || permit.lost).toBe(true);
  });

  it('is borne by waiters for their patience, and no longer', async () => {
    const network = await proxy();
    const lock = await scene.lock('a', { patience: 300 }, network.port);
    const other = await scene.lock('a');
    await hold(other);
    const waiter = new Waiter(lock);
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    const since = performance.now();
    await eventually(() => performance.now() > since + 600);
    expect(waiter.isTold).toBe(false); // a holder is borne for ever
    network.stall();
    const error = await waiter.failed();
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as Error).message).toBe('cannot acquire redis lock "a": the server does not answer');
    network.resume();
    await eventually(async () => (await scene.server.waiting('a')) === 0);
  });

  it('fails a caller without patience with the first request', async () => {
    const network = await proxy();
    const lock = await scene.lock('a', { patience: 0, lease: 600, poll: 50 }, network.port);
    (await hold(lock)).release();
    await eventually(async () => (await scene.server.holders('a')).length === 0);
    network.stall();
    const error = await new Waiter(lock).failed();
    expect(((error as UnavailableError).cause as Error).message).toBe('no answer within 300 ms');
  });

  it('fails a caller that must not wait with one request', async () => {
    const network = await proxy();
    const lock = await scene.lock('a', { patience: Infinity, lease: 600, poll: 50 }, network.port);
    network.stall();
    await expectAsync(firstValueFrom(lock.tryAcquire())).toBeRejectedWithError(UnavailableError);
    network.resume();
    await eventually(async () => (await scene.server.holders('a')).length === 0);
    expect((await hold(lock)).lost).toBe(false);
  });

  it('is borne by callers that came when there was no server yet', async () => {
    const port = await freePort();
    if (kind === 'ioredis') {
      const waiter = new Waiter(await scene.lock('a', { patience: Infinity, poll: 50 }, port));
      const impatient = new Waiter(await scene.lock('a', { patience: 200, poll: 50 }, port));
      expect(await impatient.failed()).toBeInstanceOf(UnavailableError);
      const late = await RedisServer.start('--port', String(port));
      scene.after(() => late.stop());
      expect((await waiter.granted()).lost).toBe(false);
    } else {
      const { createClient } = await import('redis');
      const closed = new RedisLock(createClient({ socket: { port } }), 'a', { patience: 200, poll: 50 });
      const error = await new Waiter(closed).failed();
      expect((error as UnavailableError).cause).toBeInstanceOf(Error);
    }
  });

  it('is borne while a server is read only', async () => {
    const lock = await scene.lock('a', { poll: 50 });
    const commands = await scene.server.monitor();
    await scene.server.witness.replicaof('127.0.0.1', String(await freePort()));
    const waiter = new Waiter(lock);
    await eventually(() => commands.filter((line) => /"evalsha"/i.test(line)).length > 2);
    expect(waiter.isTold).toBe(false);
    await scene.server.witness.replicaof('NO', 'ONE');
    expect((await waiter.granted()).lost).toBe(false);
  });

  it('is borne while a server is busy with the script of somebody else', async () => {
    const lock = await scene.lock('a', { poll: 50, patience: Infinity });
    const [, before] = (await scene.server.witness.config('GET', 'busy-reply-threshold')) as [string, string];
    await scene.server.witness.config('SET', 'busy-reply-threshold', '20');
    scene.after(() => scene.server.witness.config('SET', 'busy-reply-threshold', before));
    const hog = scene.server.witness.duplicate();
    scene.after(() => {
      hog.disconnect();
    });
    const hogging = hog.eval('while true do end', 0).catch(() => undefined);
    await eventually(async () => (await scene.server.witness.ping().catch(String)).includes('BUSY'));
    const waiter = new Waiter(lock);
    const since = performance.now();
    await eventually(() => performance.now() > since + 200);
    expect(waiter.isTold).toBe(false);
    await scene.server.witness.script('KILL');
    await hogging;
    expect((await waiter.granted()).lost).toBe(false);
  }, 20_000);

  it('can be a failover that has lost a grant: its holder is told, and the next token is greater', async () => {
    const network = await proxy();
    const [a, b] = [
      await scene.lock('a', { lease: 900, poll: 50 }, network.port),
      await scene.lock('a', { lease: 900, poll: 50 }, network.port),
    ];
    const replica = await RedisServer.start('--replicaof', `127.0.0.1 ${String(scene.server.port)}`);
    scene.after(() => replica.stop());
    (await hold(a)).release();
    await eventually(async () => (await replica.witness.exists('rxjs-locks:{a}:lock:info')) === 1);
    await replica.witness.replicaof('NO', 'ONE'); // what is written from now on is lost
    const permit = await hold(a);
    const reasons: string[] = [];
    permit.lost$.subscribe(({ message }) => reasons.push(message));
    network.cut();
    network.mend(replica.port);
    expect((await hold(b)).token > permit.token).toBe(true);
    await eventually(() => reasons.length > 0);
    expect(permit.lost).toBe(true);
  }, 20_000);

  it('is no reason to wait where the server says no for good', async () => {
    await scene.server.witness.acl('SETUSER', 'reader', 'on', '>secret', '+@all', '-@scripting', '~*');
    const client = await scene.client(scene.server.port, { username: 'reader', password: 'secret' });
    const lock = scene.lockOf(client, 'a', { patience: Infinity });
    const error = await new Waiter(lock).failed();
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as Error).message).toBe('cannot acquire redis lock "a": the server refuses');
    expect(String((error as UnavailableError).cause)).toMatch(/NOPERM/);
    const states: unknown[] = [];
    lock.state().subscribe({ error: (each: unknown) => states.push(each) });
    await eventually(() => states.length > 0);
    expect((states[0] as Error).message).toBe('cannot look at redis lock "a": the server refuses');
    await lock.close(); // there is nothing to leave, so it does not ask again
    await scene.server.witness.set('rxjs-locks:{b}:lock:line', 'no line');
    expect(String(((await new Waiter(await scene.lock('b')).failed()) as UnavailableError).cause)).toMatch(/WRONGTYPE/);
  });

  it('is borne by those who look at the state, for the patience of the lock', async () => {
    const network = await proxy();
    const lock = await scene.lock('a', { patience: 200, poll: 50, lease: 600 }, network.port);
    const states: unknown[] = [];
    lock.state(20).subscribe({ next: (state) => states.push(state), error: (error: unknown) => states.push(error) });
    await eventually(() => states.length === 1);
    network.cut();
    await eventually(() => states.length === 2);
    expect(states[0]).toEqual({ held: 0, waiting: 0 });
    expect(states[1]).toBeInstanceOf(UnavailableError);
  });

  it('throws nothing that nobody handles', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const network = await proxy();
    const [a, b] = [await scene.lock('a', { lease: 400, poll: 30 }, network.port), await scene.lock('a', {}, network.port)];
    const permit = await hold(a);
    const waiter = new Waiter(b);
    await eventually(async () => (await scene.server.waiting('a')) === 1);
    network.cut();
    await eventually(() => permit.lost && network.refused > 3);
    network.mend();
    permit.release();
    expect((await waiter.granted()).lost).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
