/**
 * The connection between a page and the server. A page cannot take its browser off the net, so the server breaks the connections
 * of the run.
 *
 * ```
 *   PUT /line { "up": false } ──► the line is down
 *   any other request ──────────► hung up: the browser gets no answer, as without a network
 * ```
 */
import { type Context, Hono, type MiddlewareHandler } from 'hono';

import { Problem, record } from './problem';
import { requestOf, type Visiting } from './visit';

/** Breaks the connection of a request. What it returns never reaches the client as an answer. */
export type HangUp = (context: Context<Visiting>) => Response;

/** Whether a run reaches the server. */
export class Line {
  isUp = true;
}

/** `PUT /line` with `{ "up": false }` cuts the connection of the run, and `{ "up": true }` mends it. */
export const line = new Hono<Visiting>().put('/line', async (context) => {
  const { up } = record(await context.req.json());
  if (typeof up !== 'boolean') throw new Problem(400, 'up must be true or false');
  const { run } = context.var;
  if (up !== run.line.isUp) {
    run.line.isUp = up;
    run.log.add({ request: requestOf(context), kind: 'note', text: up ? 'mended' : 'cut' });
  }
  return context.json({ up });
});

/** Hangs up on each request that comes while the line is down, or that is to be answered then. */
export function cutWhenDown(hangUp: HangUp): MiddlewareHandler<Visiting> {
  return async (context, next) => {
    const { run } = context.var;
    if (run.line.isUp) await next();
    if (run.line.isUp) return;
    run.log.add({ request: requestOf(context), kind: 'cut' });
    context.res = undefined; // no headers are to be merged into a network error
    context.res = hangUp(context);
  };
}
