import { eventually } from '../../marble-specs/servers/eventually.node.js';
import { PostgresServer } from '../../marble-specs/servers/postgres/postgres-server.node.js';
import { RedisServer } from '../../marble-specs/servers/redis-server.node.js';
import { contestants, type Contestant, type Kind } from './contestants.js';
import { Player } from './players.js';
import type { Subject } from './protocol.js';

/** How many processes use the servers at most, beside one that only holds. */
const PROCESSES = 4;

/** The servers, and the processes that use them. */
export class Arena {
  private names = 0;

  private constructor(
    private readonly redis: RedisServer,
    private readonly postgres: PostgresServer,
    readonly holder: Player,
    readonly players: readonly Player[],
  ) {}

  static async start(): Promise<Arena> {
    const [redis, postgres] = [await RedisServer.start(), await PostgresServer.start()];
    const ports = { redis: redis.port, postgres: postgres.port };
    const players = Array.from({ length: PROCESSES }, () => new Player(ports));
    return new Arena(redis, postgres, new Player(ports), players);
  }

  /** A lock that nobody has used. */
  subject(kind: Kind): Subject {
    return { kind, name: `bench ${String(++this.names)}` };
  }

  /** How many requests Redis has got from the clients of a contestant. */
  requests(kind: Kind): Promise<number> {
    const { requests = [] }: Partial<Contestant> = kind === 'no lock' ? {} : contestants[kind];
    return this.redis.calls(...requests);
  }

  /** Waits until all callers of so many processes stand in the queue, if there is one. */
  async queued({ kind, name }: Subject, callers: number, processes: number): Promise<void> {
    if (kind === 'RedisLock') {
      await eventually(async () => (await this.redis.waiting(name)) === callers);
    } else if (kind === 'PostgresLock') {
      await eventually(async () => (await this.postgres.waiting()) === processes);
    }
  }

  /** Ends the locks of a sample. All requests have been answered then. */
  async clear(): Promise<void> {
    await Promise.all([this.holder, ...this.players].map((player) => player.ask('end')));
  }

  async versions(): Promise<Readonly<Record<string, string>>> {
    const info = await this.redis.witness.info('server');
    const { rows } = await this.postgres.witness.query<{ server_version: string }>('SHOW server_version');
    return {
      Redis: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
      PostgreSQL: /^\S+/.exec(rows[0]?.server_version ?? '')?.[0] ?? 'unknown',
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.holder, ...this.players].map((player) => player.stop()));
    await this.redis.stop();
    await this.postgres.stop();
  }
}
