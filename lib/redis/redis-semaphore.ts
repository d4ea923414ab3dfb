import type { Observable } from 'rxjs';

import type { LeasedPermit } from '../index.js';
import type { RedisClient } from './client.js';
import { RedisAcquirable } from './internal/redis-acquirable.js';
import type { RedisOptions } from './options.js';

/**
 * Lets at most `value` units be held at a time, over all processes that use a Redis:
 * `throttleBySemaphore(new RedisSemaphore(client, 'partner-api', 8), call)`.
 *
 * **What is promised, order, cancel safety, lost permits, without the server.** As {@link RedisLock}. A caller of many units is not
 * overtaken. Tokens tell grants apart, but they fence nothing, because many hold at a time.
 *
 * **Another `value` elsewhere.** Each request says its own value, and the last one counts: a new release of a program can change it.
 * While two releases run, they stay below the larger value together. A lower value takes no permit away.
 *
 * **Cost.** As {@link RedisLock}. A run of the script takes a step for each holder.
 *
 * **Python.** `asyncio.Semaphore`, within one process.
 *
 * @example
 * import type { Redis } from 'ioredis';
 *
 * function callAll(client: Redis, ids: Observable<string>, call: (id: string) => Observable<string>): Observable<string> {
 *   return ids.pipe(throttleBySemaphore(new RedisSemaphore(client, 'partner-api', 8), call));
 * }
 */
export class RedisSemaphore extends RedisAcquirable {
  /** How many units there are, as this process says. */
  readonly value: number;

  /** @throws as {@link RedisLock}. RangeError for a `value` that is not a positive integer. */
  constructor(client: RedisClient, name: string, value: number, options: RedisOptions = {}) {
    super('RedisSemaphore', { kind: 'semaphore', value }, client, name, options);
    this.value = value;
  }

  /**
   * Waits until `weight` units can be granted, emits one permit for all of them and completes. Cold: each subscription is one
   * place in the queue.
   *
   * @throws as {@link RedisLock.acquire}. RangeError downstream for a weight above {@link value}: nothing is sent then.
   */
  acquire(weight = 1): Observable<LeasedPermit> {
    return this.asking(weight, false);
  }

  /**
   * Emits a permit, or `null` where the caller would have to wait.
   *
   * @throws as {@link acquire}. {@link UnavailableError} after one request, without patience.
   */
  tryAcquire(weight = 1): Observable<LeasedPermit | null> {
    return this.asking(weight, true);
  }

  protected refusalOf(weight: number): string | undefined {
    return weight > this.value ? `it never has more than ${String(this.value)}` : undefined;
  }
}
