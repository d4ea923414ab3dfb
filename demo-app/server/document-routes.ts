import { setTimeout as elapse } from 'node:timers/promises';

import { Router } from 'express';

import { abandoned } from './abandoned';
import { HttpProblem } from './http-problem';
import { edit, flag, identifier } from './input';
import type { Runs } from './runs';

/**
 * `PUT /:id?run=…[&fail=true]` saves a whole document, after a latency; `GET /:id?run=…` is the server's word on it.
 * With `fail` the save takes as long, and is refused at the end.
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
      await elapse(save.latency, undefined, { signal: abandoned(response) });
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
