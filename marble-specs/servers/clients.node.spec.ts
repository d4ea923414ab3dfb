import { Cluster, Redis } from 'ioredis';
import { createClient, createClientPool, createCluster } from 'redis';
import { firstValueFrom } from 'rxjs';
import { RedisLock, RedisSemaphore, type RedisClient, type RedisOptions } from 'rxjs-locks/redis';

import { eventually } from './eventually.node.js';
import { Proxy } from './proxy.node.js';
import { RedisServer } from './redis-server.node.js';
import { hold, Waiter } from './scene.node.js';

/** A client, and how it ends. */
type Made = readonly [client: RedisClient, end: () => unknown];

const options: RedisOptions = { lease: 10_000, poll: 50 };

describe('The client of a lock at Redis', () => {
  let server: RedisServer;
  let cluster: RedisServer;
  const ends: (() => unknown)[] = [];

  beforeAll(async () => {
    [server, cluster] = await Promise.all([
      RedisServer.start(),
      RedisServer.start('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'),
    ]);
    await cluster.witness.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await eventually(async () => String(await cluster.witness.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) {
      await end();
    }
    await Promise.all([server.witness.flushall(), cluster.witness.flushall()]);
  });

  afterAll(() => Promise.all([server.stop(), cluster.stop()]));

  const ioredis = (more: object): Made => {
    const client = new Redis({ port: server.port, ...more });
    return [
      client,
      () => {
        client.disconnect();
      },
    ];
  };

  const makers: Record<string, () => Made | Promise<Made>> = {
    'ioredis with a key prefix': () => ioredis({ keyPrefix: 'app:{x' }),
    'ioredis with numbers as strings': () => ioredis({ stringNumbers: true }),
    'ioredis with pipelines': () => ioredis({ enableAutoPipelining: true }),
    'ioredis with another database': () => ioredis({ db: 3 }),
    'ioredis that connects late': () => ioredis({ lazyConnect: true }),
    'ioredis without a queue for commands': async () => {
      const [client, end] = ioredis({ enableOfflineQueue: false });
      await eventually(() => (client as Redis).status === 'ready');
      return [client, end];
    },
    'ioredis with a cluster': () => {
      const client = new Cluster([{ host: '127.0.0.1', port: cluster.port }]);
      return [
        client,
        () => {
          client.disconnect();
        },
      ];
    },
    'node-redis with RESP3': async () => {
      const client = createClient({ socket: { port: server.port }, RESP: 3 });
      await client.connect();
      return [
        client,
        () => {
          client.destroy();
        },
      ];
    },
    'node-redis with a pool': async () => {
      const client = createClientPool({ socket: { port: server.port } });
      await client.connect();
      return [
        client,
        () => {
          client.destroy();
        },
      ];
    },
    'node-redis with a cluster': async () => {
      const client = createCluster({ rootNodes: [{ socket: { host: '127.0.0.1', port: cluster.port } }] });
      await client.connect();
      return [
        client,
        () => {
          client.destroy();
        },
      ];
    },
  };

  for (const [title, make] of Object.entries(makers)) {
    it(`can be ${title}`, async () => {
      const [[a, endA], [b, endB]] = [await make(), await make()];
      ends.push(endA, endB);
      const [one, two] = [new RedisLock(a, 'a', options), new RedisLock(b, 'a', options)];
      const permit = await hold(one);
      expect(await firstValueFrom(two.tryAcquire())).toBeNull();
      const waiter = new Waiter(two);
      const states: unknown[] = [];
      const looking = one.state(20).subscribe((state) => states.push(state));
      await eventually(() => states.some((state) => JSON.stringify(state) === '{"held":1,"waiting":1}'));
      looking.unsubscribe();
      permit.release();
      const next = await waiter.granted();
      expect(next.token > permit.token).toBe(true);
      next.release();
      await Promise.all([one.close(), two.close()]);
    });
  }

  it('can have names with anything in them, whose keys share a slot', async () => {
    const client = new Cluster([{ host: '127.0.0.1', port: cluster.port }]);
    ends.push(() => {
      client.disconnect();
    });
    const names = ['a}b', '}', '{', '{}', 'a b', '%7d', 'ü"\\:', '{a}{b}'];
    const permits = await Promise.all(names.map((name) => hold(new RedisLock(client, name, options))));
    expect(permits.some(({ lost }) => lost)).toBe(false);
    expect(await cluster.witness.keys('*:held')).toHaveSize(names.length);
  });

  it('loses no connection of node-redis that is closed while it is made', async () => {
    const network = await Proxy.to(server.port);
    const lookups: (() => void)[] = [];
    const lookup = (_host: string, _options: unknown, found: (error: null, addresses: object[]) => void): void => {
      lookups.push(() => {
        found(null, [{ address: '127.0.0.1', family: 4 }]);
      });
    };
    const client = createClient({ socket: { host: 'localhost', port: network.port, lookup } as object });
    const connecting = client.connect();
    await eventually(() => lookups.length === 1);
    lookups[0]?.();
    await connecting;
    const [other, end] = ioredis({});
    ends.push(
      () => network.end(),
      () => {
        client.destroy();
      },
      end,
    );
    const permit = await hold(new RedisLock(other, 'a', options));
    const lock = new RedisLock(client, 'a', options);
    const waiter = new Waiter(lock);
    await eventually(() => lookups.length === 2); // the connection for messages is being made
    waiter.leave();
    await lock.close();
    lookups[1]?.();
    await eventually(() => network.made === 2);
    await eventually(() => network.open === 1);
    permit.release();
    expect(await server.waiting('a')).toBe(0);
  });

  it('keeps its locks apart by their prefix', async () => {
    const [client, end] = ioredis({});
    ends.push(end);
    await hold(new RedisLock(client, 'a', options));
    const other = new RedisLock(client, 'a', { ...options, prefix: 'other ' });
    const permit = await hold(other);
    expect(permit.lost).toBe(false);
    const waiter = new Waiter(other);
    await eventually(async () => ((await server.witness.pubsub('CHANNELS', 'other to:*')) as string[]).length === 1);
    permit.release();
    expect((await waiter.granted()).lost).toBe(false);
    expect((await server.witness.keys('*')).filter((key) => key.startsWith('other {a}:')).length).toBeGreaterThan(1);
  });

  it('gives the script again to a server that has forgotten it', async () => {
    const [client, end] = ioredis({});
    ends.push(end);
    const lock = new RedisLock(client, 'a', options);
    (await hold(lock)).release();
    await server.witness.script('FLUSH');
    expect((await hold(lock)).lost).toBe(false);
  });

  it('shares a session between instances with the same terms, and keeps the others apart', async () => {
    const [client, end] = ioredis({});
    ends.push(end);
    const narrow = new RedisSemaphore(client, 's', 1, options);
    const same = new RedisSemaphore(client, 's', 1, options);
    const wide = new RedisSemaphore(client, 's', 2, options);
    const permit = await hold(narrow);
    expect(await firstValueFrom(same.tryAcquire())).toBeNull();
    const second = await hold(wide);
    const sessions = (await server.holders('s', 'semaphore')).map((id) => id.split(':')[0]);
    expect(new Set(sessions).size).toBe(2);
    permit.release();
    second.release();
    expect((await hold(same)).lost).toBe(false);
  });

  it('shares one beat between many instances of a name', async () => {
    const [client, end] = ioredis({});
    ends.push(end);
    await hold(new RedisLock(client, 'a', options));
    const waiters = Array.from({ length: 20 }, () => new Waiter(new RedisLock(client, 'a', options)));
    await eventually(async () => (await server.waiting('a')) === 20);
    expect(await server.witness.zcard('rxjs-locks:{a}:lock:alive')).toBe(1);
    waiters.forEach((waiter) => {
      waiter.leave();
    });
    await eventually(async () => (await server.waiting('a')) === 0);
  });

  it('can refuse to be copied', async () => {
    const [client, end] = ioredis({});
    ends.push(end);
    const uncopied = Object.assign(Object.create(client) as RedisClient, {
      duplicate: () => {
        throw new Error('no');
      },
    });
    const permit = await hold(new RedisLock(client, 'a', options));
    const waiter = new Waiter(new RedisLock(uncopied, 'a', options));
    await eventually(async () => (await server.waiting('a')) === 1);
    permit.release();
    expect((await waiter.granted()).lost).toBe(false);
  });

  for (const code of ['READONLY', 'MISCONF', 'OOM']) {
    it(`can have a server that wraps the errors of scripts, and is waited for if it answers ${code}`, async () => {
      const [client, end] = ioredis({});
      ends.push(end);
      let refusals = 0;
      const wrapping = Object.assign(Object.create(client) as RedisClient, {
        evalsha: (...args: [sha1: string, numberOfKeys: number, ...rest: string[]]) =>
          ++refusals < 3
            ? Promise.reject(new Error(`ERR Error running script (call to f_1): @user_script:9: @user_script: 9: -${code} no`))
            : (client as Redis).evalsha(...args),
      });
      expect((await hold(new RedisLock(wrapping, 'a', options))).lost).toBe(false);
      expect(refusals).toBe(3);
    });
  }

  it('has its numbers in the script as they are in the engine', async () => {
    const [client, end] = ioredis({});
    ends.push(end);
    const lock = new RedisLock(client, 'a', { lease: 12 * 60 * 60 * 1000 });
    await hold(lock);
    const [value = ''] = await server.witness.hvals('rxjs-locks:{a}:lock:held');
    expect(Number(value.split(' ')[0]) - (await server.now())).toBeGreaterThan(12 * 60 * 60 * 1000 - 5000);
  });

  describe('is checked when a lock is made, with the other arguments:', () => {
    const client = new Redis({ lazyConnect: true });
    const make = (changes: {
      readonly client?: unknown;
      readonly name?: unknown;
      readonly options?: object;
    }): (() => unknown) => {
      const all = { client, name: 'a', options: {}, ...changes };
      return () => new RedisLock(all.client as Redis, all.name as string, all.options);
    };

    for (const given of [undefined, null, {}, 'redis', { eval: 'text' }]) {
      it(`a client must not be ${JSON.stringify(given)}`, () => {
        expect(make({ client: given })).toThrowError(TypeError, /^RedisLock needs a client of ioredis or redis, but got /);
      });
    }

    for (const given of [undefined, '', 3, null]) {
      it(`a name must not be ${JSON.stringify(given)}`, () => {
        expect(make({ name: given })).toThrowError(
          TypeError,
          /^the name of a RedisLock must be a string that is not empty, but is /,
        );
      });
    }

    for (const [option, values] of Object.entries({
      lease: [0, 99, -1, 100.5, NaN, Infinity, '1000', 43_200_001],
      poll: [0, 9, -1, NaN, Infinity, '50'],
      patience: [-1, NaN, -Infinity, '50'],
    })) {
      for (const given of values) {
        it(`${option} must not be ${JSON.stringify(String(given))}, a ${typeof given}`, () => {
          expect(make({ options: { [option]: given } })).toThrowError(
            RangeError,
            new RegExp(`^${option} must be .* milliseconds, but is `),
          );
        });
      }
    }

    it('a prefix must be a string without braces, and there are no other options', () => {
      expect(make({ options: { prefix: '{a}' } })).toThrowError(RangeError, 'prefix must have no braces, but is "{a}"');
      expect(make({ options: { prefix: 3 } })).toThrowError(TypeError, 'prefix must be a string, but is 3');
      expect(make({ options: { ttl: 3 } })).toThrowError(
        TypeError,
        /^RedisLock takes no option ttl: it takes lease, poll, patience, prefix$/,
      );
    });

    it('a value must be a positive integer', () => {
      for (const given of [0, -1, 1.5, NaN, Infinity, '3']) {
        expect(() => new RedisSemaphore(client, 'a', given as number)).toThrowError(RangeError);
      }
      expect(new RedisSemaphore(client, 'a', 3).value).toBe(3);
      expect(() => new RedisLock(client, 'a').state(0)).toThrowError(RangeError);
      expect(String(new RedisLock(client, 'a', { poll: 10, patience: Infinity }))).toBe('redis lock "a"');
    });
  });
});
