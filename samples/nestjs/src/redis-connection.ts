import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';

import { settings } from './settings.js';

/** The client of this instance. It is closed last, when the locks are released and the HTTP server has answered. */
@Injectable()
export class RedisConnection extends Redis implements OnApplicationShutdown {
  constructor() {
    super(settings.redisUrl);
    const logger = new Logger('Redis');
    this.on('error', ({ message }: Error) => {
      logger.warn(message);
    });
  }

  onApplicationShutdown(): void {
    this.disconnect();
  }
}
