import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';

import { RedisConnection } from '../redis-connection.js';
import { LockErrorsFilter } from './lock-errors.filter.js';
import { LockInterceptor } from './lock.interceptor.js';
import { Locks } from './locks.js';

@Module({
  providers: [
    RedisConnection,
    Locks,
    { provide: APP_INTERCEPTOR, useClass: LockInterceptor },
    { provide: APP_FILTER, useClass: LockErrorsFilter },
  ],
  exports: [RedisConnection, Locks],
})
export class LocksModule {}
