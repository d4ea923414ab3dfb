/** A real PostgreSQL of a spec: in a temporary folder, on a free port, and stopped by its process. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { Client, Pool, type ClientConfig } from 'pg';

import type { PostgresClient } from 'rxjs-locks/postgres';

import { eventually } from '../eventually.node.js';
import { freePort } from '../redis-server.node.js';

/** Distributions that can have several versions keep them out of PATH. */
const folders = '/usr/lib/postgresql';

/** The path of a program of PostgreSQL: in the folder POSTGRES_BIN, of the newest version that is installed, or on PATH. */
function programOf(name: string): string {
  const versions = existsSync(folders) ? readdirSync(folders).sort((one, other) => Number(other) - Number(one)) : [];
  const { POSTGRES_BIN } = process.env;
  const chosen = POSTGRES_BIN === undefined ? [] : [POSTGRES_BIN];
  const places = [...chosen, ...versions.map((version) => join(folders, version, 'bin'))];
  return places.map((place) => join(place, name)).find((path) => existsSync(path)) ?? name;
}

/** PostgreSQL refuses to run as root. */
function account(): { readonly uid?: number; readonly gid?: number } {
  if (userInfo().uid !== 0) {
    return {};
  }
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A folder for the account. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rxjs-locks-postgres-'));
  const { uid, gid } = account();
  if (uid !== undefined && gid !== undefined) {
    chownSync(folder, uid, gid);
  }
  return folder;
}

abstract class Server {
  port = 0;
  protected readonly folder = newFolder();
  private child: ChildProcess | undefined = undefined;

  /** Ends the process as a crash does. PostgreSQL ends its sessions then. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child?.exitCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
  }

  protected async spawn(name: string, args: readonly string[], ready: string): Promise<void> {
    const child = spawn(programOf(name), args, { ...account(), cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
    }
    this.child = child;
    await eventually(() => {
      if (child.exitCode !== null) {
        throw new Error(`${name} has ended: ${printed}`);
      }
      return printed.includes(ready);
    });
  }

  protected remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class PostgresServer extends Server {
  /** Looks at what the locks do, and can disturb them. */
  witness!: Pool;

  private constructor(private readonly options: readonly string[]) {
    super();
  }

  /** Starts a server with these settings, such as `max_connections=10`. */
  static async start(...options: string[]): Promise<PostgresServer> {
    const server = new PostgresServer(options);
    execFileSync(programOf('initdb'), ['-D', server.data, '-U', 'postgres', '-A', 'trust', '-N', '--no-instructions'], {
      ...account(),
      stdio: 'ignore',
      cwd: server.folder,
    });
    server.port = await freePort();
    await server.run();
    return server;
  }

  /** Starts a standby of it. */
  async standby(): Promise<PostgresServer> {
    const standby = new PostgresServer(this.options);
    execFileSync(
      programOf('pg_basebackup'),
      ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'postgres', '-D', standby.data, '-c', 'fast', '-R'],
      { ...account(), stdio: 'ignore', cwd: standby.folder },
    );
    standby.port = await freePort();
    await standby.run();
    return standby;
  }

  /** Starts the process, also after {@link kill}. */
  async run(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${this.folder}`, 'fsync=off', ...this.options];
    const args = ['-D', this.data, '-p', String(this.port), ...settings.flatMap((setting) => ['-c', setting])];
    await this.spawn('postgres', args, 'ready to accept');
    this.witness = new Pool({ ...configOf(this.port), max: 2 });
    this.witness.on('error', () => undefined);
  }

  override async kill(signal?: NodeJS.Signals): Promise<void> {
    await super.kill(signal);
    await this.witness.end();
  }

  async stop(): Promise<void> {
    await this.kill('SIGQUIT');
    this.remove();
  }

  /** How many sessions stand in the queue of an advisory lock. */
  waiting(): Promise<number> {
    return this.count(`pg_locks WHERE locktype = 'advisory' AND NOT granted`);
  }

  /** How many sessions hold an advisory lock. */
  held(): Promise<number> {
    return this.count(`pg_locks WHERE locktype = 'advisory' AND granted`);
  }

  /** The sessions of the locks, the oldest first. */
  async sessions(): Promise<{ readonly pid: number; readonly query: string }[]> {
    const { rows } = await this.witness.query<{ pid: number; query: string }>(
      `SELECT pid, query FROM pg_stat_activity WHERE application_name = 'locks' ORDER BY backend_start`,
    );
    return rows;
  }

  async terminate(pid: number): Promise<void> {
    await this.witness.query('SELECT pg_terminate_backend($1)', [pid]);
  }

  /** The clock of the server, in microseconds. */
  async clock(): Promise<bigint> {
    const { rows } = await this.witness.query<{ now: string }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text AS now',
    );
    return BigInt(rows[0]?.now ?? 0);
  }

  private async count(what: string): Promise<number> {
    const { rows } = await this.witness.query<{ count: string }>(`SELECT count(*) FROM ${what}`);
    return Number(rows[0]?.count);
  }

  private get data(): string {
    return join(this.folder, 'data');
  }
}

export type PoolMode = 'session' | 'transaction';

/** A pooler between clients and a server. */
export class Pooler extends Server {
  static async to(target: number, mode: PoolMode): Promise<Pooler> {
    const pooler = new Pooler();
    pooler.port = await freePort();
    const config = {
      listen_addr: '127.0.0.1',
      listen_port: pooler.port,
      unix_socket_dir: '',
      auth_type: 'any',
      pool_mode: mode,
      default_pool_size: 5,
      ignore_startup_parameters: 'application_name',
    };
    const lines = Object.entries(config).map(([name, value]) => `${name} = ${String(value)}`);
    const database = `postgres = host=127.0.0.1 port=${String(target)} user=postgres dbname=postgres`;
    const file = join(pooler.folder, 'pgbouncer.ini');
    writeFileSync(file, ['[databases]', database, '[pgbouncer]', ...lines, ''].join('\n'));
    await pooler.spawn(existsSync('/usr/sbin/pgbouncer') ? '/usr/sbin/pgbouncer' : 'pgbouncer', [file], 'process up');
    return pooler;
  }

  async stop(): Promise<void> {
    await this.kill();
    this.remove();
  }
}

function configOf(port: number): ClientConfig {
  return { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' };
}

/** A function of the user that makes clients. It stands for a process: its locks know nothing of those of other functions. */
export function connectTo(port: number, config: ClientConfig = {}): () => Client {
  return () => new Client({ ...configOf(port), application_name: 'locks', ...config });
}

/** What a client is asked, and how it asks the server. */
export type Intercept = (text: string, ask: (text?: string) => Promise<{ rows: unknown[] }>) => Promise<{ rows: unknown[] }>;

/** As {@link connectTo}, with a client whose questions a spec can change, delay and answer. */
export function interceptedTo(port: number, intercept: Intercept): () => PostgresClient {
  const connect = connectTo(port);
  return () => {
    const client = connect() as Client & PostgresClient;
    return {
      connect: () => client.connect(),
      query: (text: string, values?: unknown[]) =>
        intercept(text, (other) => (other === undefined ? client.query(text, values) : client.query(other))),
      end: () => client.end(),
      on: (event: 'error' | 'end', listener: (error: Error) => void) => client.on(event, listener),
      connection: client.connection,
      get processID(): number | null {
        return client.processID ?? null;
      },
    };
  };
}
