/**
 * Random programs against a real server: three processes with two clients each play, while processes are stopped and killed,
 * connections are cut, and the server forgets its scripts, forgets everything, crashes and comes back.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { randomOf } from '../../proofs/soak/random.js';
import { eventually } from '../eventually.node.js';
import { nth } from '../nth.js';
import { RedisServer } from '../redis-server.node.js';
import type { PlayerOptions, Telling } from './player.node.js';
import { complaints, type Tenure } from './referee.js';

/** The units of the names that are played for. */
const values = [1, 1, 3];
const [lease, poll] = [400, 40];

export interface Outcome {
  /** How many permits were granted. */
  readonly grants: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

export async function attack(seed: number, rounds: number): Promise<Outcome> {
  const game = new Attack(seed, await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always'));
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
  private readonly tenures = values.map(() => new Map<string, Tenure>());
  private readonly losses: number[] = [];
  private readonly counts: Record<string, number> = {};
  private readonly problems: string[] = [];
  private started = 0;

  constructor(
    private readonly seed: number,
    private readonly server: RedisServer,
  ) {
    const draw = randomOf(seed);
    this.random = () => draw(2 ** 24) / 2 ** 24;
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
      this.problems.push(...complaints([...tenures.values()], values[name] ?? 0, this.losses));
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
    await this.server.stop();
  }

  private get grants(): number {
    return this.tenures.reduce((sum, { size }) => sum + size, 0);
  }

  private readonly faults: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['stop', () => this.stop()],
    ['stop', () => this.stop()],
    ['kill', () => this.kill()],
    ['cut', () => this.server.witness.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')],
    ['cut the ears', () => this.server.witness.client('KILL', 'TYPE', 'pubsub')],
    ['forget the scripts', () => this.server.witness.script('FLUSH')],
    ['forget everything', () => this.losing(() => this.server.witness.flushall())],
    ['crash', () => this.crash()],
    ['crash and forget', () => this.losing(() => this.crash(() => this.server.empty()))],
  ];

  private start(): void {
    const options: PlayerOptions = { port: this.server.port, seed: this.seed * 1000 + ++this.started, values, lease, poll };
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

  private async crash(meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await this.server.kill();
    await meanwhile();
    await setTimeout(this.random() * lease);
    await this.server.run();
  }

  /** All callers get their answer, all processes end by themselves, and nothing is left that does not end. */
  private async finish(): Promise<void> {
    for (const player of this.players) {
      player.send('finish');
    }
    await eventually(() => this.players.every(({ exitCode }) => exitCode !== null));
    for (const key of await this.server.witness.keys('*')) {
      if ((await this.server.witness.pttl(key)) === -1) {
        this.problems.push(`${key} never ends`);
      }
    }
  }
}
