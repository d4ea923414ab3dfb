import { setTimeout as delay } from 'node:timers/promises';

import { Router } from 'express';

import { clientAbort } from './client-abort';
import { HttpProblem } from './http-problem';
import { flag, identifier, integer } from './input';
import { downloadLatency } from './latency';
import type { Runs } from './runs';

const chunks = 4;
const chunk = Buffer.alloc(2_048, 'rxjs-locks ');

/**
 * `GET /stats?run=…` returns the counts of the downloads. `GET /urgent?run=…` responds immediately.
 * `GET /:file?run=…[&fail=true]` streams a file in a few chunks.
 */
export function downloadRoutes(runs: Runs): Router {
  const router = Router();

  router.get('/stats', (request, response) => {
    response.json(runs.get(identifier(request.query['run'], 'run')).downloads.stats());
  });

  router.get('/urgent', (request, response) => {
    const endedBefore = runs.get(identifier(request.query['run'], 'run')).downloads.urgent();
    response.json({ endedBefore });
  });

  router.get('/:file', async (request, response) => {
    const run = runs.get(identifier(request.query['run'], 'run'));
    const file = integer(request.params.file, 'file', 1, 1_000);
    const fails = flag(request.query['fail'], 'fail');

    const end = run.downloads.begin();
    const pause = downloadLatency(run.seed, file) / chunks;
    const signal = clientAbort(response);
    try {
      await delay(pause, undefined, { signal });
      if (fails) {
        end('failed');
        throw new HttpProblem(503, `the server refused file ${String(file)}, as it was asked to`);
      }
      response.set({
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(chunk.length * chunks),
        'Cache-Control': 'no-store',
      });
      for (let sent = 1; sent < chunks; sent++) {
        response.write(chunk);
        await delay(pause, undefined, { signal });
      }
      // Counts the end before it sends the last chunk, because the client may then start the next download immediately.
      end('finished');
      response.end(chunk);
    } catch (error) {
      end('aborted');
      if (!signal.aborted) throw error;
    }
  });

  return router;
}
