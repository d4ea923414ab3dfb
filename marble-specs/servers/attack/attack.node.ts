/**
 * Random programs against a real server: three processes with two clients each play, while processes are stopped and killed,
 * connections are cut, and the server forgets what it can forget, crashes and comes back.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { randomOf } from '../../proofs/soak/random.js';
import { eventually } from '../eventually.node.js';
import { nth } from '../nth.js';
import { PostgresServer } from '../postgres/postgres-server.node.js';
import { RedisServer } from '../redis-server.node.js';
import type { PlayerOptions, Telling } from './player.node.js';
import { complaints, type Tenure } from './referee.js';

const [lease, poll] = [400, 40];

/** What is attacked. */
interface Arena {
  readonly engine: PlayerOptions['engine'];
  readonly port: number;
  /** The units of the names that are played for. */
  readonly values: readonly number[];
  /** What can be done to the server. Where it forgets holders, `losing` notes when. */
  faults(losing: (task: () => Promise<unknown>) => Promise<void>, pause: () => Promise<void>): readonly Fault[];
  /** What is left that should not be. */
  leftovers(): Promise<string[]>;
  stop(): Promise<void>;
}

type Fault = readonly [name: string, fault: () => Promise<unknown>];

async function redis(): Promise<Arena> {
  const server = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
  const crash = async (pause: () => Promise<void>, meanwhile = (): Promise<void> => Promise.resolve()): Promise<void> => {
    await server.kill();
    await meanwhile();
    await pause();
    await server.run();
  };
  return {
    engine: 'redis',
    port: server.port,
    values: [1, 1, 3],
    faults: (losing, pause) => [
      ['cut', () => server.witness.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')],
      ['cut the ears', () => server.witness.client('KILL', 'TYPE', 'pubsub')],
      ['forget the scripts', () => server.witness.script('FLUSH')],
      ['forget everything', () => losing(() => server.witness.flushall())],
      ['crash', () => crash(pause)],
      ['crash and forget', () => losing(() => crash(pause, () => server.empty()))],
    ],
    leftovers: async () => {
      const keys = await server.witness.keys('*');
      const ends = await Promise.all(keys.map((key) => server.witness.pttl(key)));
      return keys.filter((_key, index) => ends[index] === -1).map((key) => `${key} never ends`);
    },
    stop: () => server.stop(),
  };
}

/** A session that ends takes its lock along. So a holder that is stopped meanwhile hears of it only when it goes on. */
async function postgres(): Promise<Arena> {
  const server = await PostgresServer.start();
  const each = async (what: (pid: number) => Promise<unknown>, several = Infinity): Promise<void> => {
    const sessions = await server.sessions();
    await Promise.all(sessions.slice(0, several).map(({ pid }) => what(pid)));
  };
  return {
    engine: 'pg',
    port: server.port,
    values: [1, 1],
    faults: (losing, pause) => [
      ['end a session', () => losing(() => each((pid) => server.terminate(pid), 1))],
      ['end all sessions', () => losing(() => each((pid) => server.terminate(pid)))],
      ['cancel', () => each((pid) => server.witness.query('SELECT pg_cancel_backend($1)', [pid]))],
      [
        'crash',
        () =>
          losing(async () => {
            await server.kill('SIGQUIT');
            await pause();
            await server.run();
          }),
      ],
    ],
    leftovers: async () => {
      await eventually(async () => (await server.sessions()).length === 0);
      return (await server.held()) > 0 ? ['a lock is held'] : [];
    },
    stop: () => server.stop(),
  };
}

const arenas = { redis, pg: postgres };

export interface Outcome {
  /** How many permits were granted. */
  readonly grants: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

export async function attack(engine: PlayerOptions['engine'], seed: number, rounds: number): Promise<Outcome> {
  const game = new Attack(seed, await arenas[engine]());
  try {
    return await game.play(rounds);
  } finally {
    await game.end();
  }
}

class Attack {
  private readonly random: () => number;
  private readonly players: ChildProcess[] = [];
  private readonly all: ChildProcess[] = [];
  private readonly tenures: Map<string, Tenure>[];
  private readonly faults: readonly Fault[];
  private readonly losses: number[] = [];
  private readonly counts: Record<string, number> = {};
  private readonly problems: string[] = [];
  private started = 0;

  constructor(
    private readonly seed: number,
    private readonly arena: Arena,
  ) {
    const draw = randomOf(seed);
    this.random = () => draw(2 ** 24) / 2 ** 24;
    this.tenures = arena.values.map(() => new Map<string, Tenure>());
    this.faults = [
      ['stop', () => this.stop()],
      ['stop', () => this.stop()],
      ['kill', () => this.kill()],
      ...arena.faults(
        (task) => this.losing(task),
        () => setTimeout(this.random() * lease),
      ),
    ];
  }

  async play(rounds: number): Promise<Outcome> {
    for (let player = 0; player < 3; player++) {
      this.start();
    }
    await eventually(() => this.grants > 0 || this.problems.length > 0);
    for (let round = 0; round < rounds; round++) {
      await setTimeout(this.random() * lease);
      const [name, fault] = nth(this.faults, Math.floor(this.random() * this.faults.length));
      this.counts[name] = (this.counts[name] ?? 0) + 1;
      await fault();
    }
    await this.finish();
    for (const [name, tenures] of this.tenures.entries()) {
      this.problems.push(...complaints([...tenures.values()], this.arena.values[name] ?? 0, this.losses));
    }
    return { grants: this.grants, faults: this.counts, problems: this.problems };
  }

  async end(): Promise<void> {
    for (const child of this.all) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
    await this.arena.stop();
  }

  private get grants(): number {
    return this.tenures.reduce((sum, { size }) => sum + size, 0);
  }

  private start(): void {
    const { engine, port, values } = this.arena;
    const options: PlayerOptions = { engine, port, seed: this.seed * 1000 + ++this.started, values, lease, poll };
    const program = fileURLToPath(new URL('player.node.ts', import.meta.url));
    const child = fork(program, [JSON.stringify(options)], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let printed = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.on('message', ({ id, name, tenure }: Telling) => {
      this.tenures[name]?.set(id, tenure);
    });
    child.on('exit', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') {
        this.problems.push(`a process ended with ${String(code ?? signal)}: ${printed}`);
      }
    });
    this.players.push(child);
    this.all.push(child);
  }

  private get player(): ChildProcess {
    return nth(this.players, Math.floor(this.random() * this.players.length));
  }

  private async stop(): Promise<void> {
    const { player } = this;
    player.kill('SIGSTOP');
    await setTimeout(this.random() * lease * 2);
    player.kill('SIGCONT');
  }

  private async kill(): Promise<void> {
    const { player } = this;
    this.players.splice(this.players.indexOf(player), 1);
    player.kill('SIGKILL');
    await once(player, 'exit');
    this.start();
  }

  /** The moment of the loss is somewhere in between, and every moment of that time counts. */
  private async losing(task: () => Promise<unknown>): Promise<void> {
    const now = (): number => Number(process.hrtime.bigint()) / 1e6;
    this.losses.push(now());
    await task();
    this.losses.push(now());
  }

  /** All callers get their answer, all processes end by themselves, and nothing is left that does not end. */
  private async finish(): Promise<void> {
    for (const player of this.players) {
      player.send('finish');
    }
    await eventually(() => this.players.every(({ exitCode }) => exitCode !== null));
    this.problems.push(...(await this.arena.leftovers()));
  }
}
