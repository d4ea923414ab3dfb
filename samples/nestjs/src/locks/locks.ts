import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { defer, finalize, type Observable } from 'rxjs';
import { RedisLock } from 'rxjs-locks/redis';

import { RedisConnection } from '../redis-connection.js';
import { settings } from '../settings.js';

/** Makes a lock for each request that needs one. At the server, locks of one name are one lock. */
@Injectable()
export class Locks implements BeforeApplicationShutdown {
  private readonly open = new Set<RedisLock>();
  private isClosing = false;

  constructor(private readonly client: RedisConnection) {}

  /** Subscribes to what `task` makes of the lock. */
  during<T>(name: string, task: (lock: RedisLock) => Observable<T>): Observable<T> {
    return defer(() => {
      const lock = new RedisLock(this.client, name, settings.locks);
      this.open.add(lock);
      if (this.isClosing) void this.close(lock);
      return task(lock).pipe(finalize(() => void this.close(lock)));
    });
  }

  /**
   * Requests that wait get a `ClosedError`. Requests that hold a lock finish.
   *
   * `onApplicationShutdown` is too late for it: Nest calls that when the HTTP server has answered all requests, those that wait too.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    await Promise.all(Array.from(this.open, (lock) => this.close(lock)));
  }

  /** Resolves when the lock is released at the server. */
  private async close(lock: RedisLock): Promise<void> {
    await lock.close();
    this.open.delete(lock);
  }
}
