/** What is measured at servers. Each sample uses a lock that nobody has used before, and throws unless the job was done. */
import { setTimeout } from 'node:timers/promises';

import { nth } from '../../marble-specs/servers/nth.js';
import { summarize } from '../harness/statistics.js';
import { must } from '../harness/task.js';
import type { Arena } from './arena.js';
import { all, atRedis, NO_LOCK, type ContestantName, type Kind } from './contestants.js';
import type { Player } from './players.js';
import type { Tenure } from './protocol.js';

/** A target: of the ratio ours / theirs, or of ours alone. */
export interface Bound {
  readonly against?: ContestantName;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Undefined for all. */
  readonly of?: readonly ContestantName[];
  readonly bounds: readonly Bound[];
}

export interface Case {
  readonly figures: readonly Figure[];
  readonly of: readonly ContestantName[];
  /** How many samples each contestant takes in place of one: many short ones, if a long one would see more of the noise. */
  readonly samples?: number;
  /** Takes one sample of each figure. */
  readonly sample: (arena: Arena, kind: ContestantName) => Promise<readonly number[]>;
}

const CYCLES = 100;
const HAND_OVERS = 20;
const WAITERS = 1_000;
const RESTING = 500;
/** How long resting waiters are watched, in milliseconds. */
const WATCHED = 3_000;

const uncontended: Case = {
  figures: [
    {
      name: 'acquire and release, without contention',
      unit: 'a second',
      bounds: [{ against: 'redis-semaphore', atLeast: 0.9 }],
    },
  ],
  of: all,
  samples: 10,
  async sample(arena, kind) {
    const before = await arena.requests(kind);
    const taken = await arena.holder.ask('cycle', arena.subject(kind), CYCLES);
    const requests = (await arena.requests(kind)) - before;
    // A release of ours goes into one request with the next acquire.
    must(
      kind === 'PostgresLock' || requests >= (kind === 'RedisLock' ? CYCLES : 2 * CYCLES),
      `${kind} sent ${String(requests)} requests in ${String(CYCLES)} cycles`,
    );
    await arena.clear();
    return [(1000 * CYCLES) / taken];
  },
};

/** One process holds and others wait, one caller in each. A process that has released comes again when the next one is inside. */
const handOver = (processes: number, waiting: string): Case => ({
  figures: [
    {
      name: `from a release until the next is told, ${waiting}`,
      unit: 'ms',
      bounds: [
        { against: 'redis-semaphore', atMost: 1 / 4 },
        { against: 'redlock', atMost: 1 / 20 },
      ],
    },
  ],
  of: all,
  async sample(arena, kind) {
    const delays = await rotate(arena, kind, arena.players.slice(0, processes));
    await arena.clear();
    return [summarize(delays.slice(0, HAND_OVERS)).median];
  },
});

/** Resolves to the milliseconds of each hand-over. During the first ones, all other processes wait. */
async function rotate(arena: Arena, kind: ContestantName, players: readonly Player[]): Promise<number[]> {
  const subject = arena.subject(kind);
  const waiting = new Map<Player, Promise<{ readonly player: Player; readonly toldAt: number }>>();
  const wait = (player: Player): void => {
    waiting.set(
      player,
      player.ask('take', subject).then((toldAt) => ({ player, toldAt })),
    );
  };
  const delays: number[] = [];
  let holder = nth(players, 0);
  await holder.ask('take', subject);
  players.slice(1).forEach(wait);
  while (waiting.size > 0) {
    await setTimeout(20 + 20 * Math.random()); // random, because the others ask in periods of their own
    const releasedAt = await holder.ask('release');
    const next = await Promise.race(waiting.values());
    must(next.toldAt > releasedAt, together(kind));
    delays.push(next.toldAt - releasedAt);
    waiting.delete(next.player);
    if (delays.length < HAND_OVERS) {
      wait(holder);
    }
    holder = next.player;
  }
  await holder.ask('release');
  return delays;
}

const drain: Case = {
  figures: [
    {
      name: '1,000 waiters in four processes, until all have been inside',
      unit: 'ms',
      bounds: [
        { against: 'redis-semaphore', atMost: 1 / 4 },
        { against: 'redlock', atMost: 1 / 4 },
      ],
    },
    { name: 'requests for each of these waiters', unit: 'requests', of: atRedis, bounds: [{ atMost: 2.5 }] },
  ],
  of: all,
  async sample(arena, kind) {
    const { taken, requests } = await crowd(arena, kind, arena.players, WAITERS);
    return [taken, requests / WAITERS];
  },
};

const rest: Case = {
  figures: [{ name: '500 waiters of a process at rest: its requests', unit: 'requests a second', bounds: [{ atMost: 2 }] }],
  of: atRedis,
  async sample(arena, kind) {
    const { atRest } = await crowd(arena, kind, arena.players.slice(0, 1), RESTING, WATCHED);
    return [(1000 * atRest) / WATCHED];
  },
};

export const cases: readonly Case[] = [
  uncontended,
  handOver(2, 'one process waits'),
  handOver(4, 'three processes wait'),
  drain,
  rest,
];

/** Shows that two holders at a time are found. */
export async function checkChecks(arena: Arena): Promise<void> {
  const found = await crowd(arena, NO_LOCK, arena.players, 100).then(
    () => 'nothing',
    (error: unknown) => String(error),
  );
  must(found.endsWith(together(NO_LOCK)), `of callers without a lock, this was found: ${found}`);
}

function together(kind: Kind): string {
  return `${kind} let two inside at a time`;
}

interface Crowd {
  /** The milliseconds from the release of the first holder until all have released. */
  readonly taken: number;
  /** The requests of all, from the first one on. */
  readonly requests: number;
  /** The requests while all wait, and the holder keeps its lock. */
  readonly atRest: number;
}

/** Lets a crowd of callers wait for a holder, and then follow each other. */
async function crowd(arena: Arena, kind: Kind, players: readonly Player[], callers: number, watched = 0): Promise<Crowd> {
  const subject = arena.subject(kind);
  await arena.holder.ask('take', subject);
  const begun = await arena.requests(kind);
  await Promise.all(players.map((player) => player.ask('enter', subject, callers / players.length)));
  await arena.queued(subject, callers, players.length);
  const resting = await arena.requests(kind);
  await setTimeout(watched);
  const atRest = (await arena.requests(kind)) - resting;
  const releasedAt = await arena.holder.ask('release');
  const tenures = (await Promise.all(players.map((player) => player.ask('left')))).flat();
  await arena.clear();
  const requests = (await arena.requests(kind)) - begun;
  checkTenures(kind, tenures, callers, releasedAt);
  return { taken: Math.max(...tenures.map((tenure) => tenure.releasedAt)) - releasedAt, requests, atRest };
}

/** Throws unless all callers were inside, one at a time, after the first holder. */
function checkTenures(kind: Kind, tenures: readonly Tenure[], callers: number, releasedAt: number): void {
  must(tenures.length === callers, `${String(tenures.length)} of ${String(callers)} callers of ${kind} were inside`);
  let last = releasedAt;
  for (const tenure of [...tenures].sort((one, other) => one.toldAt - other.toldAt)) {
    must(tenure.toldAt >= last, together(kind));
    last = tenure.releasedAt;
  }
}
