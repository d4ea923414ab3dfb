/** A process of the attack: several callers of two clients, which acquire, hold, leave and block at random. */
import { setTimeout } from 'node:timers/promises';
import { firstValueFrom, map, race, timer, type Observable } from 'rxjs';
import type { LeasedPermit } from 'rxjs-locks';
import { PostgresLock } from 'rxjs-locks/postgres';
import { RedisSemaphore } from 'rxjs-locks/redis';

import { randomOf } from '../../proofs/soak/random.js';
import { connects } from '../clients.node.js';
import { blockUntil } from '../eventually.node.js';
import { nth } from '../nth.js';
import { connectTo } from '../postgres/postgres-server.node.js';
import type { Tenure } from './referee.js';

/** How a player begins. */
export interface PlayerOptions {
  readonly engine: 'redis' | 'pg';
  readonly port: number;
  readonly seed: number;
  readonly values: readonly number[];
  readonly lease: number;
  readonly poll: number;
}

/** What a player tells: a permit, so far as it is known. The last word on it counts. */
export interface Telling {
  readonly id: string;
  readonly name: number;
  readonly tenure: Tenure;
}

const { engine, port, seed, values, lease, poll } = JSON.parse(process.argv[2] ?? '') as PlayerOptions;
const draw = randomOf(seed);
const random = (): number => draw(2 ** 24) / 2 ** 24;
let isOver = false;
let permits = 0;

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

async function hold(permit: LeasedPermit, askedAt: number, name: number, weight: number): Promise<void> {
  const id = `${String(process.pid)}.${String(permits++)}`;
  const toldAt = now();
  const until = toldAt + random() ** 6 * lease * 3;
  let validAt = toldAt;
  let told = -Infinity;
  const tell = (): void => {
    process.send?.({ id, name, tenure: { askedAt, toldAt, validAt, token: String(permit.token), weight } } satisfies Telling);
    told = validAt;
  };
  tell();
  for (;;) {
    const time = now();
    if (permit.lost) {
      break;
    }
    validAt = time;
    if (time >= until) {
      break;
    }
    if (validAt > told + 20) {
      tell();
    }
    await setTimeout(random() * 4);
  }
  tell();
  permit.release();
}

/** One caller. It ends only when its last wait has been answered: if one hangs, so does the process. */
async function play(locks: readonly Playable[]): Promise<void> {
  while (!isOver) {
    const name = draw(values.length);
    const weight = 1 + Math.floor(random() * random() * Number(values[name]));
    const lock = nth(locks, name);
    const askedAt = now();
    const patience = random();
    const asked: Observable<LeasedPermit | null> = patience < 0.1 ? lock.tryAcquire(weight) : lock.acquire(weight);
    const bounded = patience < 0.3 ? race(asked, timer(random() * lease).pipe(map(() => null))) : asked;
    const permit = await firstValueFrom(bounded, { defaultValue: null }).catch(() => null);
    if (permit !== null) {
      await hold(permit, askedAt, name, weight);
    }
    if (random() < 0.01) {
      blockUntil(performance.now() + random() * lease * 2);
    }
    await setTimeout(random() * 5);
  }
}

process.on('message', () => {
  isOver = true;
});

type Playable = RedisSemaphore | PostgresLock;
type Maker = (name: string, value: number) => Playable;

/** Two clients, and how they end. */
async function makers(): Promise<{ readonly make: readonly Maker[]; readonly end: () => void }> {
  const patience = Infinity;
  if (engine === 'pg') {
    const functions = [connectTo(port), connectTo(port)];
    return {
      make: functions.map((connect) => (name) => new PostgresLock(connect, name, { lease, patience })),
      end: () => undefined,
    };
  }
  const clients = await Promise.all(Object.values(connects).map((connect) => connect(port)));
  return {
    make: clients.map(
      ({ client }) =>
        (name, value) =>
          new RedisSemaphore(client, name, value, { lease, poll, patience }),
    ),
    end: () => {
      clients.forEach((client) => {
        client.end();
      });
    },
  };
}

const plays: Promise<void>[] = [];
const all: Playable[] = [];
const { make, end } = await makers();
for (const each of make) {
  const locks = values.map((value, name) => each(`attack ${String(name)}`, value));
  all.push(...locks);
  plays.push(...Array.from({ length: 4 }, () => play(locks)));
}
await Promise.all(plays);
await Promise.all(all.map((lock) => lock.close()));
end();
process.disconnect();
