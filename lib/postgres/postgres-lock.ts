import type { Observable, Subscriber } from 'rxjs';

import type { LeasedPermit } from '../index.js';
import { shown } from '../internal/checks/shown.js';
import { Place, ServerAcquirable } from '../internal/remote/index.js';
import type { PostgresClient } from './client.js';
import { checked } from './internal/arguments.js';
import { processOf, type PostgresProcess } from './internal/process.js';
import type { SessionTerms } from './internal/session.js';
import type { PostgresOptions } from './options.js';

/**
 * A lock over all processes that use a PostgreSQL, by its advisory locks. It is what {@link Lock} is in one of them, and goes
 * wherever a lock goes: `withLock(new PostgresLock(connect, 'invoice:42'))`. Two instances of one name are one lock, in whatever
 * process they are.
 *
 * **What is promised.** A permit is a lease, which this process renews.
 *
 * 1. It excludes others as long as the processes run, the network carries and the server remembers.
 * 2. If one of these fails, the holder gets a {@link LockLostError} no later than its deadline, if it runs. Others may be inside
 *    from then on.
 * 3. A task that has begun does not end because its holder was told. So pass {@link LeasedPermit.token} along to what is written.
 *    The storage must refuse a token below the greatest one that it has seen. Otherwise what is written is not protected.
 *
 * Use it where being wrong costs money and the data is in the same database anyway. `docs/servers.md` has recipes.
 *
 * **Order.** Callers of a process are served first come, first served. A process stands in the queue of the server with one
 * connection for each name, and one turn is one caller. So processes take turns: it is no queue of all callers.
 *
 * **Cancel safety.** Unsubscribing while waiting leaves the queue. If no other caller of the process waits, its connection leaves the
 * queue of the server, too. A grant that finds its subscriber gone returns at once.
 *
 * **Lost permits.** A permit is lost at its deadline, when its session at the server ends, or when another process of the server
 * answers. A process that is killed frees its lock at once. `permit.lost` compares the clock with the deadline at each look: after a
 * long pause, the next line sees it.
 *
 * **Without the server.** Callers wait for `patience`, and then get an {@link UnavailableError}. A connection that ends takes the
 * permit along. A pooler that does not keep sessions, and a standby, are refused.
 *
 * **Not reentrant.**
 *
 * **Cost.** A connection for each name that is held or waited for. It is closed when nobody has needed it for two seconds.
 *
 * **Python.** `SELECT pg_advisory_lock(…)`, which has neither a lease nor a token.
 *
 * @example
 * import { Client } from 'pg';
 *
 * function numberInvoice(write: (token: bigint) => Observable<number>): Observable<number> {
 *   return new PostgresLock(() => new Client(), 'invoice:42').use(({ token }) => write(token));
 * }
 *
 * @see {@link RedisLock} of `rxjs-locks/redis`, whose queue is one over all processes.
 */
export class PostgresLock extends ServerAcquirable {
  private readonly process: PostgresProcess;
  private readonly terms: SessionTerms;

  /**
   * @param connect - makes a new client of `pg` that is not connected: `() => new Client(config)`. Locks that are made with one
   * function share sessions. It is no pool, since waiters would take the clients away from the tasks that they wait for.
   * @param name - the name of the lock, in all processes: any string that is not empty.
   * @throws TypeError for what is no function, for a name that is no string or empty, and for options that are unknown. RangeError
   * for options that are out of range.
   */
  constructor(connect: () => PostgresClient, name: string, options: PostgresOptions = {}) {
    const terms = checked('PostgresLock', connect, name, options);
    super(name);
    this.process = processOf(connect);
    this.terms = terms;
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
   * Prefer {@link use}: a permit that travels as a value can be dropped on its way, and is then kept for ever.
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

  toString(): string {
    return `postgres lock ${shown(this.name)}`;
  }

  protected refusalOf(weight: number): string | undefined {
    return weight === 1 ? undefined : 'it has no weights';
  }

  protected placeOf(_weight: number, mustNotWait: boolean, subscriber: Subscriber<LeasedPermit | null>): Place {
    return new Place(this.owner, this.process.session(this.terms), mustNotWait, subscriber);
  }

  protected rest(): void {
    this.process.rest(this.terms);
  }
}
