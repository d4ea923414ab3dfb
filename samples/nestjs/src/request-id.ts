import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

const requestId = new AsyncLocalStorage<string>();

/** Middleware: what a request causes runs in a context that has the id of the request. */
export function withRequestId(request: Request, _response: Response, next: NextFunction): void {
  requestId.run(request.header('x-request-id') ?? randomUUID(), next);
}

/** Writes the id of the request into each line. */
export class RequestLogger extends ConsoleLogger {
  protected override stringifyMessage(message: unknown, level: LogLevel): string {
    return `[${requestId.getStore() ?? 'no request'}] ${String(super.stringifyMessage(message, level))}`;
  }
}
