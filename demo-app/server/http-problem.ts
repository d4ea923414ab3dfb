import type { NextFunction, Request, Response } from 'express';

import type { ApiError } from '../api';

/** An error with an HTTP status. The error handler sends it as JSON. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

function answerProblem(response: Response, status: number, message: string): void {
  const body: ApiError = { error: { status, message } };
  response.status(status).json(body);
}

export function unknownEndpoint(request: Request): never {
  throw new HttpProblem(404, `there is no ${request.method} ${request.originalUrl.split('?', 1).join('')}`);
}

/** Express recognizes an error handler by its four parameters. */
export function problemHandler(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  const status = statusOf(error);
  // The text of an unexpected error may contain information that is not for clients.
  answerProblem(response, status, status < 500 || error instanceof HttpProblem ? textOf(error) : 'the server failed');
}

/** Express's own errors (malformed JSON, a body that is too large) carry a status as well. */
function statusOf(error: unknown): number {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
