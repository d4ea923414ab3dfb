import { Catch, HttpStatus, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { BusyError, ClosedError, LockLostError, UnavailableError, type LocksError } from 'rxjs-locks';

import { settings } from '../settings.js';

/** Answers for locks that a request did not get, or has lost. All but a busy lock are worth another try. */
@Catch(BusyError, ClosedError, LockLostError, UnavailableError)
export class LockErrorsFilter implements ExceptionFilter<LocksError> {
  catch(error: LocksError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const statusCode = error instanceof BusyError ? HttpStatus.CONFLICT : HttpStatus.SERVICE_UNAVAILABLE;
    if (statusCode === HttpStatus.SERVICE_UNAVAILABLE) {
      response.set('Retry-After', String(Math.ceil(settings.locks.lease / 1000)));
    }
    response.status(statusCode).json({ statusCode, message: error.message });
  }
}
