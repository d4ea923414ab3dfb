import type { Response } from 'express';

/** A signal that aborts if the client closes the connection before the end of the response. */
export function clientAbort(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
