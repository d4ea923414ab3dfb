/**
 * The backend of the pages, by the standards of the web alone: it runs in Node, and in a service worker.
 *
 * ```
 *   page ──► POST /api/runs ──► a run: its seed, its state, its log
 *        ──► … /api/runs/:run/documents/… ──► a visit: arrived, … answered ──► log
 *        ◄── GET /api/runs/:run/log ◄─────── server-sent events ◄─────────────┘
 * ```
 */
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';

import type { ApiError, Hosts } from './contract';
import { documents } from './documents';
import { integer, Problem, record } from './problem';
import { Runs } from './runs';
import { uploads } from './uploads';
import { Visit, type Visiting } from './visit';

export function createBackend(hosts: () => Hosts): Hono {
  const runs = new Runs();
  const ofRun = new Hono<Visiting>()
    .use(async (context, next) => {
      const run = runs.get(context.req.param('run') ?? '');
      context.set('run', run);
      context.set('visit', () => new Visit(context, run));
      await next();
    })
    .route('/', documents)
    .route('/', uploads);

  const backend = new Hono();
  backend.use('/api/*', cors({ origin: '*', maxAge: 600 }));
  backend.get('/api/hosts', (context) => context.json(hosts()));
  backend.post('/api/runs', async (context) => {
    const { seed } = record(await context.req.json());
    return context.json(runs.begin(integer(seed, 'seed', 0, 2 ** 32 - 1)), 201);
  });
  backend.get('/api/runs/:run/log.json', (context) => context.json(runs.get(context.req.param('run')).log.all()));
  backend.get('/api/runs/:run/log', (context) => {
    const { log } = runs.get(context.req.param('run'));
    return streamSSE(
      context,
      (stream) =>
        new Promise((resolve) => {
          const stop = log.listen((entry) => void stream.writeSSE({ data: JSON.stringify(entry) }));
          stream.onAbort(() => {
            stop();
            resolve();
          });
        }),
    );
  });
  backend.route('/api/runs/:run', ofRun);
  backend.all('/api/*', ({ req }) => {
    throw new Problem(404, `there is no ${req.method} ${req.path}`);
  });
  backend.onError((error, context) => {
    // The text of an unexpected error may contain information that is not for clients.
    const { status, message } = error instanceof HTTPException ? error : new Problem(500, 'the server failed');
    const body: ApiError = { error: { status, message } };
    return context.json(body, status);
  });
  return backend;
}
