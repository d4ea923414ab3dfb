import type { Observable } from 'rxjs';

import type { LeasedPermit } from '../index.js';
import type { RedisClient } from './client.js';
import { RedisAcquirable } from './internal/redis-acquirable.js';
import type { RedisOptions } from './options.js';

/** TODO */
export class RedisLock extends RedisAcquirable {
  constructor(client: RedisClient, name: string, options: RedisOptions = {}) {
    super('RedisLock', { kind: 'lock', keyword: 'lock', value: 1 }, client, name, options);
  }

  acquire(weight = 1): Observable<LeasedPermit> {
    return this.asking(weight, false);
  }

  tryAcquire(weight = 1): Observable<LeasedPermit | null> {
    return this.asking(weight, true);
  }

  protected refusalOf(weight: number): string | undefined {
    return weight === 1 ? undefined : 'it has no weights';
  }
}
