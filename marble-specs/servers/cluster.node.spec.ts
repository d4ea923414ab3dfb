import { Cluster } from 'ioredis';
import { createCluster } from 'redis';
import { RedisLock, type RedisClient } from 'rxjs-locks/redis';

import { eventually } from './eventually.node.js';
import { RedisCluster } from './redis-cluster.node.js';
import { hold, Waiter } from './scene.node.js';

const patient = { lease: 60_000, poll: 50, patience: Infinity };

describe('A lock in a cluster of three nodes', () => {
  let cluster: RedisCluster;
  const ends: (() => unknown)[] = [];

  beforeAll(async () => {
    cluster = await RedisCluster.start('--cluster-node-timeout', '1000', '--appendonly', 'yes', '--appendfsync', 'always');
  }, 30_000);

  afterEach(async () => {
    for (const end of ends.splice(0)) {
      await end();
    }
  });

  afterAll(() => cluster.stop());

  const ports = (): number[] => cluster.nodes.map(({ port }) => port);

  const makers: Record<string, () => RedisClient | Promise<RedisClient>> = {
    ioredis: () => {
      const client = new Cluster(
        ports().map((port) => ({ host: '127.0.0.1', port })),
        { clusterRetryStrategy: () => 50 },
      );
      client.on('error', () => undefined);
      ends.push(() => {
        client.disconnect();
      });
      return client;
    },
    'node-redis': async () => {
      const client = createCluster({ rootNodes: ports().map((port) => ({ socket: { host: '127.0.0.1', port } })) });
      client.on('error', () => undefined);
      await client.connect();
      ends.push(() => {
        client.destroy();
      });
      return client;
    },
  };

  for (const [kind, make] of Object.entries(makers)) {
    it(`stays held and waited for while its slot moves to another node, with ${kind}`, async () => {
      const name = `moves with ${kind}`;
      const { slot, owner, other } = await cluster.slotOf(name);
      const permit = await hold(new RedisLock(await make(), name, patient));
      const waiter = new Waiter(new RedisLock(await make(), name, patient));
      await eventually(async () => (await owner.waiting(name)) === 1);
      const [from, to] = [await owner.witness.call('CLUSTER', 'MYID'), await other.witness.call('CLUSTER', 'MYID')].map(
        String,
      ) as [string, string];
      await other.witness.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from);
      await owner.witness.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to);
      const refusals = async (): Promise<number> => (await owner.refusals('TRYAGAIN')) + (await other.refusals('TRYAGAIN'));
      for (const key of ['line', 'alive', 'held', 'info']) {
        const before = await refusals();
        await owner.witness.migrate('127.0.0.1', other.port, `rxjs-locks:{${name}}:lock:${key}`, 0, 5000);
        await eventually(async () => key === 'info' || (await refusals()) > before + 1);
      }
      for (const node of [other, owner, ...cluster.nodes]) {
        await node.witness.call('CLUSTER', 'SETSLOT', slot, 'NODE', to);
      }
      expect([permit.lost, waiter.isTold]).toEqual([false, false]);
      permit.release();
      const next = await waiter.granted();
      expect(next.token > permit.token).toBe(true);
      next.release();
    }, 20_000);

    it(`stays held and waited for while its node is away, with ${kind}`, async () => {
      const name = `away with ${kind}`;
      const { owner, other } = await cluster.slotOf(name);
      const permit = await hold(new RedisLock(await make(), name, patient));
      const waiter = new Waiter(new RedisLock(await make(), name, patient));
      await eventually(async () => (await owner.waiting(name)) === 1);
      await owner.kill();
      await eventually(async () => String(await other.witness.call('CLUSTER', 'INFO')).includes('cluster_state:fail'));
      expect([permit.lost, waiter.isTold]).toEqual([false, false]);
      await owner.run();
      await cluster.agrees();
      permit.release();
      expect((await waiter.granted()).token > permit.token).toBe(true);
      waiter.permit?.release();
    }, 30_000);
  }
});
