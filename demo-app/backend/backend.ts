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
import { getPath } from 'hono/utils/url';

import type { ApiError, Hosts } from './contract';
import { documents } from './documents';
import { drafts } from './drafts';
import { cutWhenDown, type HangUp, line } from './line';
import { notes } from './notes';
import { integer, Problem, record } from './problem';
import { rotation } from './rotation';
import { Runs } from './runs';
import { session } from './session';
import { steps } from './steps';
import { uploads } from './uploads';
import { Visit, type Visiting } from './visit';

/** What runs the backend gives these functions with each request. */
export interface Host {
  /** A service worker stays awake until the task has ended. */
  waitUntil?(task: Promise<void>): void;
}

/** `hangUp` breaks the connection of a request. Without it, the answer is a network error, as a service worker can give it. */
export function createBackend(hosts: () => Hosts, hangUp: HangUp = () => Response.error()): Hono<{ Bindings: Host }> {
  const runs = new Runs();
  const ofRun = new Hono<Visiting>()
    .use(async (context, next) => {
      const run = runs.get(context.req.param('run') ?? '');
      context.set('run', run);
      context.set('visit', () => new Visit(context, run));
      await next();
    })
    .route('/', line)
    .use(cutWhenDown(hangUp))
    .route('/', documents)
    .route('/', drafts)
    .route('/', notes)
    .route('/', rotation)
    .route('/', session)
    .route('/', steps)
    .route('/', uploads);

  // A service worker has any path, such as /docs/demo/api/hosts.
  const backend = new Hono<{ Bindings: Host }>({ getPath: (request) => getPath(request).replace(/^.*(?=\/api\/)/, '') });
  backend.use('/api/*', cors({ origin: '*', maxAge: 600 }));
  backend.get('/api/hosts', (context) => context.json(hosts()));
  backend.post('/api/runs', async (context) => {
    const { seed } = record(await context.req.json());
    return context.json(runs.begin(integer(seed, 'seed', 0, 2 ** 32 - 1)), 201);
  });
  backend.put('/api/runs/:run', (context) => {
    const id = context.req.param('run');
    if (!/^[\w-]{1,40}$/.test(id)) throw new Problem(400, 'the name of a run has at most 40 letters, digits, _ and -');
    return context.json(runs.join(id));
  });
  backend.get('/api/runs/:run/log.json', (context) => context.json(runs.get(context.req.param('run')).log.all()));
  backend.get('/api/runs/:run/log', (context) => {
    const { log } = runs.get(context.req.param('run'));
    return streamSSE(context, (stream) => {
      const listening = new Promise<void>((resolve) => {
        const stop = log.listen((entry) => void stream.writeSSE({ data: JSON.stringify(entry) }));
        stream.onAbort(() => {
          stop();
          resolve();
        });
      });
      context.env.waitUntil?.(listening);
      return listening;
    });
  });
  backend.route('/api/runs/:run', ofRun);
  backend.all('/api/*', ({ req }) => {
    throw new Problem(404, `there is no ${req.method} ${req.path}`);
  });
  backend.onError((error, context) => {
    const { status, message } = problemOf(error);
    const body: ApiError = { error: { status, message } };
    return context.json(body, status);
  });
  return backend;
}

function problemOf(error: Error): HTTPException {
  if (error instanceof HTTPException) return error;
  // Reading the JSON of a request throws a SyntaxError.
  if (error instanceof SyntaxError) return new Problem(400, 'the body must be JSON');
  // The text of an unexpected error may contain information that is not for clients.
  return new Problem(500, 'the server failed');
}
