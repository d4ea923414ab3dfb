import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis } from 'ioredis';

/** A Redis of the specs: on a free port, in a temporary folder. */
export class RedisServer {
  private child: ChildProcess | undefined = undefined;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
    readonly client: Redis,
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  static async start(): Promise<RedisServer> {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    const client = new Redis(port, { lazyConnect: true, retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    const server = new RedisServer(port, await mkdtemp(join(tmpdir(), 'rxjs-locks-sample-')), client);
    await server.run();
    return server;
  }

  async run(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', ''];
    this.child = spawn(process.env.REDIS_SERVER ?? 'redis-server', options, { stdio: 'ignore' });
    await once(this.child, 'spawn');
    await this.client.ping();
  }

  /** Ends the process as a crash does. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await this.kill();
    await rm(this.folder, { recursive: true });
  }
}
