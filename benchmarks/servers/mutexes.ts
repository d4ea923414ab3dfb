/** How each contestant is used. Its options are its defaults, but for the time that a caller waits: none gives up. */
import { Redis } from 'ioredis';
import { Mutex as RedisSemaphoreMutex } from 'redis-semaphore';
import Redlock from 'redlock';
import { firstValueFrom } from 'rxjs';
import type { LeasedPermit } from 'rxjs-locks';
import { PostgresLock } from 'rxjs-locks/postgres';
import { RedisLock } from 'rxjs-locks/redis';

import { connectTo } from '../../marble-specs/servers/postgres/postgres-server.node.js';
import type { Kind } from './contestants.js';
import type { Ports } from './protocol.js';

/** Returns what a program awaits of a release. Of ours there is nothing. */
export type Release = () => Promise<unknown> | undefined;

/** A lock, as a process uses it. */
export interface Mutex {
  /** Resolves when the caller is inside. */
  take(): Promise<Release>;
  /** Resolves when the server has answered what all callers have asked first, if the process can know that. */
  asked(): Promise<unknown>;
  end(): Promise<unknown>;
}

/** Redlock has no default for the duration of a lock. This one is that of redis-semaphore. */
const DURATION = 10_000;

const nothing = (): Promise<void> => Promise.resolve();

/** A permit is released at once, and the server hears of it with the next request. */
function releaseOf(permit: LeasedPermit): Release {
  return () => {
    permit.release();
    return undefined;
  };
}

/** How a process makes a lock of a name. It has one client for each contestant. */
export function mutexesOf({ redis, postgres }: Ports): Readonly<Record<Kind, (name: string) => Mutex>> {
  const [ours, ofRedisSemaphore, ofRedlock] = [new Redis(redis), new Redis(redis), new Redis(redis)];
  const connect = connectTo(postgres);
  const redlock = new Redlock([ofRedlock]);

  return {
    RedisLock: (name) => {
      const lock = new RedisLock(ours, name);
      return {
        take: async () => releaseOf(await firstValueFrom(lock.acquire())),
        asked: nothing,
        end: () => lock.close(),
      };
    },
    PostgresLock: (name) => {
      const lock = new PostgresLock(connect, name);
      return {
        take: async () => releaseOf(await firstValueFrom(lock.acquire())),
        asked: nothing,
        end: () => lock.close(),
      };
    },
    'redis-semaphore': (name) => ({
      async take() {
        const mutex = new RedisSemaphoreMutex(ofRedisSemaphore, name, { acquireTimeout: Infinity });
        await mutex.acquire();
        return () => mutex.release();
      },
      asked: () => ofRedisSemaphore.ping(),
      end: nothing,
    }),
    redlock: (name) => ({
      async take() {
        const lock = await redlock.acquire([name], DURATION, { retryCount: -1 });
        return () => lock.release();
      },
      asked: () => ofRedlock.ping(),
      end: nothing,
    }),
    'no lock': () => ({ take: () => Promise.resolve(nothing), asked: nothing, end: nothing }),
  };
}
