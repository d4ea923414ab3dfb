/** A Redis Cluster of a spec: three real servers, which share the slots. */
import { eventually } from './eventually.node.js';
import { RedisServer } from './redis-server.node.js';

const SLOTS = 16_384;

export class RedisCluster {
  private constructor(readonly nodes: readonly RedisServer[]) {}

  static async start(...options: string[]): Promise<RedisCluster> {
    const clustered = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', ...options];
    const nodes = await Promise.all([1, 2, 3].map(() => RedisServer.start(...clustered)));
    for (const [index, { witness }] of nodes.entries()) {
      const [first, end] = [index, index + 1].map((share) => Math.floor((share * SLOTS) / nodes.length));
      await witness.call('CLUSTER', 'ADDSLOTSRANGE', String(first), String(Number(end) - 1));
      await witness.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
      await witness.call('CLUSTER', 'MEET', '127.0.0.1', String(nodes[0]?.port));
    }
    const cluster = new RedisCluster(nodes);
    await cluster.agrees();
    return cluster;
  }

  /** Waits until all nodes know all others, and serve. */
  async agrees(): Promise<void> {
    await eventually(async () => {
      const infos = await Promise.all(this.nodes.map(({ witness }) => witness.call('CLUSTER', 'INFO').then(String, () => '')));
      return infos.every((info) => info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3'));
    });
  }

  /** The slot of a lock, the node that has it, and another one. */
  async slotOf(name: string): Promise<{ readonly slot: string; readonly owner: RedisServer; readonly other: RedisServer }> {
    const [one, two, three] = this.nodes as readonly [RedisServer, RedisServer, RedisServer];
    const slot = Number(await one.witness.call('CLUSTER', 'KEYSLOT', `{${name}}`));
    const index = [1, 2].filter((share) => slot >= Math.floor((share * SLOTS) / this.nodes.length)).length;
    return { slot: String(slot), owner: [one, two, three][index] ?? one, other: index === 0 ? two : one };
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}
