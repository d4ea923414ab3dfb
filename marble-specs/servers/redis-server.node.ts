/** A real Redis of a spec: in a temporary folder, on a free port, and stopped by its process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis } from 'ioredis';

import { eventually } from './eventually.node.js';

/** A node of a cluster listens on another port, too, which is greater by so much. */
const BUS = 10_000;

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export class RedisServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'rxjs-locks-redis-'));
  port = 0;
  /** Looks at what the locks do, and can disturb them. */
  witness!: Redis;
  private child: ChildProcess | undefined = undefined;
  private readonly monitors: Socket[] = [];

  private constructor(private readonly options: readonly string[]) {}

  static async start(...options: string[]): Promise<RedisServer> {
    const server = new RedisServer(options);
    const port = options.indexOf('--port');
    do {
      server.port = port < 0 ? await freePort() : Number(options[port + 1]);
    } while (server.port >= 2 ** 16 - BUS && options.includes('--cluster-enabled'));
    await server.run();
    server.witness = new Redis(server.port, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    server.witness.on('error', () => undefined);
    return server;
  }

  /** Starts the process again, after {@link kill}. */
  async run(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', '', ...this.options];
    const child = spawn(process.env['REDIS_SERVER'] ?? 'redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    this.child = child;
    await eventually(() => {
      if (child.exitCode !== null) {
        throw new Error(`redis-server has ended: ${printed}`);
      }
      return printed.includes('Ready to accept connections');
    });
  }

  /** Ends the process as a crash does. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }

  /** Removes what the process has written. It must not run. */
  async empty(): Promise<void> {
    await rm(this.folder, { recursive: true });
    await mkdir(this.folder);
  }

  async stop(): Promise<void> {
    this.witness.disconnect();
    for (const monitor of this.monitors) {
      monitor.destroy();
    }
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** How often the script has run. */
  runs(): Promise<number> {
    return this.calls('eval', 'evalsha');
  }

  /** How often the server has run these commands. */
  async calls(...commands: string[]): Promise<number> {
    const stats = await this.witness.info('commandstats');
    const calls = [...stats.matchAll(/^cmdstat_(\w+):calls=(\d+)/gm)];
    return calls.reduce((sum, [, command = '', count]) => sum + (commands.includes(command) ? Number(count) : 0), 0);
  }

  /** How often it has answered with an error that begins so. */
  async refusals(code: string): Promise<number> {
    const stats = await this.witness.info('errorstats');
    return Number(new RegExp(`^errorstat_${code}:count=(\\d+)`, 'm').exec(stats)?.[1] ?? 0);
  }

  /** How many callers stand in the line of a lock. */
  waiting(name: string, kind = 'lock'): Promise<number> {
    return this.witness.zcard(`rxjs-locks:{${name}}:${kind}:line`);
  }

  /** The holders of a lock: their ids, as the script keeps them. */
  holders(name: string, kind = 'lock'): Promise<string[]> {
    return this.witness.hkeys(`rxjs-locks:{${name}}:${kind}:held`);
  }

  /** All commands that reach the server from now on, as `MONITOR` prints them. */
  async monitor(): Promise<string[]> {
    const lines: string[] = [];
    const socket = connect(this.port, '127.0.0.1');
    this.monitors.push(socket);
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      const ended = (text + part).split('\r\n');
      text = ended.pop() ?? '';
      lines.push(...ended);
    });
    socket.write('MONITOR\r\n');
    await eventually(() => lines.length > 0);
    return lines;
  }

  /** The clock of the server, in milliseconds. */
  async now(): Promise<number> {
    const [seconds, micros] = await this.witness.time();
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  }
}
