import { setTimeout as delay } from 'node:timers/promises';

import { Router } from 'express';

import { clientAbort } from './client-abort';
import { HttpProblem } from './http-problem';
import { edit, flag, identifier } from './input';
import type { Runs } from './runs';

/**
 * `PUT /:id?run=…[&fail=true]` saves a whole document after a latency. With `fail`, it refuses the save after that latency.
 * `GET /:id?run=…` returns the report on the document.
 */
export function documentRoutes(runs: Runs): Router {
  const router = Router();

  router.get('/:id', (request, response) => {
    const run = runs.get(identifier(request.query['run'], 'run'));
    response.json(run.documents.get(identifier(request.params.id, 'id')).report());
  });

  router.put('/:id', async (request, response) => {
    const run = runs.get(identifier(request.query['run'], 'run'));
    const document = run.documents.get(identifier(request.params.id, 'id'));
    const fails = flag(request.query['fail'], 'fail');
    const accepted = edit(request.body);

    const save = document.arrive(accepted, performance.now());
    try {
      await delay(save.latency, undefined, { signal: clientAbort(response) });
    } catch {
      save.abort();
      return;
    }
    if (fails) {
      save.fail();
      throw new HttpProblem(503, `the server refused revision ${String(accepted.revision)}, as it was asked to`);
    }
    save.commit(performance.now());
    response.json({ revision: accepted.revision });
  });

  return router;
}
