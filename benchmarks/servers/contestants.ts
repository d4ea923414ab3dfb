import type { Role } from '../harness/case.js';

export interface Contestant {
  readonly role: Role;
  /** The commands of Redis that its clients send. The scripts of none of them run one of these. */
  readonly requests?: readonly string[];
}

/** The first one is compared with the others. */
export const contestants = {
  RedisLock: { role: 'ours', requests: ['evalsha', 'eval'] },
  PostgresLock: { role: 'ours' },
  'redis-semaphore': { role: 'peer', requests: ['set', 'evalsha', 'eval'] },
  redlock: { role: 'peer', requests: ['evalsha', 'eval'] },
} as const satisfies Readonly<Record<string, Contestant>>;

export type ContestantName = keyof typeof contestants;

export const all = Object.keys(contestants) as ContestantName[];
export const atRedis = all.filter((name) => 'requests' in contestants[name]);

/** What excludes nobody: it shows that the checks find two holders at a time, and is not measured. */
export const NO_LOCK = 'no lock';

export type Kind = ContestantName | typeof NO_LOCK;
