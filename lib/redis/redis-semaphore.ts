import type { Observable } from 'rxjs';

import type { LeasedPermit } from '../index.js';
import type { RedisClient } from './client.js';
import { RedisAcquirable } from './internal/redis-acquirable.js';
import type { RedisOptions } from './options.js';

/** TODO */
export class RedisSemaphore extends RedisAcquirable {
  /** How many units there are. */
  readonly value: number;

  constructor(client: RedisClient, name: string, value: number, options: RedisOptions = {}) {
    super('RedisSemaphore', { kind: 'semaphore', keyword: 'semaphore', value }, client, name, options);
    this.value = value;
  }

  acquire(weight = 1): Observable<LeasedPermit> {
    return this.asking(weight, false);
  }

  tryAcquire(weight = 1): Observable<LeasedPermit | null> {
    return this.asking(weight, true);
  }

  protected refusalOf(weight: number): string | undefined {
    return weight > this.value ? `it never has more than ${String(this.value)}` : undefined;
  }
}
