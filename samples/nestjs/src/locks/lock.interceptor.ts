import { Injectable, Logger, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { lastValueFrom, type Observable } from 'rxjs';
import type { LeasedPermit } from 'rxjs-locks';

import type { LockedRequest } from './held-permit.js';
import { Locked, type LockNameOf } from './locked.js';
import { Locks } from './locks.js';

/** Runs a handler that is `@Locked` while its request holds the lock. */
@Injectable()
export class LockInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Locks');

  constructor(
    private readonly reflector: Reflector,
    private readonly locks: Locks,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const nameOf = this.reflector.get(Locked, context.getHandler()) as LockNameOf | undefined;
    if (nameOf === undefined) return next.handle();
    const request = context.switchToHttp().getRequest<LockedRequest>();
    const name = nameOf(request);
    // A promise: the lock is held until the handler has settled, even if a `timeout()` outside has unsubscribed.
    const handle = (permit: LeasedPermit): Promise<unknown> => {
      this.logger.log(`holds ${name} with token ${String(permit.token)}`);
      request.permit = permit;
      return lastValueFrom(next.handle(), { defaultValue: undefined });
    };
    return this.locks.during(name, (lock) => lock.use(handle));
  }
}
