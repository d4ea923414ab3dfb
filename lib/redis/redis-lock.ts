import type { Observable } from 'rxjs';

import type { LeasedPermit } from '../index.js';
import type { RedisClient } from './client.js';
import { RedisAcquirable } from './internal/redis-acquirable.js';
import type { RedisOptions } from './options.js';

/**
 * A lock over all processes that use a Redis. It is what {@link Lock} is in one of them, and goes wherever a lock goes:
 * `withLock(new RedisLock(client, 'invoice:42'))`. Two instances of one name are one lock, in whatever process they are.
 *
 * **What is promised.** A permit is a lease, which this process renews.
 *
 * 1. It excludes others as long as the processes run, the network carries and the server remembers.
 * 2. If one of these fails, the holder gets a {@link LockLostError} no later than its deadline, if it runs. Others may be inside
 *    from then on.
 * 3. A task that has begun does not end because its holder was told. So pass {@link LeasedPermit.token} along to what is written.
 *    The storage must refuse a token below the greatest one that it has seen. Otherwise what is written is not protected.
 *
 * A failover can lose a grant. So use the lock to do something once instead of twice, and the token where being wrong costs
 * something. The server needs `maxmemory-policy noeviction`. `docs/servers.md` has recipes.
 *
 * **Order.** First come, first served, over all processes, in the order in which requests reach the server. A release grants to
 * the head of the queue in the same step. `tryAcquire()` refuses while a caller waits. A process that was silent for five polls
 * has no turn. If it was only stopped, its callers enter anew at the end, in their order.
 *
 * **Cancel safety.** Unsubscribing while waiting leaves the queue at the server. A grant that finds its subscriber gone returns at
 * once.
 *
 * **Lost permits.** A permit is lost at its deadline, or when the server does not know it any more. `permit.lost` compares the clock
 * with the deadline at each look: after a long pause, the next line sees it.
 *
 * **Without the server.** Holders keep their permits until their deadlines. Callers wait for `patience`, and then get an
 * {@link UnavailableError}. If the server comes back with its data, they have their old places.
 *
 * **Not reentrant.**
 *
 * **Cost.** One run of a script for each acquire and each release, and a connection for messages while a caller waits.
 *
 * **Python.** `redis.lock.Lock` of redis-py, which has neither a queue nor a token.
 *
 * @example
 * import type { Redis } from 'ioredis';
 *
 * function numberInvoice(client: Redis, write: (token: bigint) => Observable<number>): Observable<number> {
 *   return new RedisLock(client, 'invoice:42').use(({ token }) => write(token));
 * }
 *
 * @see {@link RedisSemaphore}.
 */
export class RedisLock extends RedisAcquirable {
  /**
   * @param client - of ioredis or redis. It must be connected, or connect by itself. The lock does not close it.
   * @param name - the name of the lock, in all processes: any string that is not empty.
   * @throws TypeError for what is no client, for a name that is no string or empty, and for options that are unknown. RangeError
   * for options that are out of range.
   */
  constructor(client: RedisClient, name: string, options: RedisOptions = {}) {
    super('RedisLock', { kind: 'lock', value: 1 }, client, name, options);
  }

  /**
   * Waits until the lock can be granted, emits the permit and completes. Cold: each subscription is one place in the queue.
   *
   * ```
   * a in one process      (p|)
   * b in another process  -----(p|)
   * a releases            ---x
   * ```
   *
   * Prefer {@link use}: a permit that travels as a value can be dropped on its way, and is then renewed for ever.
   *
   * @throws {@link UnavailableError} downstream. {@link ClosedError} downstream, after {@link close}. RangeError downstream for a
   * weight other than 1.
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
    return weight === 1 ? undefined : 'it has no weights';
  }
}
