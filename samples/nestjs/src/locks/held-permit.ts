import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { LeasedPermit } from 'rxjs-locks';

/** A request whose handler is `@Locked`. */
export interface LockedRequest extends Request {
  permit?: LeasedPermit;
}

/** Gives a handler that is `@Locked` the permit that its request holds. */
export const HeldPermit = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<LockedRequest>().permit,
);
